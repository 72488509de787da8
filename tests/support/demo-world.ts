import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startServer } from "./server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The data folder of a stopped server that has just filled its demo world; undefined where it cannot be copied. */
    demoWorld: string | undefined;
  }
}

/**
 * Vitest's global set-up of the journeys: one server fills the demo world, and every file begins with a copy of its data.
 * Filling takes half a minute of both cores, copying a second.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer({}, { world: "new" });
  const ended = await server.stop();
  if (ended !== 0) throw new Error(`The server that fills the demo world ended with ${ended}:\n${server.output()}`);
  // Where the postgres user cannot enter the data folder, the rows lie elsewhere and do not go with a copy.
  const isWhole = existsSync(join(server.dataFolder, "postgresql", "PG_VERSION"));
  project.provide("demoWorld", isWhole ? server.dataFolder : undefined);
  return () => server.remove();
}
