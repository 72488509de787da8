import { disputeSignature } from "#lib/commands/dispute-signature.ts";
import { examineSignature } from "#lib/commands/examine-signature.ts";
import { openForSignature } from "#lib/commands/open-for-signature.ts";
import { proposeCorrection } from "#lib/commands/propose-correction.ts";
import { publishDueCorrections } from "#lib/commands/publish-corrections.ts";
import { settleDispute } from "#lib/commands/settle-dispute.ts";
import { startNewVersion } from "#lib/commands/start-new-version.ts";
import type { Context } from "#lib/data/context.ts";
import type { Store } from "#lib/data/store.ts";
import { defaultPolicy } from "#lib/domain/policy.ts";
import type { Reservation } from "#lib/domain/reservation.ts";
import { parseCanonicalVersion } from "#lib/ledger/canonical-version.ts";
import { adopt, type DaysAgo, edits, lead, officer, openDraft, statementOf } from "./drafting-steps.ts";
import { demoOrganizations } from "./organizations.ts";
import { contextOf, type DemoActor, type DemoPeople } from "./people.ts";
import { sign, withdraw } from "./signing.ts";
import { disclosureAccord } from "./texts.ts";

/** The accord that is in effect in its second version, with a withdrawal from the first. */
export async function seedInEffect(db: Store["db"], people: DemoPeople, daysAgo: DaysAgo): Promise<void> {
  const table = ["northlight", "meridian", "openrights", "lakeside"];
  const draft = await openDraft(db, people, {
    table,
    markdown: disclosureAccord,
    purpose: "Organizations that build and run digital systems say how they listen to those who find faults in them.",
    at: daysAgo(640),
    policy: { ...defaultPolicy, entryRule: { kind: "at-threshold", count: 8 }, reservationPolicy: "any-clause" },
  });
  await edits(db, people, draft.roomId, daysAgo, [
    ["meridian", 636, { kind: "reword", find: "within five working days", put: "within three working days" }],
    [
      "openrights",
      634,
      {
        kind: "reword",
        find: "We do not threaten or sue a finder",
        put: "We do not threaten, sue or report to the police a finder",
      },
    ],
    [
      "northlight",
      633,
      {
        kind: "add",
        after: "We do not ask a finder to sign",
        text: "We tell the finder, at least once a month, how far we have come.",
      },
    ],
    [
      "lakeside",
      630,
      {
        kind: "reword",
        find: "in plain words and without charge",
        put: "in plain words, without charge, and in a form that machines can read",
      },
    ],
  ]);
  const first = await adopt(db, people, draft.charterId, table, { AGREE: table }, daysAgo, 615);
  const northlight = lead(people, "northlight");
  await openForSignature(contextOf(db, northlight, daysAgo(600)), { versionId: first, opening: { kind: "now" } });
  const signers = demoOrganizations
    .map((one) => one.key)
    .filter((key) => !["savanna", "valdora", "osei", "andes-coop", "baltic-tech", "pacific-forum"].includes(key));
  for (const [at, key] of signers.entries()) {
    const day = at < 9 ? 600 - at * 0.01 : 590 - at * 7;
    await sign(db, officer(people, key), first, daysAgo(day), statementOf(key));
  }
  await disputeAndSettle(db, officer(people, "delta"), first, daysAgo(250), daysAgo(235));
  await withdraw(
    db,
    officer(people, "harbor"),
    first,
    daysAgo(210),
    "Harbor Bank will follow the rules of its own sector instead.",
    30,
  );

  const second = await startNewVersion(contextOf(db, northlight, daysAgo(180)), { charterId: draft.charterId });
  await edits(db, people, second.roomId, daysAgo, [
    [
      "openrights",
      175,
      { kind: "reword", find: "it is ninety days after the report", put: "it is sixty days after the report" },
    ],
    [
      "meridian",
      172,
      {
        kind: "add",
        after: "We tell other makers who are affected",
        text: "We tell the authority that people in the country concerned turn to, when many of them are at risk.",
      },
    ],
    [
      "lakeside",
      170,
      {
        kind: "reword",
        find: "before we add what is merely new",
        put: "before we add anything that is merely new, and we say publicly when we could not",
      },
    ],
    [
      "northlight",
      168,
      {
        kind: "reword",
        find: "it is sixty days after the report",
        put: "it is seventy-five days after the the report",
      },
    ],
  ]);
  const newer = await adopt(
    db,
    people,
    draft.charterId,
    table,
    { AGREE: ["northlight", "openrights"], CAN_ACCEPT: ["meridian", "lakeside"] },
    daysAgo,
    120,
  );
  await openForSignature(contextOf(db, northlight, daysAgo(100)), { versionId: newer, opening: { kind: "now" } });
  const again = [
    "northlight",
    "meridian",
    "openrights",
    "lakeside",
    "sakura",
    "aurora",
    "cedar",
    "delta",
    "halcyon",
    "kestrel",
    "nimbus",
    "polaris",
    "redwood",
    "umbra",
    "zephyr",
    "civicnet",
    "pacific-forum",
  ];
  for (const [at, key] of again.entries()) {
    const day = 100 - at * 4 - 0.1;
    const reserved = key === "halcyon" ? [await reservationOf(db, newer)] : [];
    await sign(db, officer(people, key), newer, daysAgo(day), "", reserved);
    if (reserved.length > 0)
      await acceptForm(db, officer(people, key), newer, contextOf(db, northlight, daysAgo(day - 1)));
  }
  await correct(db, northlight, newer, daysAgo(20), daysAgo(5));
}

/** What one organization cannot promise, in its own words. */
async function reservationOf(db: Store["db"], versionId: string): Promise<Reservation> {
  const { canonical } = await db.charterVersion.findUniqueOrThrow({ where: { id: versionId } });
  const { clauses } = parseCanonicalVersion(canonical).text;
  const clause = clauses.find((one) => one.body.some((block) => block.text.includes("seventy-five days")));
  if (!clause) throw new Error("The text names no days that could be reserved.");
  return {
    clauseId: clause.id,
    text: "For devices in hospitals that are in use we count the days from the approval of the repair by the authority.",
  };
}

/** The depositary finds a signature with reservations in due form, and it becomes public. */
async function acceptForm(db: Store["db"], officer: DemoActor, versionId: string, depositary: Context) {
  const { signActId } = await db.signature.findFirstOrThrow({
    where: { versionId, organizationId: officer.organizationId },
    select: { signActId: true },
  });
  await examineSignature(depositary, { actId: signActId, outcome: "accept" });
}

/** An organization doubts its own signature, and the operator finds that it stands. */
async function disputeAndSettle(db: Store["db"], officer: DemoActor, versionId: string, at: Date, settledAt: Date) {
  const { signActId } = await db.signature.findFirstOrThrow({
    where: { versionId, organizationId: officer.organizationId },
    select: { signActId: true },
  });
  await disputeSignature(contextOf(db, officer, at), {
    signActId,
    reason: "The mandate of the officer who signed had not been renewed in time.",
  });
  const operator = await db.user.findFirstOrThrow({ where: { isOperator: true } });
  const actor = { ...officer, userId: operator.id, email: operator.email, isOperator: true, memberships: [] };
  await settleDispute(contextOf(db, actor, settledAt), {
    signActId,
    reason: "The board confirmed the signature afterwards, by a resolution of the same month.",
  });
}

/** A word that stands there twice is taken out in a corrected copy, after the window in which signatories could object. */
async function correct(db: Store["db"], convenor: DemoActor, versionId: string, at: Date, publishedAt: Date) {
  const { canonical } = await db.charterVersion.findUniqueOrThrow({ where: { id: versionId } });
  const { clauses } = parseCanonicalVersion(canonical).text;
  const clause = clauses.find((one) => one.body.some((block) => block.text.includes("the the report")));
  await proposeCorrection(contextOf(db, convenor, at), {
    versionId,
    replacements: [{ clauseId: clause?.id ?? "", wrong: "the the report", right: "the report" }],
    reason: "A word stands there twice.",
  });
  await publishDueCorrections(db, publishedAt);
}
