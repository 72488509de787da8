import { decodePresence, encodePresenceState, presenceFrame } from "#lib/protocol/frames.ts";
import {
  presenceBytesMax,
  presenceRepeatMs,
  presenceRoomBytesPerSecond,
  presenceTickMs,
  presenceTickMsMax,
} from "#lib/protocol/limits.ts";
import type { PresentUser } from "#lib/protocol/presence.ts";
import { OwnPresence } from "#lib/protocol/presence.ts";

/** Whoever is shown awareness. */
export type Watcher = { readonly clientId: number; sendPresence(frame: Uint8Array): void };

type Shown = {
  readonly json: string;
  /** The state as it stands in a frame: made once, however many are told. */
  readonly bytes: Uint8Array;
  /** When it was said, in ms of `performance.now()`. */
  readonly at: number;
};

/** How many others somebody is told of on entering; more are seen as soon as they move. */
const shownMax = 200;

/** What somebody leaves behind. */
const gone = "null";

/**
 * Who is in a room, as the server says it: clients speak only for their own clientID, and only about where they are.
 * Clocks are the server's own, so that a client that left and came back is seen again. Nothing is stored. What
 * changed is told at most every `presenceTickMs`, and less often where many are to hear of many.
 */
export class Presence {
  readonly #shown = new Map<number, Shown>();
  readonly #clocks = new Map<number, number>();
  readonly #dirty = new Set<number>();
  readonly #watchers: () => Iterable<Watcher>;
  #timer: NodeJS.Timeout | undefined;
  /** Before this nothing is told, in ms of `performance.now()`. */
  #nextAt = 0;

  constructor(watchers: () => Iterable<Watcher>) {
    this.#watchers = watchers;
  }

  /** Takes over what a client says of itself, under the name that the server knows. True where it has a place in the text. */
  set(clientId: number, user: PresentUser, said: unknown): boolean {
    const own = OwnPresence.safeParse(said);
    const json = JSON.stringify({ ...(own.success ? own.data : {}), user });
    const shown = this.#shown.get(clientId);
    if (shown?.json !== json || performance.now() - shown.at >= presenceRepeatMs) this.#put(clientId, json);
    return own.success && Boolean(own.data.cursor);
  }

  /** A client left. */
  remove(clientId: number): void {
    if (this.#shown.has(clientId)) this.#put(clientId, gone);
  }

  /** A frame with everyone who is there but the watcher, of a crowd those who moved last; undefined in an empty room. */
  frameFor(watcher: Watcher): Uint8Array | undefined {
    const present = [...this.#shown].filter(([clientId, { json }]) => clientId !== watcher.clientId && json !== gone);
    if (present.length > shownMax) present.sort(([, one], [, other]) => other.at - one.at);
    const others = present.slice(0, shownMax).map(([, { bytes }]) => bytes);
    return others.length > 0 ? presenceFrame(others) : undefined;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #put(clientId: number, json: string): void {
    // Counting on from the seconds of the day it began keeps clocks rising when a room was unloaded in between.
    const clock = Math.max((this.#clocks.get(clientId) ?? 0) + 1, Math.floor(Date.now() / 1000));
    this.#clocks.set(clientId, clock);
    const at = performance.now();
    this.#shown.set(clientId, { json, bytes: encodePresenceState({ clientId, clock, json }), at });
    this.#dirty.add(clientId);
    this.#schedule();
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => this.#flush(), Math.max(presenceTickMs, this.#nextAt - performance.now()));
  }

  #flush(): void {
    this.#timer = undefined;
    const watchers = [...this.#watchers()];
    const changed = this.#takeChanged(watchers.length);
    const told = new Set(changed.map(({ clientId }) => clientId));
    const everyone = presenceFrame(changed.map(({ bytes }) => bytes));
    let sent = 0;
    for (const watcher of watchers) {
      // A client that hears its own state answers with it, and so on without end.
      const frame = told.has(watcher.clientId) ? frameWithout(changed, watcher.clientId) : everyone;
      if (frame) watcher.sendPresence(frame);
      sent += frame?.length ?? 0;
    }
    for (const clientId of told) if (this.#shown.get(clientId)?.json === gone) this.#shown.delete(clientId);
    this.#nextAt = performance.now() + Math.min(presenceTickMsMax, (sent * 1_000) / presenceRoomBytesPerSecond);
    if (this.#dirty.size > 0) this.#schedule();
  }

  /** What changed, in the order in which it did: no more than so many may be told of at once, the rest the next time. */
  #takeChanged(watchers: number): { readonly clientId: number; readonly bytes: Uint8Array }[] {
    let left = (presenceRoomBytesPerSecond * presenceTickMsMax) / 1_000 / Math.max(1, watchers);
    const changed: { readonly clientId: number; readonly bytes: Uint8Array }[] = [];
    for (const clientId of this.#dirty) {
      const bytes = this.#shown.get(clientId)?.bytes;
      if (changed.length > 0 && left < (bytes?.length ?? 0)) break;
      this.#dirty.delete(clientId);
      if (!bytes) continue;
      changed.push({ clientId, bytes });
      left -= bytes.length;
    }
    return changed;
  }
}

function frameWithout(
  changed: readonly { readonly clientId: number; readonly bytes: Uint8Array }[],
  own: number,
): Uint8Array | undefined {
  const others = changed.flatMap(({ clientId, bytes }) => (clientId === own ? [] : [bytes]));
  return others.length > 0 ? presenceFrame(others) : undefined;
}

/**
 * What a client says of itself in an awareness update: null when it leaves, undefined when it says nothing. The stock client repeats
 * what it hears of others; that does not count, and a long one is not even read: of itself it speaks alone.
 *
 * @throws {Error} on bytes that are no awareness update.
 */
export function ownStateIn(bytes: Uint8Array, clientId: number): unknown {
  if (bytes.length > 2 * presenceBytesMax) return undefined;
  const own = decodePresence(bytes, 4_096).find((state) => state.clientId === clientId);
  if (!own || own.json.length > presenceBytesMax) return undefined;
  return JSON.parse(own.json);
}
