import { afterAll, beforeAll, expect, test } from "vitest";
import { acknowledgePolicy } from "#lib/commands/acknowledge-policy.ts";
import { addComment } from "#lib/commands/add-comment.ts";
import { adoptCandidate } from "#lib/commands/adopt-candidate.ts";
import { askAgain } from "#lib/commands/ask-again.ts";
import { backToDrafting } from "#lib/commands/back-to-drafting.ts";
import { closeWithoutAdoption } from "#lib/commands/close-without-adoption.ts";
import { freezeCandidate } from "#lib/commands/freeze-candidate.ts";
import { resolveThread } from "#lib/commands/resolve-thread.ts";
import { startNewVersion } from "#lib/commands/start-new-version.ts";
import { startThread } from "#lib/commands/start-thread.ts";
import { takePosition } from "#lib/commands/take-position.ts";
import { withdrawCandidate } from "#lib/commands/withdraw-candidate.ts";
import { AdoptionRecord } from "#lib/domain/acts.ts";
import type { PositionValue } from "#lib/domain/adoption.ts";
import { candidateView } from "#lib/queries/candidate-view.ts";
import { charterDashboard } from "#lib/queries/charter-dashboard.ts";
import { draftExport } from "#lib/queries/draft-export.ts";
import { threadsOfClause } from "#lib/queries/threads-of-clause.ts";
import { clauseAt, draftText, edit, rewordClause } from "#tests/support/drafts.ts";
import { createWorld, type World, type WorldCharter, type WorldPerson } from "#tests/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

test("[2] a clause edited after five positions makes exactly those five stale, and nothing is adopted until they are asked again", async () => {
  const { charter, people } = await table(7);
  const { charterId, convenor } = charter;
  const first = await freezeCandidate(world.as(convenor), { charterId });
  const five = people.slice(0, 5);
  for (const person of five) await position(charterId, first.versionId, person, "AGREE");
  await changeClause(charter);
  const second = await freezeCandidate(world.as(convenor), { charterId });
  expect(second.sha256Hex).not.toBe(first.sha256Hex);
  const sixth = people[5];
  if (!sixth) throw new Error("seven people were asked for");
  await position(charterId, second.versionId, sixth, "AGREE");

  const view = await candidateView(world.as(convenor), { charterId });
  const ids = (list: readonly { organizationId: string }[] | undefined) =>
    list?.map((one) => one.organizationId).sort();
  expect(ids(view.evaluation?.standing.STALE)).toEqual(five.map((one) => one.organization?.id ?? "").sort());
  expect(view.positions.filter((one) => one.isStale)).toHaveLength(5);
  const adopt = () => adoptCandidate(world.as(convenor), { charterId, versionId: second.versionId });
  await expect(adopt()).rejects.toMatchObject({ code: "not-adopted", message: expect.stringContaining("again") });

  const { asked } = await askAgain(world.as(convenor), { charterId });
  expect(asked).toHaveLength(5);
  const mails = await world.store.db.outbox.findMany({ where: { kind: "position-asked-again" } });
  expect(mails.map((mail) => mail.to).sort()).toEqual(five.map((one) => one.email).sort());
  await expect(adopt()).resolves.toMatchObject({ outcome: expect.stringContaining("Adopted") });
});

test("positions stay as they are when the candidate is withdrawn and frozen again with the same words", async () => {
  const { charter, people } = await table(2);
  const { charterId, convenor } = charter;
  const first = await freezeCandidate(world.as(convenor), { charterId });
  for (const person of people) await position(charterId, first.versionId, person, "AGREE");
  await withdrawCandidate(world.as(convenor), { charterId, reason: "" });
  const second = await freezeCandidate(world.as(convenor), { charterId });
  expect(second.sha256Hex).toBe(first.sha256Hex);
  const view = await candidateView(world.as(convenor), { charterId });
  expect(view.positions.every((one) => !one.isStale)).toBe(true);
});

test("an objection under consensus stops adoption, also after the words were changed and it was not taken anew", async () => {
  const { charter, people } = await table(3);
  const { charterId, convenor } = charter;
  const [one, two] = people;
  if (!one || !two) throw new Error("three people were asked for");
  const first = await freezeCandidate(world.as(convenor), { charterId });
  await position(charterId, first.versionId, one, "AGREE");
  await position(charterId, first.versionId, two, "OBJECT");
  await expect(adopt(charter, first.versionId)).rejects.toMatchObject({ code: "not-adopted" });
  await withdrawCandidate(world.as(convenor), { charterId, reason: "an objection" });
  await expect(freezeCandidate(world.as(convenor), { charterId })).rejects.toMatchObject({ code: "blocked" });
  await backToDrafting(world.as(convenor), { charterId });
  const clause = await clauseAt(world, charterId, "1.1");
  await rewordClause(world, charterId, convenor, clause.id, "Signatories pay fairly and on time.");
  const second = await freezeCandidate(world.as(convenor), { charterId });
  await position(charterId, second.versionId, one, "AGREE");
  await askAgain(world.as(convenor), { charterId });
  await expect(adopt(charter, second.versionId)).rejects.toMatchObject({
    code: "not-adopted",
    message: expect.stringContaining(two.organization?.name ?? "?"),
  });
  await position(charterId, second.versionId, two, "CAN_ACCEPT");
  await expect(adopt(charter, second.versionId)).resolves.toBeDefined();
  const row = await world.store.db.charterVersion.findUniqueOrThrow({ where: { id: second.versionId } });
  const record = AdoptionRecord.parse(row.adoption);
  expect(record.positions.find((entry) => entry.name === two.organization?.name)?.value).toBe("CAN_ACCEPT");
});

test("an objection names its reason and its remedy, and a position is taken on the text that was read", async () => {
  const { charter, people } = await table(1);
  const { charterId, convenor } = charter;
  const person = people[0] ?? convenor;
  const { versionId } = await freezeCandidate(world.as(convenor), { charterId });
  const bare = { charterId, versionId, value: "OBJECT", reason: "No.", remedy: "" } as const;
  await expect(takePosition(world.as(person), bare)).rejects.toMatchObject({ code: "malformed" });
  await changeClause(charter);
  await freezeCandidate(world.as(convenor), { charterId });
  await expect(position(charterId, versionId, person, "AGREE")).rejects.toMatchObject({ code: "text-changed" });
});

test("who no longer objects asks for no remedy, whatever is left in the form", async () => {
  const { charter, people } = await table(1);
  const person = people[0] ?? charter.convenor;
  const { charterId } = charter;
  const { versionId } = await freezeCandidate(world.as(charter.convenor), { charterId });
  await position(charterId, versionId, person, "OBJECT");
  world.advance(1000);
  const left = { charterId, versionId, value: "AGREE", reason: "", remedy: "Say less." } as const;
  await takePosition(world.as(person), left);
  await takePosition(world.as(person), left);
  const rows = await world.store.db.position.findMany({ where: { versionId }, orderBy: { at: "asc" } });
  expect(rows.map(({ value, remedy }) => [value, remedy])).toEqual([
    ["OBJECT", "Say less."],
    ["AGREE", ""],
  ]);
});

test("only a representative takes a position, and the same one twice is written once", async () => {
  const { charter, people } = await table(1);
  const person = people[0] ?? charter.convenor;
  const { charterId } = charter;
  const { versionId } = await freezeCandidate(world.as(charter.convenor), { charterId });
  const drafter = await world.person(person.organization, ["drafter"]);
  await expect(position(charterId, versionId, drafter, "AGREE")).rejects.toMatchObject({ code: "not-permitted" });
  await position(charterId, versionId, person, "AGREE");
  await position(charterId, versionId, person, "AGREE");
  expect(await world.store.db.position.count({ where: { versionId } })).toBe(1);
});

test("two who adopt at the same moment adopt once", async () => {
  const { charter } = await table(1);
  const { charterId, convenor } = charter;
  const { versionId } = await freezeCandidate(world.as(convenor), { charterId });
  await position(charterId, versionId, convenor, "AGREE");
  await Promise.all([adopt(charter, versionId), adopt(charter, versionId)]);
  expect(await world.store.db.act.count({ where: { charterId, kind: "adopt" } })).toBe(1);
});

test("the act of adoption, which becomes public, names no organization's position", async () => {
  const { charter } = await table(1);
  const { versionId } = await freezeCandidate(world.as(charter.convenor), { charterId: charter.charterId });
  await position(charter.charterId, versionId, charter.convenor, "AGREE");
  await adopt(charter, versionId);
  const act = await world.store.db.act.findFirstOrThrow({ where: { charterId: charter.charterId, kind: "adopt" } });
  expect(JSON.stringify(act.payload)).not.toContain(charter.convenor.organization?.name ?? "?");
});

test("comments never get into the frozen text, the export or its fingerprint", async () => {
  const { charter, people } = await table(1);
  const { charterId, convenor } = charter;
  const clause = await clauseAt(world, charterId, "1.1");
  const before = await draftExport(world.as(convenor), { charterId });
  const secret = "privately-we-doubt-this";
  const other = people[0] ?? convenor;
  const { threadId } = await startThread(world.as(other), {
    charterId,
    clauseId: clause.id,
    body: `${secret} @`,
    mentions: [convenor.userId],
    quote: "pay fairly",
    anchor: null,
  });
  await addComment(world.as(convenor), { threadId, body: `${secret} too`, mentions: [] });
  const mail = await world.store.db.outbox.findFirst({ where: { kind: "comment-mention", to: convenor.email } });
  expect(mail).not.toBeNull();
  expect((await draftExport(world.as(convenor), { charterId })).markdown).toBe(before.markdown);
  const { versionId } = await freezeCandidate(world.as(convenor), { charterId });
  const row = await world.store.db.charterVersion.findUniqueOrThrow({ where: { id: versionId } });
  expect(Buffer.from(row.canonical).toString("utf8")).not.toContain(secret);
  await resolveThread(world.as(convenor), { threadId, isResolved: true });
  const { threads } = await threadsOfClause(world.as(other), { charterId, clauseId: clause.id });
  expect(threads[0]).toMatchObject({ resolvedBy: convenor.name, comments: [{}, {}] });
});

test("a round closed without adoption leaves nothing public and keeps its record for the table", async () => {
  const { charter, people } = await table(1);
  const { charterId, convenor } = charter;
  await freezeCandidate(world.as(convenor), { charterId });
  await closeWithoutAdoption(world.as(convenor), { charterId, reason: "No common ground." });
  await closeWithoutAdoption(world.as(convenor), { charterId, reason: "Pressed twice." });
  const row = await world.store.db.charter.findUniqueOrThrow({ where: { id: charterId } });
  expect(row).toMatchObject({ visibility: "PRIVATE", slug: null, publishedAt: null });
  expect(await world.store.db.actPublication.count({ where: { charterId } })).toBe(0);
  expect(await world.store.db.act.count({ where: { charterId, kind: "abandon" } })).toBe(1);
  const view = await charterDashboard(world.as(people[0] ?? convenor), { charterId });
  expect(view).toMatchObject({ closedReason: "No common ground.", head: { state: "ABANDONED" } });
  await expect(freezeCandidate(world.as(convenor), { charterId })).rejects.toMatchObject({ code: "conflict" });
  await expect(startNewVersion(world.as(convenor), { charterId })).rejects.toMatchObject({ code: "conflict" });
});

test("late edits are refused once the text is frozen, and the frozen text stays what it was", async () => {
  const { charter } = await table(1);
  const { charterId, convenor } = charter;
  const clause = await clauseAt(world, charterId, "1.1");
  const { versionId, sha256Hex } = await freezeCandidate(world.as(convenor), { charterId });
  await expect(rewordClause(world, charterId, convenor, clause.id, "Too late.")).rejects.toMatchObject({
    code: "frozen",
  });
  const view = await candidateView(world.as(convenor), { charterId });
  expect(view.candidate).toMatchObject({ versionId, sha256Hex });
});

test("a withdrawn candidate goes on in a new room with the same words and the same clause ids", async () => {
  const { charter } = await table(1);
  const { charterId, convenor } = charter;
  const before = await draftText(world, charterId);
  await freezeCandidate(world.as(convenor), { charterId });
  const { generation, roomId } = await withdrawCandidate(world.as(convenor), { charterId, reason: "a typo" });
  expect({ generation, isNew: roomId !== charter.roomId }).toEqual({ generation: 2, isNew: true });
  expect(await draftText(world, charterId)).toEqual(before);
});

test("text with hidden characters is not frozen, and the refusal names the character and the clause", async () => {
  const { charter } = await table(1);
  const { charterId, convenor } = charter;
  const clause = await clauseAt(world, charterId, "1.2");
  await rewordClause(world, charterId, convenor, clause.id, "Signatories \u202Eyrev report.");
  await expect(freezeCandidate(world.as(convenor), { charterId })).rejects.toMatchObject({
    code: "blocked",
    message: expect.stringMatching(/U\+202E.*clause 1\.2/),
  });
});

test("a text without any words is not frozen", async () => {
  const { charter } = await table(1);
  const { charterId, convenor } = charter;
  await edit(world, charterId, convenor, (doc) => {
    const root = doc.getXmlFragment("charter");
    root.delete(1, root.length - 1);
  });
  await expect(freezeCandidate(world.as(convenor), { charterId })).rejects.toMatchObject({ code: "blocked" });
});

test("a policy is acknowledged once, and its first moment stays", async () => {
  const { charter, people } = await table(1);
  const person = people[0] ?? charter.convenor;
  const first = await acknowledgePolicy(world.as(person), { charterId: charter.charterId });
  world.advance(60_000);
  expect(await acknowledgePolicy(world.as(person), { charterId: charter.charterId })).toEqual(first);
});

/** A charter with this many organizations beside the convenor's, each with a representative. */
async function table(count: number): Promise<{ charter: WorldCharter; people: WorldPerson[] }> {
  const people: WorldPerson[] = [];
  for (let at = 0; at < count; at += 1) people.push(await world.person(await world.organization()));
  return { charter: await world.charter({ participants: people }), people };
}

async function position(charterId: string, versionId: string, person: WorldPerson, value: PositionValue) {
  world.advance(1000);
  const words = value === "OBJECT" ? { reason: "It goes too far.", remedy: "Say less." } : { reason: "", remedy: "" };
  return takePosition(world.as(person), { charterId, versionId, value, ...words });
}

async function adopt({ charterId, convenor }: WorldCharter, versionId: string) {
  return adoptCandidate(world.as(convenor), { charterId, versionId });
}

/** Candidate withdrawn, back to drafting, one clause reworded. */
async function changeClause({ charterId, convenor }: WorldCharter): Promise<void> {
  await withdrawCandidate(world.as(convenor), { charterId, reason: "better words" });
  await backToDrafting(world.as(convenor), { charterId });
  const clause = await clauseAt(world, charterId, "1.2");
  await rewordClause(world, charterId, convenor, clause.id, "Signatories report every year, in public.");
}
