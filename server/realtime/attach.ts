import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { parseRightsChange } from "#lib/data/rights-change.ts";
import { type ControlMessage, controlChannel } from "#lib/data/room-control.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { freezeDrainMsMax, freezeHoldMsMax } from "#lib/protocol/limits.ts";
import { faultOf } from "#server/telemetry/log.ts";
import { Compactor } from "./compactor.ts";
import type { Connection } from "./connection.ts";
import { parseControl } from "./control.ts";
import type { RealtimeDeps } from "./deps.ts";
import { Door } from "./door.ts";
import { Figures } from "./figures.ts";
import { GroupCommit } from "./group-commit.ts";
import { followHeads } from "./heads.ts";
import { Historian } from "./historian.ts";
import { type Limits, usualLimits } from "./limits.ts";
import { listen } from "./listening.ts";
import { RightsWatch } from "./rights-watch.ts";
import type { Room } from "./room.ts";
import { Rooms } from "./rooms.ts";
import { takeSnapshot } from "./snapshot.ts";
import type { Head } from "./store.ts";
import { RoomStore, type StoreAlarms } from "./store.ts";
import { isRealtime } from "./upgrade.ts";

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

/** Serves `/realtime/<room>` on an HTTP server. Upgrades to other paths are left alone. */
export async function attachRealtime(http: Server, deps: RealtimeDeps): Promise<Realtime> {
  const server = new RealtimeServer(deps);
  await server.start();
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (isRealtime(request)) void server.door.upgrade(request, socket, head);
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
  readonly door: Door;
  readonly #deps: RealtimeDeps;
  readonly #limits: Limits;
  readonly #alarms: StoreAlarms;
  readonly #store: RoomStore;
  readonly #rooms: Rooms;
  readonly #historian: Historian;
  readonly #connections = new Set<Connection>();
  readonly #compactor = new Compactor();
  readonly #rights: RightsWatch;
  #lookingAtRights: NodeJS.Timeout | undefined;
  #stopListening: (() => Promise<void>) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isFollowing = false;

  constructor(deps: RealtimeDeps) {
    this.#deps = deps;
    this.#limits = { ...usualLimits, ...deps.limits };
    this.#alarms = {
      onOutage: (error) => {
        this.figures.outages += 1;
        deps.logger.warn({ error: faultOf(error) }, "the database did not do what a room needs; trying again");
      },
      onBadSnapshot: (roomId, seq) =>
        deps.logger.error({ roomId, seq }, "a snapshot of a room is damaged; the room was read from its log instead"),
    };
    this.#store = new RoomStore(deps.pool, this.#alarms);
    this.#historian = new Historian(
      (room) => this.#record(room),
      deps.quietMs ?? 10_000,
      (error, room) => {
        deps.logger.error(
          { roomId: room.row.id, error: faultOf(error) },
          "the history of a room could not be written; it is made up for later",
        );
      },
    );
    const commits = new GroupCommit(deps.pool, this.#store);
    this.#rooms = new Rooms(
      this.#store,
      commits,
      {
        onCommit: (room, updates) => {
          this.figures.committed(updates.length);
          this.#historian.noteCommit(room, updates);
        },
      },
      {
        onLoad: (room) => this.#historian.noteLoaded(room),
        beforeUnload: (room) => this.#historian.write(room),
      },
    );
    this.figures.oldestUnacknowledgedMs = () => this.#oldestUnacknowledgedMs(performance.now());
    this.#rights = new RightsWatch(
      (held) => deps.accessNow(held),
      this.#limits,
      (error) => this.#alarms.onOutage(error),
    );
    this.door = new Door(deps, {
      limits: this.#limits,
      rights: this.#rights,
      store: this.#store,
      rooms: this.#rooms,
      figures: this.figures,
      connections: this.#connections,
      onEmpty: (room) => this.#historian.noteEmpty(room),
    });
  }

  async start(): Promise<void> {
    await this.#requireDurable();
    this.#stopListening = await listen(
      this.#deps.pool,
      {
        onMessage: (channel, payload) =>
          channel === controlChannel ? this.#hearControl(payload) : this.#onRightsChange(payload),
        onGap: () => void this.revalidate(),
        onOutage: (error) => this.#alarms.onOutage(error),
      },
      this.#limits.listenCheckMs,
    );
    this.#timer = setInterval(() => this.#tick(), this.#limits.tickMs);
    this.#lookingAtRights = setInterval(() => void this.#rights.look(), this.#limits.rightsMsMax / 4);
  }

  /** How long the oldest edit waits: in a room for its COMMIT, or before it for a right or a lease. */
  async #oldestUnacknowledgedMs(now: number): Promise<number> {
    const waits = [...this.#connections].map((one) => now - (one.waitingSince ?? now));
    return waits.reduce((longest, ms) => Math.max(longest, ms), await this.#rooms.oldestUnacknowledgedMs(now));
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

  /** What could not be done now, the next look at the heads of the rooms makes up for. */
  #hearControl(payload: string): void {
    this.#onControl(payload).catch((error: unknown) => this.#alarms.onOutage(error));
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
    for (const connection of this.#connections) connection.tick(now);
    this.figures.connections = this.#connections.size;
    this.figures.rooms = this.#rooms.size;
    this.#historian.tick(now);
    this.#followHeads();
    this.#rooms
      .sweep(now, this.#limits.roomIdleMs)
      .catch((error: unknown) => this.#deps.logger.error({ error: faultOf(error) }, "rooms could not be unloaded"));
  }

  /** One question at a time: a database that does not answer must not be asked again and again. */
  #followHeads(): void {
    if (this.#isFollowing) return;
    this.#isFollowing = true;
    followHeads(this.#rooms, this.#store)
      .catch((error: unknown) => this.#alarms.onOutage(error))
      .finally(() => {
        this.#isFollowing = false;
      });
  }

  /** The history first: it reads the log from the newest snapshot before its last revision. */
  async #record(room: Room): Promise<void> {
    await this.#deps.recordHistory(room.row.id);
    await takeSnapshot(room, this.#store, this.#compactor);
  }

  async close(): Promise<void> {
    this.door.isClosing = true;
    clearInterval(this.#timer);
    clearInterval(this.#lookingAtRights);
    const rooms = await this.#rooms.all();
    for (const room of rooms) room.hold(true);
    // A database that is gone must not keep us: what it did not take was never acknowledged.
    await atMost(5_000, Promise.all(rooms.map((room) => room.settle())));
    for (const connection of [...this.#connections]) connection.dismiss({ kind: "restart" });
    const histories = rooms.filter((room) => !room.isBusy).map((room) => this.#historian.write(room));
    await atMost(this.#limits.lastHistoriesMsMax, Promise.allSettled(histories));
    for (const room of rooms) room.discard({ kind: "restart" });
    await this.#compactor.close();
    await this.#stopListening?.();
    this.door.close();
  }
}

/** Waits for work, but no longer. */
async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, over]).finally(() => clearTimeout(timer));
}
