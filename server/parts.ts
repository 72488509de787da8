import { access } from "node:fs/promises";
import type { House, SeedDemo, StartPart, StartRealtime } from "./house.ts";

/** The parts beside the pages, each with the export that starts it. Each is a bundle of its own, loaded only where its role is played. */
type Exports = {
  "realtime/start": { startRealtime: StartRealtime };
  "signer/start": { startSigner: StartPart };
  "jobs/start": { startJobs: StartPart };
  "demo/seed": { seedDemo: SeedDemo };
};

/** The module of a part, or undefined where this installation was built without it. */
export async function findPart<Name extends keyof Exports>(name: Name): Promise<Exports[Name] | undefined> {
  // Beside this very file: the bundler puts main.js, its chunks and the parts' folders into one place.
  const url = new URL(`./${name}.js`, import.meta.url);
  const exists = await access(url).then(
    () => true,
    () => false,
  );
  return exists ? import(url.href) : undefined;
}
