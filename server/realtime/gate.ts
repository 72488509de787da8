import { bytesPerSecondMax } from "#lib/protocol/limits.ts";
import { messageAwareness, messageSync, syncStep1 } from "#lib/protocol/messages.ts";

/** Frames that may wait before the socket is left unread. */
const waitingMax = 1_000;

/**
 * Stands before the intake of somebody who may write: an update, and whatever comes after it, waits until the right is confirmed. Nothing passes
 * any more once it is closed.
 */
export class Gate {
  readonly #confirm: () => Promise<void> | undefined;
  readonly #pass: (bytes: Uint8Array) => void;
  #waiting: Uint8Array[] | undefined;
  #waitingBytes = 0;
  #waitingSince: number | undefined;
  #isClosed = false;

  constructor(confirm: () => Promise<void> | undefined, pass: (bytes: Uint8Array) => void) {
    this.#confirm = confirm;
    this.#pass = pass;
  }

  /** Since when the oldest frame waits, in ms of `performance.now()`; undefined when none does. */
  get waitingSince(): number | undefined {
    return this.#waitingSince;
  }

  /** Whether so much waits that the socket should not be read. */
  get isFull(): boolean {
    return (this.#waiting?.length ?? 0) >= waitingMax || this.#waitingBytes > bytesPerSecondMax;
  }

  /** Lets a frame through now or later, in order. */
  receive(bytes: Uint8Array): void {
    if (this.#isClosed) return;
    if (this.#waiting) {
      this.#waiting.push(bytes);
      this.#waitingBytes += bytes.length;
      return;
    }
    const confirmation = isUpdate(bytes) ? this.#confirm() : undefined;
    if (confirmation !== undefined) this.#wait(confirmation, bytes);
    else this.#pass(bytes);
  }

  /** What waits is not wanted any more. */
  close(): void {
    this.#isClosed = true;
    this.#clear();
  }

  #wait(confirmation: Promise<void>, bytes: Uint8Array): void {
    this.#waiting = [bytes];
    this.#waitingBytes = bytes.length;
    this.#waitingSince = performance.now();
    void confirmation.then(() => {
      const frames = this.#waiting ?? [];
      this.#clear();
      for (const frame of frames) this.receive(frame);
    });
  }

  #clear(): void {
    this.#waiting = undefined;
    this.#waitingBytes = 0;
    this.#waitingSince = undefined;
  }
}

/** Whether a frame may bring something to write: all but what surely does not, since a number can be spelled in more bytes than it needs. */
function isUpdate([kind, step]: Uint8Array): boolean {
  return kind !== messageAwareness && kind !== queryAwareness && !(kind === messageSync && step === syncStep1);
}

/** The stock client asks who is there. */
const queryAwareness = 3;
