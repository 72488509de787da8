import { Refusal } from "#lib/domain/refusal.ts";
import { roomIdleMs } from "#lib/protocol/limits.ts";
import type { LogWriter, RoomHooks } from "./room.ts";
import { Room } from "./room.ts";
import type { RoomStore } from "./store.ts";

/** Moments in the life of a room in memory. */
export type RoomMoments = {
  readonly onLoad: (room: Room) => void;
  readonly beforeUnload: (room: Room) => Promise<void>;
};

/** The rooms in memory: each is loaded once, however many ask, and unloaded when nobody needs it any more. */
export class Rooms {
  readonly #store: RoomStore;
  readonly #writer: LogWriter;
  readonly #hooks: RoomHooks;
  readonly #moments: RoomMoments;
  readonly #open = new Map<string, Promise<Room>>();
  readonly #idleSince = new Map<Room, number>();
  #isSweeping = false;

  constructor(store: RoomStore, writer: LogWriter, hooks: Omit<RoomHooks, "onDiscard">, moments: RoomMoments) {
    this.#store = store;
    this.#writer = writer;
    this.#hooks = { ...hooks, onDiscard: (room) => this.#forget(room) };
    this.#moments = moments;
  }

  get size(): number {
    return this.#open.size;
  }

  /**
   * The room, loaded and checked. Everyone who asks meanwhile waits for the same load.
   *
   * @throws {Refusal} not-found.
   */
  async open(roomId: string): Promise<Room> {
    for (;;) {
      let loading = this.#open.get(roomId);
      if (!loading) {
        loading = this.#load(roomId);
        this.#open.set(roomId, loading);
        // A load that failed is not kept: the next one asks again.
        loading.catch(() => this.#open.delete(roomId));
      }
      const room = await loading;
      if (room.mode !== "discarded") return room;
      if (this.#open.get(roomId) === loading) this.#open.delete(roomId);
    }
  }

  /** The room if it is in memory. */
  async find(roomId: string): Promise<Room | undefined> {
    const room = await this.#open.get(roomId)?.catch(() => undefined);
    return room?.mode === "discarded" ? undefined : room;
  }

  /** All rooms in memory. */
  async all(): Promise<Room[]> {
    const rooms = await Promise.all([...this.#open.keys()].map((roomId) => this.find(roomId)));
    return rooms.filter((room): room is Room => room !== undefined);
  }

  /** How long the oldest edit in any room waits for its COMMIT; 0 when none does. */
  async oldestUnacknowledgedMs(now: number): Promise<number> {
    const waiting = (await this.all()).map((room) => now - (room.oldestAt ?? now));
    return waiting.reduce((longest, ms) => Math.max(longest, ms), 0);
  }

  /** Unloads rooms that nobody is in and that had nothing to do for a while. One sweep at a time: unloading may take longer than the time between two. */
  async sweep(now: number, idleMs = roomIdleMs): Promise<void> {
    if (this.#isSweeping) return;
    this.#isSweeping = true;
    try {
      for (const room of await this.all()) await this.#unloadIdle(room, now, idleMs);
    } finally {
      this.#isSweeping = false;
    }
  }

  async #unloadIdle(room: Room, now: number, idleMs: number): Promise<void> {
    // It may have ended while another was unloaded; what is noted of it then, nobody would ever forget.
    if (room.mode === "discarded") return;
    const isIdle = room.peers.size === 0 && !room.isBusy;
    if (!isIdle) {
      this.#idleSince.delete(room);
      return;
    }
    const since = this.#idleSince.get(room) ?? now;
    this.#idleSince.set(room, since);
    if (now - Math.max(since, room.lastWriteAt) < idleMs) return;
    await this.#moments.beforeUnload(room);
    // Somebody may have come in while we waited.
    if (room.peers.size === 0 && !room.isBusy) room.discard({ kind: "reload" });
  }

  async #load(roomId: string): Promise<Room> {
    const row = await this.#store.findRoom(roomId);
    if (!row) throw new Refusal("not-found", "There is no such text.");
    const log = await this.#store.readLog(roomId);
    const room = new Room(row, log, this.#store, this.#writer, this.#hooks);
    this.#moments.onLoad(room);
    return room;
  }

  #forget(room: Room): void {
    this.#idleSince.delete(room);
    const loading = this.#open.get(room.row.id);
    void loading?.then((current) => {
      if (current === room && this.#open.get(room.row.id) === loading) this.#open.delete(room.row.id);
    });
  }
}
