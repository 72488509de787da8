import { presencePerSecondMax, presenceTickMs } from "#lib/protocol/limits.ts";
import type { PresentUser } from "#lib/protocol/presence.ts";
import { Bucket } from "./bucket.ts";
import { ownStateIn } from "./presence.ts";
import type { Room } from "./room.ts";

/** What an own presence needs of the connection that it belongs to. */
export type Speaker = { readonly clientId: number; readonly user: PresentUser; readonly mode: "write" | "read" };

/** Where the person at one socket is, as that socket says it: no faster than it may, and of what is said too often the last word counts. */
export class OwnPresence {
  readonly #room: Room;
  readonly #speaker: Speaker;
  readonly #words = new Bucket(presencePerSecondMax, performance.now());
  #later: { said: unknown } | undefined;
  #hasLeft = false;

  constructor(room: Room, speaker: Speaker) {
    this.#room = room;
    this.#speaker = speaker;
  }

  enter(): void {
    this.#room.presence.set(this.#speaker.clientId, this.#speaker.user, {});
  }

  /** @throws {Error} on bytes that are no awareness update. */
  take(bytes: Uint8Array): void {
    const said = ownStateIn(bytes, this.#speaker.clientId);
    if (said !== undefined) this.#say(said);
  }

  /** The socket is gone. */
  leave(): void {
    this.#hasLeft = true;
    const { clientId } = this.#speaker;
    // The same browser may be back already on another socket.
    if (![...this.#room.peers].some((peer) => peer.clientId === clientId)) this.#room.presence.remove(clientId);
  }

  #say(said: unknown): void {
    const { clientId, user, mode } = this.#speaker;
    if (!this.#words.take(1, performance.now())) this.#sayLater(said);
    // Who says to be gone and is still here is here: nobody listens in a room unseen.
    else if (this.#room.presence.set(clientId, user, said ?? {}) && mode === "write") this.#room.expectEdit();
  }

  #sayLater(said: unknown): void {
    if (this.#later === undefined)
      setTimeout(() => {
        const last = this.#later;
        this.#later = undefined;
        if (last && !this.#hasLeft) this.#say(last.said);
      }, presenceTickMs);
    this.#later = { said };
  }
}
