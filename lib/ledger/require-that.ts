import { Refusal } from "#lib/domain/refusal.ts";

/**
 * Goes on only where a check of a record holds; `sentence` says what does not, in the middle of a sentence.
 *
 * @throws {Refusal} evidence-invalid.
 */
export function requireThat(isTrue: unknown, sentence: string): asserts isTrue {
  if (!isTrue) throw new Refusal("evidence-invalid", sentence);
}
