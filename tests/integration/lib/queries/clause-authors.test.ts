import { afterAll, beforeAll, expect, test } from "vitest";
import { erasePerson } from "#lib/commands/erase-person.ts";
import { recordRevisions } from "#lib/commands/record-revisions.ts";
import { restoreClause } from "#lib/commands/restore-clause.ts";
import { clauseAuthors } from "#lib/queries/clause-authors.ts";
import { clauseHistory } from "#lib/queries/clause-history.ts";
import { clauseAt, deleteClause, rewordClause } from "#tests/support/drafts.ts";
import { createWorld, type World } from "#tests/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

test("a deleted clause that another brings back says who wrote it first and who placed it; an erased person is their organization only", async () => {
  const guest = await world.person(await world.organization());
  const { charterId, roomId, convenor } = await world.charter({ participants: [guest] });
  const { id: clauseId } = await clauseAt(world, charterId, "1.2");
  await rewordClause(world, charterId, guest, clauseId, "Nobody is sued who reports “in good faith”.");
  await recordRevisions(world.store.db, { roomId, now: world.now });
  const { steps } = await clauseHistory(world.as(convenor), { charterId, clauseId });
  await deleteClause(world, charterId, guest, clauseId);
  await recordRevisions(world.store.db, { roomId, now: world.now });
  world.advance(1000);
  await restoreClause(world.as(convenor), { charterId, revisionId: steps.at(-1)?.revisionId ?? "", reason: null });

  const written = await clauseAuthors(world.as(convenor), { charterId, clauseId });
  const first = { organization: guest.organization?.name, person: guest.name };
  const last = { organization: convenor.organization?.name, person: convenor.name };
  expect(written.hands).toContainEqual(expect.objectContaining({ first, last, words: 8 }));
  expect(written.blocks[0]?.runs.map((run) => run.text).join("")).toBe("Nobody is sued who reports “in good faith”.");

  // Somebody stays to keep the organization.
  await world.person(guest.organization, ["admin"]);
  await erasePerson(world.as(guest), guest.email);
  const after = await clauseAuthors(world.as(convenor), { charterId, clauseId });
  expect(after.hands).toContainEqual(expect.objectContaining({ first: { ...first, person: null }, last }));
  const stranger = await world.person(await world.organization());
  await expect(clauseAuthors(world.as(stranger), { charterId, clauseId })).rejects.toMatchObject({ code: "not-found" });
});
