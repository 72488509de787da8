import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as Y from "yjs";
import { storedSessionToken } from "#lib/auth/session-token.ts";
import { answerConvening } from "#lib/commands/answer-convening.ts";
import { offerConvening } from "#lib/commands/offer-convening.ts";
import { AcknowledgingProvider } from "#lib/protocol/acknowledging-provider.ts";
import { encodeEvent, encodePresence, encodeStep1, encodeStep2, encodeUpdate } from "#lib/protocol/frames.ts";
import { attachRealtime, type Realtime } from "#server/realtime/attach.ts";
import { seating } from "#server/realtime/seating.ts";
import { createListener } from "#server/web/listener.ts";
import { origin, paragraphText, socketOf, typeIn } from "#tests/support/room-client.ts";
import { until } from "#tests/support/until.ts";
import { createWorld, type World, type WorldPerson } from "#tests/support/world.ts";
import { type BareSocket, bareSocket, rowCount } from "./stage.ts";

/** Rights as the product decides them, and a database that says nothing when they change. */
let world: World;
let http: Server;
let realtime: Realtime;
let url: string;
let questions = 0;
beforeAll(async () => {
  world = await createWorld();
  http = createServer();
  const { pool } = world.store;
  const counted = new Proxy(pool, {
    get: (target, key) => {
      if (key === "query") questions += 1;
      const value: unknown = Reflect.get(target, key);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  realtime = await attachRealtime(http, {
    pool: counted,
    allowedOrigins: [origin],
    clock: Date.now,
    recordHistory: async () => undefined,
    logger: { info: () => {}, warn: () => {}, error: () => {} },
    limits: { failedAttemptsPerMinuteMax: 10_000, upgradesPerMinuteMax: 10_000 },
    ...seating(counted, { publicUrl: "http://localhost:3000" }),
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  // A listening TCP server has an address with a port.
  url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/realtime`;
});
afterAll(async () => {
  await realtime.close();
  http.closeAllConnections();
  http.close();
  await world.close();
});

/** A session of a person, and the cookie that names it. */
async function signIn({ userId }: WorldPerson, times: { createdAt?: Date; lastSeenAt?: Date; expires?: Date } = {}) {
  const token = randomUUID();
  const expires = new Date(Date.now() + 3_600_000);
  const { id } = await world.store.db.session.create({
    data: { sessionToken: storedSessionToken(token), userId, expires, ...times },
  });
  return { sessionId: id, cookie: `concordat.session=${token}` };
}

/** Somebody's browser in a room. */
function enter(roomId: string, cookie: string) {
  const doc = new Y.Doc({ gc: false });
  const provider = new AcknowledgingProvider({
    url,
    roomId,
    doc,
    socket: socketOf(cookie),
    newClientId: () => Math.floor(Math.random() * 2 ** 32),
    onEvent: () => {},
  });
  return { doc, provider };
}

/** Somebody who writes in a charter of their own, through a session of their own. */
async function openEditor() {
  const { charterId, roomId, convenor } = await world.charter();
  const { sessionId, cookie } = await signIn(convenor);
  const { doc, provider } = enter(roomId, cookie);
  await until(() => provider.state.kind === "saved", { what: "the editor to be in sync" });
  return { charterId, roomId, userId: convenor.userId, sessionId, doc, provider };
}

const losses = [
  ["the session was ended", "DELETE FROM session WHERE id = $1", "sessionId", "signed-out"],
  ["the session ran out", "UPDATE session SET expires = now() WHERE id = $1", "sessionId", "signed-out"],
  ["the person was erased", 'UPDATE "user" SET erased_at = now() WHERE id = $1', "userId", "signed-out"],
  ["the membership ended", "UPDATE membership SET ended_at = now() WHERE user_id = $1", "userId", "refused"],
  ["the role is only to look on", "UPDATE membership SET roles = '{observer}' WHERE user_id = $1", "userId", "refused"],
  ["the seat is no editor's", "UPDATE participant SET is_editor = false WHERE charter_id = $1", "charterId", "refused"],
  ["the organization left", "UPDATE participant SET left_at = now() WHERE charter_id = $1", "charterId", "refused"],
] as const;

describe("a right that is lost without a message", () => {
  test.concurrent.each(losses)(
    "T-revoke-live: %s: within two seconds no update is accepted",
    async (_name, sql, of, state) => {
      const editor = await openEditor();
      const { pool } = world.store;
      typeIn(editor.doc, " before", 1);
      await until(() => editor.provider.state.kind === "saved");
      await pool.query(sql, [editor[of]]);
      const { rows: clock } = await pool.query<{ at: Date }>("SELECT clock_timestamp() AS at");
      // They go on writing all the time.
      const isOut = () => {
        if (["signed-out", "refused", "read-only"].includes(editor.provider.state.kind)) return true;
        typeIn(editor.doc, " more", 1);
        return false;
      };
      await until(isOut, { what: "the loss to be noticed", everyMs: 50 });
      // Whoever may still read comes back as a reader, whose words are then refused.
      await until(() => editor.provider.state.kind === state, { what: `the editor to be ${state}` });
      const { rows } = await pool.query<{ at: Date }>(
        "SELECT created_at AS at FROM room_update WHERE room_id = $1 AND via = 'socket' ORDER BY seq DESC LIMIT 1",
        [editor.roomId],
      );
      expect(rows).toHaveLength(1);
      const last = (rows[0]?.at.getTime() ?? 0) - (clock[0]?.at.getTime() ?? 0);
      // A slow machine may take its time for a COMMIT of what came in before.
      expect(last).toBeLessThan(2_000 + 8_000);
      editor.provider.destroy();
    },
  );
});

test("coming in asks the database a handful of questions, and holding a socket open hardly any", async () => {
  const editor = await openEditor();
  const [before, since] = [questions, performance.now()];
  editor.provider.provider.disconnect();
  await until(() => editor.provider.state.kind === "reconnecting");
  editor.provider.provider.connect();
  await until(() => editor.provider.state.kind === "saved");
  // The seat, the lease, the leases; the rest is what the server asks by itself meanwhile, a few times a second.
  const seconds = (performance.now() - since) / 1_000;
  expect(questions - before).toBeLessThan(12 + 3 * seconds);
  editor.provider.destroy();
});

const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);

/** What a browser may come with instead of a session that counts. */
const cookies: readonly (readonly [string, (person: WorldPerson) => Promise<string>])[] = [
  ["no cookie", async () => "other=1"],
  ["an empty one", async () => "concordat.session="],
  ["a token that nobody has", async () => `concordat.session=${randomUUID()}`],
  ["a token of 8,000 letters", async () => `concordat.session=${"x".repeat(8_000)}`],
  ["a broken escape", async () => "concordat.session=%E0%A4%A"],
  [
    "the stored form of a token",
    async (person) => `concordat.session=${storedSessionToken((await signIn(person)).cookie)}`,
  ],
  ["the id of a session", async (person) => `concordat.session=${(await signIn(person)).sessionId}`],
  ["the cookie of another kind of address", async (person) => `__Host-${(await signIn(person)).cookie}`],
  ["a session that ran out", async (person) => (await signIn(person, { expires: hoursAgo(0.01) })).cookie],
  [
    "one that nobody used for 12 hours",
    async (person) => (await signIn(person, { lastSeenAt: hoursAgo(12.1) })).cookie,
  ],
  ["one of more than 7 days", async (person) => (await signIn(person, { createdAt: hoursAgo(7 * 24 + 1) })).cookie],
  [
    "one that was ended",
    async (person) => {
      const { sessionId, cookie } = await signIn(person);
      await world.store.db.session.delete({ where: { id: sessionId } });
      return cookie;
    },
  ],
];

/** Every kind of frame that there is, and one that there is not. */
const frames: readonly (readonly [string, (socket: BareSocket) => Uint8Array])[] = [
  ["step 1", () => encodeStep1(Uint8Array.of(0))],
  ["step 2", (socket) => encodeStep2(wordsOf(socket.clientId))],
  ["an update", (socket) => encodeUpdate(wordsOf(socket.clientId))],
  ["awareness", (socket) => encodePresence([{ clientId: socket.clientId, clock: 1, json: "{}" }])],
  ["a question who is there", () => Uint8Array.of(3)],
  ["an event of the server's", () => encodeEvent({ event: "thawed" })],
  ["nothing that there is", () => Uint8Array.of(99)],
];

/** An update that changes the text, whatever it is. */
function wordsOf(clientId: number): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = clientId;
  doc.getXmlFragment("charter").push([new Y.XmlElement("clause")]);
  return Y.encodeStateAsUpdate(doc);
}

/** The reasons that a socket was told, as JSON. */
function toldTo(socket: BareSocket): string {
  return socket.frames.map((frame) => Buffer.from(frame).toString("utf8")).join("\n");
}

describe("whoever has no right here", () => {
  test("22 T-ws-noauth: no cookie but a live session's opens the door, and no frame sent at once gets past it", async () => {
    const { roomId, convenor } = await world.charter();
    const before = await rowCount(world.store.pool, roomId);
    for (const [name, make] of cookies) {
      const cookie = await make(convenor);
      for (const [kind, frame] of name === "no cookie" ? frames : frames.slice(2, 3)) {
        const socket = bareSocket(url, roomId, cookie);
        await socket.opened;
        socket.send(frame(socket));
        expect(await socket.closed, `${name}, ${kind}`).toEqual({ code: 4401, reason: "not-signed-in" });
        expect(socket.frames, `${name}, ${kind}`).toHaveLength(1);
      }
    }
    expect(await rowCount(world.store.pool, roomId)).toBe(before);
  });

  test("23 another organization's text and one that does not exist are refused in the same words", async () => {
    const { roomId } = await world.charter();
    const { cookie } = await signIn(await world.person(await world.organization()));
    const [theirs, nobodys] = await Promise.all(
      [roomId, randomUUID()].map(async (id) => {
        const socket = bareSocket(url, id, cookie);
        return { ...(await socket.closed), told: toldTo(socket) };
      }),
    );
    expect(theirs).toEqual(nobodys);
    expect(theirs).toMatchObject({ code: 4404, reason: "not-found" });
  });

  test("T-ws-noauth: a reader may look and be seen; what would write ends the connection and is stored nowhere", async () => {
    const { charterId, roomId } = await world.charter();
    const organization = await world.organization();
    await world.seat(charterId, await world.person(organization, ["drafter"]));
    const { cookie } = await signIn(await world.person(organization, ["observer"]));
    const before = await rowCount(world.store.pool, roomId);
    const ends: Readonly<Record<string, number>> = {
      "step 2": 4403,
      "an update": 4403,
      "an event of the server's": 4400,
      "nothing that there is": 4400,
    };
    for (const [kind, frame] of frames) {
      const socket = bareSocket(url, roomId, cookie);
      await socket.opened;
      await until(() => socket.frames.length >= 2, { what: "the welcome" });
      socket.send(frame(socket));
      // Whoever is still in after it gets an answer to this.
      socket.send(encodeStep1(Uint8Array.of(0)));
      const isAnswered = () => socket.frames.some((one) => one[0] === 0 && one[1] === 1);
      await until(() => socket.closeCode !== undefined || isAnswered(), { what: `an answer to ${kind}` });
      expect(socket.closeCode, kind).toBe(ends[kind]);
      socket.socket.terminate();
    }
    expect(await rowCount(world.store.pool, roomId)).toBe(before);
  });

  test.each([
    [
      "18 after the freeze",
      "UPDATE room SET closed_at = now(), closed_reason = 'frozen' WHERE charter_id = $1",
      "frozen",
      4410,
    ],
    [
      "18 once the drafting rests",
      "UPDATE draft_round SET state = 'REVIEW' WHERE charter_id = $1",
      "not-drafting",
      4410,
    ],
  ])(
    "%s a writer's update is refused with the reason, at the commit and at the door",
    async (_when, sql, code, close) => {
      const { charterId, roomId, convenor } = await world.charter();
      const { cookie } = await signIn(convenor);
      const { pool } = world.store;
      const open = async () => {
        const socket = bareSocket(url, roomId, cookie);
        await socket.opened;
        await until(() => socket.frames.length >= 2, { what: "the welcome" });
        return socket;
      };
      const early = await open();
      await pool.query(sql, [charterId]);
      const before = await rowCount(pool, roomId);
      for (const enter of [async () => early, open]) {
        const socket = await enter();
        socket.send(encodeUpdate(wordsOf(socket.clientId)));
        expect((await socket.closed).code).toBe(close);
        expect(toldTo(socket)).toContain(`"code":"${code}"`);
        expect(toldTo(socket)).toContain("Your own words are kept.");
      }
      expect(await rowCount(pool, roomId)).toBe(before);
    },
  );
});

test("20 whoever begins to ask for a room and never ends is told so and let go", async () => {
  const listener = createListener({
    pages: undefined,
    upgrades: http,
    isReady: async () => true,
    publicUrl: "http://localhost:3000",
  });
  // The product gives them a quarter of a minute.
  listener.headersTimeout = 300;
  listener.requestTimeout = 400;
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  // A listening TCP server has an address with a port.
  const { port } = listener.address() as AddressInfo;
  const answer = await new Promise<string>((resolve, reject) => {
    let heard = "";
    const socket = connect(port, "127.0.0.1", () =>
      socket.write("GET /realtime/00000000-0000-4000-8000-000000000000 HTTP/1.1\r\nHost: x\r\nUpgrade: webso"),
    );
    socket.on("data", (data) => (heard += data.toString()));
    socket.on("close", () => resolve(heard));
    socket.on("error", reject);
  });
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  listener.close();
});

test("a hand-over of the convening lets who only read write at once, in the window that is open", async () => {
  const { charterId, roomId, convenor } = await world.charter();
  const next = await world.person(await world.organization());
  await world.seat(charterId, next, false);
  const { doc, provider } = enter(roomId, (await signIn(next)).cookie);
  await until(() => provider.state.kind === "read-only", { what: "the reader to be in" });
  const { handoverId } = await offerConvening(world.as(convenor), {
    charterId,
    toId: next.organization?.id ?? "",
    withRecord: false,
    reason: "Our secretariat closes.",
  });
  await answerConvening(world.as(next), { handoverId, answer: "accept" });
  await until(() => provider.state.kind === "saved", { what: "the new convenor to write" });
  typeIn(doc, " ours now", 1);
  const stored = () =>
    world.store.pool.query("SELECT 1 FROM room_update WHERE room_id = $1 AND via = 'socket'", [roomId]);
  await until(async () => (await stored()).rowCount === 1, { what: "its words to be stored" });
  // The database has them before the page hears so.
  await until(() => provider.state.kind === "saved", { what: "its words to be called saved" });
  expect(paragraphText(doc, 1).toString()).toContain(" ours now");
  provider.destroy();
});
