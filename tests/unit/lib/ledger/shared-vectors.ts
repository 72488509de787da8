import { existsSync } from "node:fs";
import { describe, test } from "vitest";

/** Public test vectors lie beside the project, not in it. */
export const vectorsFolder = new URL("../../../../../shared/vectors/", import.meta.url);

/** Runs `suite` when the vectors are there, and otherwise leaves a skipped test that says what was not checked. */
export function describeWithVectors(name: string, suite: () => void): void {
  if (existsSync(vectorsFolder)) describe(name, suite);
  else test.skip(`NOT CHECKED, ../shared/vectors is absent: ${name}`, () => undefined);
}
