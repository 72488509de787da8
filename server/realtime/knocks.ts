import { createHash } from "node:crypto";
import { Attempts } from "./attempts.ts";
import type { Limits } from "./limits.ts";

/** Sessions that are remembered as having been let in. */
const knownMax = 20_000;

/** Who knocks: the address, and the session that the request names, true or not. */
export type Knock = { readonly address: string; readonly session: string | undefined };

/**
 * Who was refused at the door too often to be looked at again in this minute, so that guessing costs the database little. Counted by
 * session and by address. An address that is over its measure turns away whoever names no session; a colleague behind the same one, whose
 * session was let in before, is asked for as ever. A session never seen is asked for too, until the address is over a larger measure: anybody
 * can invent one. Being known here opens nothing; it is only asked then.
 */
export class Knocks {
  readonly #failed: Attempts;
  readonly #failedWithSession: Attempts;
  readonly #known = new Set<string>();

  constructor({
    failedAttemptsPerMinuteMax,
    failedWithSessionPerMinuteMax,
  }: Pick<Limits, "failedAttemptsPerMinuteMax" | "failedWithSessionPerMinuteMax">) {
    this.#failed = new Attempts(failedAttemptsPerMinuteMax);
    this.#failedWithSession = new Attempts(failedWithSessionPerMinuteMax);
  }

  /** Whether this one was refused too often for another look. */
  isTooOften({ address, session }: Knock): boolean {
    const isAddressOver = this.#failed.isExceeded(address);
    if (session === undefined) return isAddressOver;
    const name = nameOf(session);
    if (this.#failed.isExceeded(name)) return true;
    return isAddressOver && this.#failedWithSession.isExceeded(address) && !this.#known.has(name);
  }

  /** It was looked who this is, and they have no right to come in. */
  refused({ address, session }: Knock): void {
    this.#failed.note(address);
    this.#failedWithSession.note(address);
    if (session !== undefined) this.#failed.note(nameOf(session));
  }

  /** This one came in. */
  admitted({ session }: Knock): void {
    if (session === undefined) return;
    const name = nameOf(session);
    // To the end, so that those who came last are remembered longest.
    this.#known.delete(name);
    this.#known.add(name);
    const [oldest] = this.#known;
    if (this.#known.size > knownMax && oldest !== undefined) this.#known.delete(oldest);
  }
}

/** Of one length, no matter what was sent, and no key to anything; never the name of an address. */
function nameOf(session: string): string {
  return `session ${createHash("sha256").update(session).digest("base64url")}`;
}
