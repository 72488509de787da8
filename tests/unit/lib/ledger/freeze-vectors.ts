import { mkdirSync, writeFileSync } from "node:fs";
import { vectorFiles } from "./vectors.ts";

// Run by hand when the format changes: `npx tsx tests/unit/lib/ledger/freeze-vectors.ts`.
const folder = new URL("../../../vectors/", import.meta.url);
for (const [name, bytes] of vectorFiles()) {
  mkdirSync(new URL("./", new URL(name, folder)), { recursive: true });
  writeFileSync(new URL(name, folder), bytes);
}
