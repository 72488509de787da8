import { Refusal } from "#lib/domain/refusal.ts";
import { Lines } from "#lib/ledger/fields.ts";

/**
 * A reason as it will stand in public and in the log, which nothing is ever taken out of.
 *
 * @throws {Refusal} malformed when it is no sentence, too long, or holds characters that are refused.
 */
export function requirePublicReason(text: string): string {
  const reason = text.normalize("NFC").replaceAll("\r\n", "\n").trim();
  if (reason.length < 5 || reason.length > 800) {
    throw new Refusal("malformed", "Give the reason in a sentence or two; it is published.");
  }
  if (!Lines.safeParse(reason).success) {
    throw new Refusal("malformed", "The reason has characters that cannot be seen or are not allowed in public texts.");
  }
  return reason;
}
