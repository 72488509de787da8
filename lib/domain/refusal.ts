/** Every reason for which Concordat says no. Each door (HTTP status, socket close code) keeps a complete table of these. */
export type RefusalCode =
  | "malformed"
  | "not-signed-in"
  | "not-permitted"
  | "not-found"
  | "conflict"
  | "too-large"
  | "too-many"
  | "expired"
  | "wrong-code"
  | "not-verified"
  | "not-acknowledged"
  | "not-drafting"
  | "frozen"
  | "blocked"
  | "not-adopted"
  | "version-closed"
  | "text-changed"
  | "already-signed"
  | "mandate-missing"
  | "mandate-expired"
  | "evidence-invalid"
  | "not-available"
  | "unavailable";

/**
 * An expected no. The message is one sentence that may be shown to the person: what was wrong and what to do.
 * Anything else that is thrown is a bug or an outage, and is logged but never shown.
 */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Marks a branch that the types say cannot be reached.
 *
 * @throws {Error} always; reaching it is a bug.
 */
export function unreachable(value: never): never {
  throw new Error(`Unreachable: ${JSON.stringify(value)}`);
}
