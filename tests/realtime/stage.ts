import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type pg from "pg";
import { WebSocket } from "ws";
import * as Y from "yjs";
import { recordRevisions } from "#lib/commands/record-revisions.ts";
import { appendServerUpdate } from "#lib/data/room-log.ts";
import { openStore } from "#lib/data/store.ts";
import type { CharterText, Clause } from "#lib/domain/charter-text.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { charterTextOf, seedUpdate } from "#lib/editor/clauses.ts";
import { AcknowledgingProvider } from "#lib/protocol/acknowledging-provider.ts";
import type { RoomEvent } from "#lib/protocol/messages.ts";
import type { Access } from "#server/realtime/access.ts";
import { attachRealtime, type Realtime } from "#server/realtime/attach.ts";
import type { Limits } from "#server/realtime/limits.ts";
import { openLog } from "#server/telemetry/log.ts";
import { createTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { insertCharter, origin, socketOf, typeIn } from "#tests/support/room-client.ts";

/** Somebody who may come in. `rights` can be changed while the test runs. */
export type Person = Access["actor"] & { rights: "write" | "read" | "none"; reason?: string };

/** One browser tab on a room. */
export type Tab = {
  readonly doc: Y.Doc;
  readonly provider: AcknowledgingProvider;
  readonly events: RoomEvent[];
  readonly person: Person;
  text(): CharterText;
  /** Puts words at the end of a clause's paragraph. */
  type(words: string, clauseIndex?: number): void;
  leave(): void;
};

/** A realtime server on a port of its own before a database of its own. */
export type Stage = {
  readonly database: TestDatabase;
  readonly pool: pg.Pool;
  readonly realtime: Realtime;
  readonly logs: string[];
  /** The same as the lines that an operator reads. */
  readonly logLines: string[];
  readonly url: string;
  readonly charterId: string;
  readonly draftRoundId: string;
  person(name: string, rights?: Person["rights"]): Person;
  room(...clauses: Clause[]): Promise<string>;
  tab(roomId: string, person: Person, options?: { doc?: Y.Doc; generation?: number; url?: string }): Tab;
  /** A bare socket; frames it receives are collected. */
  socket(roomId: string, person: Person, options?: { clientId?: number; origin?: string; path?: string }): BareSocket;
  /** Ends the server gracefully and starts another on the same data. */
  restart(): Promise<void>;
  end(): Promise<void>;
};

export type BareSocket = {
  readonly socket: WebSocket;
  readonly clientId: number;
  readonly frames: Uint8Array[];
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly opened: Promise<void>;
  closeCode: number | undefined;
  failure: string | undefined;
  send(frame: Uint8Array | string): void;
};

export async function openStage(options: { quietMs?: number; limits?: Partial<Limits> } = {}): Promise<Stage> {
  const database = await createTestDatabase();
  const store = openStore(database.url, 6);
  const { pool, db } = store;
  const { charterId, draftRoundId } = await insertCharter(pool);
  const people = new Map<string, Person>();
  const logs: string[] = [];
  const logLines: string[] = [];
  const lines = openLog("realtime", "info", (line) => logLines.push(line));
  const log = (level: "info" | "warn" | "error") => (fields: object, message: string) => {
    logs.push(`${message} ${JSON.stringify(fields)}`);
    lines[level](fields, message);
  };
  let current = await listen();
  let extraTabs: Tab[] = [];

  async function listen(port = 0) {
    const http = createServer();
    const realtime = await attachRealtime(http, {
      pool,
      authorize: async (request) => authorize(request.headers.cookie, people),
      sessionOf: (request) => request.headers.cookie || undefined,
      accessNow: async (held) =>
        held.map(({ sessionId }) => {
          const access = authorize(sessionId, people);
          return access instanceof Refusal ? undefined : access;
        }),
      allowedOrigins: [origin],
      clock: () => Date.now(),
      recordHistory: async (roomId) => recordRevisions(db, { roomId, now: new Date() }),
      logger: { info: log("info"), warn: log("warn"), error: log("error") },
      ...(options.quietMs === undefined ? {} : { quietMs: options.quietMs }),
      // A test knocks more often than people do, and from one address.
      limits: { failedAttemptsPerMinuteMax: 10_000, upgradesPerMinuteMax: 10_000, ...options.limits },
    });
    await new Promise<void>((resolve) => http.listen(port, "127.0.0.1", resolve));
    // A listening TCP server has an address with a port.
    return { http, realtime, port: (http.address() as AddressInfo).port };
  }

  const stage: Stage = {
    database,
    pool,
    get realtime() {
      return current.realtime;
    },
    logs,
    logLines,
    get url() {
      return `ws://127.0.0.1:${current.port}/realtime`;
    },
    charterId,
    draftRoundId,
    person(name, rights = "write") {
      const person: Person = {
        userId: randomUUID(),
        name,
        organizationId: randomUUID(),
        organizationName: `${name} GmbH`,
        rights,
      };
      people.set(person.userId, person);
      return person;
    },
    async room(...clauses) {
      const id = randomUUID();
      await pool.query("INSERT INTO room (id, charter_id, draft_round_id) VALUES ($1, $2, $3)", [
        id,
        charterId,
        draftRoundId,
      ]);
      if (clauses.length > 0) {
        const update = seedUpdate({ title: "Accord", language: "en", clauses }, 1);
        await appendServerUpdate(pool, id, update, { userId: null, organizationId: null, via: "seed" });
      }
      return id;
    },
    tab(roomId, person, { doc = new Y.Doc({ gc: false }), generation, url } = {}) {
      const events: RoomEvent[] = [];
      const provider = new AcknowledgingProvider({
        url: url ?? stage.url,
        roomId,
        doc,
        ...(generation === undefined ? {} : { generation }),
        socket: socketOf(person.userId),
        newClientId: () => Math.floor(Math.random() * 2 ** 32),
        onEvent: (event) => events.push(event),
      });
      const tab: Tab = {
        doc,
        provider,
        events,
        person,
        text: () => charterTextOf(doc),
        type: (words, clauseIndex = 0) => typeIn(doc, words, clauseIndex),
        leave: () => provider.destroy(),
      };
      extraTabs.push(tab);
      return tab;
    },
    socket: (roomId, person, given = {}) => bareSocket(stage.url, roomId, person.userId, given),
    async restart() {
      await current.realtime.close();
      current.http.closeAllConnections();
      await new Promise((resolve) => current.http.close(resolve));
      current = await listen(current.port);
    },
    async end() {
      for (const tab of extraTabs) tab.leave();
      extraTabs = [];
      await current.realtime.close();
      current.http.closeAllConnections();
      current.http.close();
      await store.close();
      await database.drop();
    },
  };
  return stage;
}

/** What the database holds of a room, read back whole. */
export async function storedText(pool: pg.Pool, roomId: string): Promise<CharterText> {
  const { rows } = await pool.query<{ payload: Buffer }>(
    "SELECT payload FROM room_update WHERE room_id = $1 ORDER BY seq",
    [roomId],
  );
  const doc = new Y.Doc();
  for (const row of rows) Y.applyUpdate(doc, row.payload);
  return charterTextOf(doc);
}

export async function rowCount(pool: pg.Pool, roomId: string): Promise<number> {
  const { rows } = await pool.query<{ count: string }>("SELECT count(*) FROM room_update WHERE room_id = $1", [roomId]);
  return Number(rows[0]?.count);
}

/** A session is named as its person here. */
function authorize(session: string | undefined, people: ReadonlyMap<string, Person>): Access | Refusal {
  const person = people.get(session ?? "");
  if (!person) return new Refusal("not-signed-in", "Sign in to go on.");
  const { rights, reason, ...actor } = person;
  if (rights === "none") return new Refusal("not-permitted", "You no longer have access to this text.");
  return { actor, sessionId: person.userId, mode: rights, ...(reason === undefined ? {} : { reason }) };
}

/** A socket of somebody's with this cookie, which sends what the test says. */
export function bareSocket(
  url: string,
  roomId: string,
  cookie: string,
  given: { clientId?: number; origin?: string; path?: string } = {},
): BareSocket {
  const clientId = given.clientId ?? Math.floor(Math.random() * 2 ** 32);
  const socket = new WebSocket(
    given.path ? url.replace("/realtime", given.path) : `${url}/${roomId}?clientId=${clientId}`,
    {
      headers: { ...(given.origin === "" ? {} : { origin: given.origin ?? origin }), cookie },
    },
  );
  const frames: Uint8Array[] = [];
  const bare: BareSocket = {
    socket,
    clientId,
    frames,
    closeCode: undefined,
    failure: undefined,
    opened: new Promise((resolve) => socket.once("open", () => resolve())),
    closed: new Promise((resolve) =>
      socket.on("close", (code, reason) => {
        bare.closeCode = code;
        resolve({ code, reason: reason.toString() });
      }),
    ),
    send: (frame) => socket.send(frame),
  };
  socket.on("message", (data) => {
    if (data instanceof Uint8Array) frames.push(data);
  });
  socket.on("error", (error) => {
    bare.failure = error.message;
  });
  return bare;
}
