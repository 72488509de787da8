import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import type pg from "pg";
import { type WebSocket, WebSocketServer } from "ws";
import { z } from "zod";
import { Refusal } from "#lib/domain/refusal.ts";
import { encodeRefusal } from "#lib/protocol/frames.ts";
import {
  frameBytesMax,
  freezeDrainMsMax,
  freezeHoldMsMax,
  keepAliveMs,
  socketsPerUserMax,
  upgradeMsMax,
} from "#lib/protocol/limits.ts";
import { closeCodes, refusalCloseCodes } from "#lib/protocol/messages.ts";
import { colourOf } from "#lib/protocol/presence.ts";
import type { Access } from "./connection.ts";
import { Connection } from "./connection.ts";
import { Figures } from "./figures.ts";
import { Historian } from "./historian.ts";
import type { Room } from "./room.ts";
import { Rooms } from "./rooms.ts";
import { takeSnapshot } from "./snapshot.ts";
import type { ControlMessage, Head } from "./store.ts";
import { controlChannel, parseRightsChange, RoomStore } from "./store.ts";
import type { Destination } from "./upgrade.ts";
import { isRealtime, parseUpgrade } from "./upgrade.ts";

/** Structured logging as pino does it. No text of a draft is ever passed to it. */
export type Logger = Record<"info" | "warn" | "error", (fields: object, message: string) => void>;

/** What the realtime server is given. */
export type RealtimeDeps = {
  readonly pool: pg.Pool;
  /** The one door: session, rights, mode. `clientId` is for the log only. A refusal is thrown or given back. */
  readonly authorize: (request: IncomingMessage, roomId: string, clientId: number) => Promise<Access | Refusal>;
  /** Exact origins, e.g. "https://charters.example.org". */
  readonly allowedOrigins: readonly string[];
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly logger: Logger;
  /** Writes a room's clause history up to its newest update; safe to repeat. */
  readonly recordHistory: (roomId: string) => Promise<unknown>;
  /** How long a room must be quiet before its history is written. */
  readonly quietMs?: number;
};

/** The realtime server of a process. */
export type Realtime = {
  /** Closes the sockets of a room, of a user, or all, with 4503: they come back through the door that checks. */
  revalidate(roomId?: string, userId?: string): Promise<void>;
  /** Announces a freeze, waits for what is under way, takes no more edits, and gives the committed end of the text. */
  freeze(roomId: string): Promise<Head>;
  /** Takes edits again when a freeze was called off. */
  thaw(roomId: string): Promise<void>;
  readonly figures: Figures;
  /** Commits what is pending, writes histories, closes every socket with 1012. */
  close(): Promise<void>;
};

const Control = z.object({
  roomId: z.string().optional(),
  event: z.enum(["appended", "closed", "rights", "freezing", "thawed"]),
  userId: z.string().optional(),
});

/** Serves `/realtime/<room>` on an HTTP server. Upgrades to other paths are left alone. */
export async function attachRealtime(http: Server, deps: RealtimeDeps): Promise<Realtime> {
  const server = new RealtimeServer(deps);
  await server.start();
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (isRealtime(request)) void server.upgrade(request, socket, head);
  };
  http.on("upgrade", onUpgrade);
  return {
    revalidate: (roomId, userId) => server.revalidate(roomId, userId),
    freeze: (roomId) => server.freeze(roomId),
    thaw: (roomId) => server.thaw(roomId),
    figures: server.figures,
    close: async () => {
      http.off("upgrade", onUpgrade);
      await server.close();
    },
  };
}

class RealtimeServer {
  readonly figures = new Figures();
  readonly #deps: RealtimeDeps;
  readonly #store: RoomStore;
  readonly #rooms: Rooms;
  readonly #historian: Historian;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: frameBytesMax,
    perMessageDeflate: false,
    clientTracking: false,
  });
  readonly #connections = new Set<Connection>();
  #stopListening: (() => Promise<void>) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosing = false;

  constructor(deps: RealtimeDeps) {
    this.#deps = deps;
    this.#store = new RoomStore(deps.pool, (error) => {
      this.figures.outages += 1;
      deps.logger.warn({ error: messageOf(error) }, "the database did not take a write of a room; trying again");
    });
    this.#historian = new Historian(
      (room) => this.#record(room),
      deps.quietMs ?? 10_000,
      (error) => {
        deps.logger.error(
          { error: messageOf(error) },
          "the history of a room could not be written; it is made up for later",
        );
      },
    );
    this.#rooms = new Rooms(
      this.#store,
      {
        onCommit: (room, updates, ms) => {
          this.figures.committed(updates.length, ms);
          this.#historian.noteCommit(room, updates);
        },
      },
      {
        onLoad: (room) => this.#historian.noteLoaded(room),
        beforeUnload: (room) => this.#historian.write(room),
      },
    );
  }

  async start(): Promise<void> {
    await this.#requireDurable();
    this.#stopListening = await this.#store.listen(
      (channel, payload) =>
        void (channel === controlChannel ? this.#onControl(payload) : this.#onRightsChange(payload)),
      () => void this.revalidate(),
    );
    this.#timer = setInterval(() => this.#tick(), Math.min(keepAliveMs / 5, 3_000));
  }

  /** What is acknowledged must survive a crash of the machine; a database that does not keep that promise is refused. */
  async #requireDurable(): Promise<void> {
    const { rows } = await this.#deps.pool.query<{ name: string; setting: string }>(
      "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')",
    );
    const lax = rows.filter((row) => row.setting === "off").map((row) => row.name);
    if (lax.length > 0)
      throw new Refusal("unavailable", `The database has ${lax.join(" and ")} off, so nothing could be called saved.`);
  }

  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on("error", () => socket.destroy());
    const destination = parseUpgrade(request, this.#deps.allowedOrigins);
    if ("status" in destination) {
      this.figures.refused(destination.reason);
      socket.end(
        `HTTP/1.1 ${destination.status} ${destination.reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
      );
      return;
    }
    // Nothing of the socket is read before the decision, and the decision has a deadline.
    const deadline = setTimeout(() => socket.destroy(), upgradeMsMax);
    const entry = await this.#decide(request, destination).catch((error: unknown) => this.#refusalOf(error));
    clearTimeout(deadline);
    if (socket.destroyed) return;
    this.#sockets.handleUpgrade(request, socket, head, (ws) => {
      if ("room" in entry) this.#admit(ws, entry, destination, request);
      else turnAway(ws, entry.code, entry.refusal);
    });
  }

  async #decide(request: IncomingMessage, { roomId, clientId, generation }: Destination): Promise<Entry | Exit> {
    if (this.#isClosing)
      return { code: closeCodes.restarting, refusal: new Refusal("unavailable", "The server is restarting.") };
    const access = await this.#deps.authorize(request, roomId, clientId);
    if (access instanceof Refusal) throw access;
    const { userId, organizationId } = access.actor;
    const own = [...this.#connections].filter((one) => one.access.actor.userId === userId).length;
    if (own >= socketsPerUserMax) throw new Refusal("too-many", "You have this site open in too many windows.");
    const room = await this.#rooms.open(roomId);
    if (generation !== undefined && generation !== room.row.generation)
      return {
        code: closeCodes.outOfStep,
        refusal: new Refusal("conflict", "This text was restored from a backup. Your own words are kept."),
      };
    const outcome = await this.#store.lease(roomId, clientId, userId, organizationId);
    if (outcome === "too-many") throw new Refusal("too-many", "You have opened this text too many times.");
    if (outcome === "taken")
      return { code: closeCodes.pickAnotherClientId, refusal: new Refusal("conflict", "This clientID is taken.") };
    return { room, access, held: await this.#store.leasesOf(roomId, userId) };
  }

  /** What the door says now; undefined when it refuses. */
  async #access(request: IncomingMessage, roomId: string, clientId: number): Promise<Access | undefined> {
    try {
      const access = await this.#deps.authorize(request, roomId, clientId);
      return access instanceof Refusal ? undefined : access;
    } catch (error) {
      if (error instanceof Refusal) return undefined;
      throw error;
    }
  }

  #refusalOf(error: unknown): Exit {
    if (error instanceof Refusal) return { code: refusalCloseCodes[error.code], refusal: error };
    this.#deps.logger.error({ error: messageOf(error) }, "an upgrade failed");
    return {
      code: refusalCloseCodes.unavailable,
      refusal: new Refusal("unavailable", "The server can not open this text now."),
    };
  }

  #admit(ws: WebSocket, { room, access, held }: Entry, { clientId }: Destination, request: IncomingMessage): void {
    // The room may have been discarded while we answered the handshake.
    if (room.mode === "discarded" || this.#isClosing) {
      ws.close(closeCodes.roomReloaded, "reloaded");
      return;
    }
    const { actor, mode } = access;
    const user = {
      id: actor.userId,
      name: actor.name,
      organizationId: actor.organizationId,
      organization: actor.organizationName,
      color: colourOf(actor.organizationId),
      mode,
    };
    const connection = new Connection(ws, room, clientId, access, user, held, {
      lease: (client) => this.#store.lease(room.row.id, client, actor.userId, actor.organizationId),
      recheck: async () => {
        const now = await this.#access(request, room.row.id, clientId);
        return now?.mode === access.mode && now.actor.organizationId === actor.organizationId;
      },
      onRefused: (detail) => this.figures.refused(detail),
      onAcknowledged: (ms) => this.figures.acknowledged(ms),
      onClose: () => {
        this.#connections.delete(connection);
        if (room.peers.size === 0) this.#historian.noteEmpty(room);
      },
      onError: (error) =>
        this.#deps.logger.error(
          { error: messageOf(error), roomId: room.row.id },
          "a frame broke the server's rules of itself",
        ),
    });
    this.#connections.add(connection);
    this.figures.connections = this.#connections.size;
    connection.open();
    if (room.mode === "damaged")
      this.#deps.logger.error(
        { roomId: room.row.id, seq: room.head.seq },
        "the log of a room is damaged; it is shown read-only",
      );
  }

  async revalidate(roomId?: string, userId?: string): Promise<void> {
    for (const connection of [...this.#connections]) {
      if (roomId !== undefined && connection.roomId !== roomId) continue;
      if (userId !== undefined && connection.access.actor.userId !== userId) continue;
      connection.dismiss({ kind: "rights" });
    }
  }

  async freeze(roomId: string): Promise<Head> {
    const room = await this.#rooms.open(roomId);
    room.announce({ event: "freezing" });
    const deadline = performance.now() + freezeDrainMsMax;
    // Under way is whatever still comes in: half a second of silence ends it.
    while (performance.now() < deadline && (room.isBusy || performance.now() - room.lastWriteAt < 500)) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    room.hold(true);
    if (!(await room.settle())) return this.freeze(roomId);
    // A freeze that neither happens nor is called off must not keep a text shut.
    setTimeout(() => room.hold(false), freezeHoldMsMax).unref();
    await this.#historian.write(room);
    return room.head;
  }

  async thaw(roomId: string): Promise<void> {
    const room = await this.#rooms.find(roomId);
    room?.hold(false);
    room?.announce({ event: "thawed" });
  }

  async #onControl(payload: string): Promise<void> {
    const message: ControlMessage | undefined = parseControl(payload);
    if (!message) return;
    const { roomId, event, userId } = message;
    if (roomId === undefined) {
      await this.revalidate(undefined, userId);
      return;
    }
    const room = await this.#rooms.find(roomId);
    if (!room) return;
    switch (event) {
      case "appended":
        await room.catchUp();
        return;
      case "freezing":
        room.announce({ event: "freezing" });
        return;
      case "closed":
        // What was accepted goes to the database once more, which refuses it; its authors then hear why.
        await room.settle();
        room.discard({ kind: "closed", code: "frozen" });
        return;
      case "thawed":
        room.discard({ kind: "rights" });
        return;
      default:
        await this.revalidate(roomId, userId);
    }
  }

  /** Sockets of the people concerned come back through the door that checks; anyone else's stay as they are. */
  #onRightsChange(payload: string): void {
    const change = parseRightsChange(payload);
    if (!change) return;
    for (const connection of [...this.#connections]) {
      const { userId, organizationId } = connection.access.actor;
      if (change.userId !== undefined && change.userId !== userId) continue;
      if (change.organizationId !== undefined && change.organizationId !== organizationId) continue;
      if (change.charterId !== undefined && change.charterId !== connection.charterId) continue;
      connection.dismiss({ kind: "rights" });
    }
  }

  #tick(): void {
    const now = performance.now();
    for (const connection of this.#connections) connection.tick(now, keepAliveMs);
    this.figures.connections = this.#connections.size;
    this.figures.rooms = this.#rooms.size;
    this.#historian.tick(now);
    this.#rooms
      .sweep(now)
      .catch((error: unknown) => this.#deps.logger.error({ error: messageOf(error) }, "rooms could not be unloaded"));
  }

  /** The history first: it reads the log from the newest snapshot before its last revision. */
  async #record(room: Room): Promise<void> {
    await this.#deps.recordHistory(room.row.id);
    await takeSnapshot(room, this.#store);
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#timer);
    const rooms = await this.#rooms.all();
    for (const room of rooms) room.hold(true);
    // A database that is gone must not keep us: what it did not take was never acknowledged.
    await Promise.race([
      Promise.all(rooms.map((room) => room.settle())),
      new Promise((resolve) => setTimeout(resolve, 5_000)),
    ]);
    for (const connection of [...this.#connections]) connection.dismiss({ kind: "restart" });
    await Promise.allSettled(rooms.filter((room) => !room.isBusy).map((room) => this.#historian.write(room)));
    for (const room of rooms) room.discard({ kind: "restart" });
    await this.#stopListening?.();
    this.#sockets.close();
  }
}

type Entry = { readonly room: Room; readonly access: Access; readonly held: readonly number[] };
type Exit = { readonly code: number; readonly refusal: Refusal };

function turnAway(ws: WebSocket, code: number, refusal: Refusal): void {
  ws.on("error", () => ws.terminate());
  ws.send(encodeRefusal({ code: refusal.code, detail: refusal.code, message: refusal.message }));
  ws.close(code, refusal.code);
}

function parseControl(payload: string): ControlMessage | undefined {
  try {
    const { roomId, event, userId } = Control.parse(JSON.parse(payload));
    return { event, ...(roomId === undefined ? {} : { roomId }), ...(userId === undefined ? {} : { userId }) };
  } catch {
    // Somebody else's message on our channel.
    return undefined;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
