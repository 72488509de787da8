import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Frees all memory that nothing needs any more, without a flag for the process. */
export function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect !== "function") throw new Error("This engine does not let its garbage be collected.");
  for (let left = 0; left < 3; left += 1) collect();
}
