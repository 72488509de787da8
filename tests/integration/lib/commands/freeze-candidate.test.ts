import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freezeCandidate } from "#lib/commands/freeze-candidate.ts";
import { createWorld, type World } from "#tests/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

test("the fingerprint of a candidate is the SHA-256 of its canonical text, computed independently", async () => {
  const { charterId, convenor } = await world.charter();
  const frozen = await freezeCandidate(world.as(convenor), { charterId });
  const row = await world.store.db.charterVersion.findUniqueOrThrow({ where: { id: frozen.versionId } });
  const ids = (await world.store.db.clauseRevision.findMany({ where: { charterId } })).length;
  expect(ids).toBeGreaterThanOrEqual(0);
  const canonical = JSON.parse(Buffer.from(row.canonical).toString("utf8"));
  const independent = createHash("sha256").update(independentJcs(canonical)).digest("hex");
  expect(frozen.sha256Hex).toBe(independent);
  expect(canonical.clauses.map((one: { number: string }) => one.number)).toEqual([
    "1",
    "1.1",
    "1.2",
    "1.3",
    "2",
    "2.1",
  ]);
});

/** RFC 8785 for the values used here, written without the project's own code. */
function independentJcs(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(independentJcs).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const pairs = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${pairs.map(([key, one]) => `${JSON.stringify(key)}:${independentJcs(one)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}
