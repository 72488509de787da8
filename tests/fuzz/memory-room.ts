import { EventEmitter } from "node:events";
import type { Duplex } from "node:stream";
import type pg from "pg";
import type { WebSocket } from "ws";
import { nextChain } from "#lib/data/room-chain.ts";
import { Connection, type ConnectionHooks } from "#server/realtime/connection.ts";
import { usualLimits } from "#server/realtime/limits.ts";
import { Room } from "#server/realtime/room.ts";
import { type AppendOutcome, type Head, type NewUpdate, type RoomRow, RoomStore } from "#server/realtime/store.ts";
import type { Work } from "#server/realtime/work-budget.ts";

/** A room as the server has it, whose text is `payload`, as a row or, `isSnapshot`, as a snapshot, and whose log is a list. */
export function openMemoryRoom(payload: Uint8Array, store: ListStore, isSnapshot = false): Room {
  const row = rowOf("00000000-0000-4000-8000-000000000000", 1);
  const update = { payload, userId: null, organizationId: null, via: "seed" as const, seq: 1, createdAt: new Date(0) };
  store.rows.push(payload);
  const log = {
    snapshot: isSnapshot ? payload : undefined,
    updates: isSnapshot ? [] : [update],
    seq: 1,
    chain: row.lastChain,
    isDamaged: false,
    badSnapshots: [],
  };
  return new Room(row, log, store, store, {
    onCommit: () => {},
    onDiscard: () => {},
  });
}

/** A room as the table of rooms has it. */
export function rowOf(id: string, lastSeq = 0): RoomRow {
  return {
    id,
    charterId: "",
    draftRoundId: "",
    generation: 1,
    lastSeq,
    lastChain: new Uint8Array(32),
    closedReason: null,
    isClosed: false,
  };
}

/** Somebody in a room, whose socket is a variable. */
export function connectIn(
  room: Room,
  socket: FakeSocket,
  clientId: number,
  hooks: Partial<ConnectionHooks> = {},
): Connection {
  const actor = { userId: "mallory", name: "Mallory", organizationId: "evil", organizationName: "Evil" };
  const user = {
    id: "mallory",
    name: "Mallory",
    organizationId: "evil",
    organization: "Evil",
    color: "#000000",
    mode: "write",
  } as const;
  const connection = new Connection(
    // It has all that a connection uses of both.
    socket as unknown as WebSocket,
    socket as unknown as Duplex,
    room,
    clientId,
    { actor, sessionId: "mallory", mode: "write" },
    user,
    [],
    {
      limits: usualLimits,
      work: unbounded,
      lease: async (_client, hasText) => (hasText ? "taken" : "yours"),
      confirm: () => undefined,
      onRefused: () => {},
      onAcknowledged: () => {},
      onClose: () => {},
      onError: () => {},
      ...hooks,
    },
  );
  connection.open();
  return connection;
}

/** Takes everything at once: here one person sends what many would. */
const unbounded: Work = { isOwing: false, owedMs: () => 0, charge: () => {}, afterPaid: (run) => run() };

/** All that a connection uses of a socket and of the stream below it; what is written is kept. */
export class FakeSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  isPaused = false;
  closed: { readonly code: number; readonly reason: string } | undefined;

  readonly written: Uint8Array[] = [];

  write(bytes: Uint8Array): void {
    this.written.push(bytes);
  }
  send(): void {}
  ping(): void {}
  pause(): void {}
  resume(): void {}
  terminate(): void {
    this.close(1006, "terminated");
  }
  close(code: number, reason: string): void {
    this.closed ??= { code, reason };
    this.readyState = 3;
    this.emit("close");
  }
}

/** A log that is a list and always commits. */
export class ListStore extends RoomStore {
  readonly rows: Uint8Array[] = [];

  constructor() {
    // Nothing here asks the database.
    super({} as unknown as pg.Pool, { onOutage: () => {}, onBadSnapshot: () => {} });
  }

  async turn(): Promise<void> {}

  override async append(_room: object, head: Head, batch: readonly NewUpdate[]): Promise<AppendOutcome> {
    let { seq, chain } = head;
    for (const update of batch) {
      seq += 1;
      chain = nextChain(chain, seq, update, update.payload);
      this.rows.push(update.payload);
    }
    return { kind: "committed", head: { seq, chain } };
  }
}
