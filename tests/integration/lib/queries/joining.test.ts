import { afterAll, beforeAll, expect, test } from "vitest";
import { loadCeremony } from "#lib/queries/ceremony.ts";
import { loadJoining } from "#lib/queries/joining.ts";
import { openedVersion } from "#tests/support/signing.ts";
import { createWorld, type World } from "#tests/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

test("an organization of a class that may not sign is told so before it goes through a verification for nothing", async () => {
  const { versionId, charterId } = await openedVersion(world, { policy: { participantClasses: ["company"] } });
  const { slug } = await world.store.db.charter.findUniqueOrThrow({ where: { id: charterId }, select: { slug: true } });
  const person = await world.person(await world.organization(), ["admin", "signing-officer"]);
  await world.store.db.organization.update({
    where: { id: person.organization?.id ?? "" },
    data: { class: "academia" },
  });

  const { steps } = await loadJoining(world.as(person), slug ?? "");
  const now = steps.find((one) => one.state === "now");
  expect(now?.key).toBe("organization");
  expect(now?.sentence).toContain("not addressed to organizations of your class");

  const { standing } = await loadCeremony(world.as(person), versionId, person.organization?.id);
  expect(standing).toMatchObject({ kind: "blocked", code: "not-permitted" });
});

test("an organization that may sign is led on to its verification", async () => {
  const { charterId } = await openedVersion(world);
  const { slug } = await world.store.db.charter.findUniqueOrThrow({ where: { id: charterId }, select: { slug: true } });
  const person = await world.person(await world.organization(), ["admin", "signing-officer"]);
  const { steps } = await loadJoining(world.as(person), slug ?? "");
  expect(steps.find((one) => one.key === "organization")?.state).toBe("done");
});
