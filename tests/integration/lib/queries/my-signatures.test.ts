import { afterAll, beforeAll, expect, test } from "vitest";
import { mySignatures } from "#lib/queries/my-signatures.ts";
import { openedVersion, signatory } from "#tests/support/signing.ts";
import { createWorld, type World } from "#tests/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

test("who comes back after a year finds what the organization signed and the receipt; nobody finds what others signed", async () => {
  const { versionId } = await openedVersion(world);
  const one = await signatory(world, versionId);
  const other = await signatory(world, versionId);
  const mine = await mySignatures(world.as(one));
  expect(mine.map((row) => row.signActId)).toEqual([one.signature.actId]);
  expect(mine[0]).toMatchObject({ status: "EFFECTIVE", versionNumber: 1, organization: one.organization?.name });
  expect((await mySignatures(world.as(other))).map((row) => row.signActId)).toEqual([other.signature.actId]);
  await expect(mySignatures(world.as(null))).rejects.toMatchObject({ code: "not-signed-in" });
});
