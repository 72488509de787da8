import type { PresenceState } from "#lib/protocol/frames.ts";
import { decodePresence, encodePresence } from "#lib/protocol/frames.ts";
import { presenceBytesMax, presenceTickMs } from "#lib/protocol/limits.ts";
import type { PresentUser } from "#lib/protocol/presence.ts";
import { OwnPresence } from "#lib/protocol/presence.ts";

/** Whoever is shown awareness. */
export type Watcher = { readonly clientId: number; sendPresence(frame: Uint8Array): void };

/**
 * Who is in a room, as the server says it: clients speak only for their own clientID, and only about where they are.
 * Clocks are the server's own, so that a client that left and came back is seen again. Nothing is stored.
 */
export class Presence {
  readonly #states = new Map<number, PresenceState>();
  readonly #clocks = new Map<number, number>();
  readonly #dirty = new Set<number>();
  readonly #watchers: () => Iterable<Watcher>;
  #timer: NodeJS.Timeout | undefined;

  constructor(watchers: () => Iterable<Watcher>) {
    this.#watchers = watchers;
  }

  /** Takes over what a client says of itself, under the name that the server knows. */
  set(clientId: number, user: PresentUser, said: unknown): void {
    const own = OwnPresence.safeParse(said);
    this.#put(clientId, JSON.stringify({ ...(own.success ? own.data : {}), user }));
  }

  /** A client left. */
  remove(clientId: number): void {
    if (this.#states.has(clientId)) this.#put(clientId, "null");
  }

  /** A frame with everyone who is there but the watcher; undefined in an empty room. */
  frameFor(watcher: Watcher): Uint8Array | undefined {
    const others = [...this.#states.values()].filter(
      (state) => state.clientId !== watcher.clientId && state.json !== "null",
    );
    return others.length > 0 ? encodePresence(others) : undefined;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #put(clientId: number, json: string): void {
    // Counting on from the seconds of the day it began keeps clocks rising when a room was unloaded in between.
    const clock = Math.max((this.#clocks.get(clientId) ?? 0) + 1, Math.floor(Date.now() / 1000));
    this.#clocks.set(clientId, clock);
    this.#states.set(clientId, { clientId, clock, json });
    this.#dirty.add(clientId);
    this.#timer ??= setTimeout(() => this.#flush(), presenceTickMs);
  }

  #flush(): void {
    this.#timer = undefined;
    const changed = [...this.#dirty].flatMap((clientId) => this.#states.get(clientId) ?? []);
    this.#dirty.clear();
    const frame = encodePresence(changed);
    for (const watcher of this.#watchers()) {
      // A client that hears its own state answers with it, and so on without end.
      const others = changed.filter((state) => state.clientId !== watcher.clientId);
      if (others.length > 0) watcher.sendPresence(others.length === changed.length ? frame : encodePresence(others));
    }
    for (const state of changed) if (state.json === "null") this.#states.delete(state.clientId);
  }
}

/**
 * What a client says of itself in an awareness update: null when it leaves, undefined when it says nothing. The stock client repeats
 * what it hears of others; that does not count.
 *
 * @throws {Error} on bytes that are no awareness update.
 */
export function ownStateIn(bytes: Uint8Array, clientId: number): unknown {
  if (bytes.length > 64 * presenceBytesMax) return undefined;
  const own = decodePresence(bytes, 4_096).find((state) => state.clientId === clientId);
  if (!own || own.json.length > presenceBytesMax) return undefined;
  return JSON.parse(own.json);
}
