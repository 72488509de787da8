import { backToDrafting } from "#lib/commands/back-to-drafting.ts";
import { closeWithoutAdoption } from "#lib/commands/close-without-adoption.ts";
import { freezeCandidate } from "#lib/commands/freeze-candidate.ts";
import { inviteToSign } from "#lib/commands/invite-to-sign.ts";
import { openForSignature } from "#lib/commands/open-for-signature.ts";
import { takePosition } from "#lib/commands/take-position.ts";
import { withdrawCandidate } from "#lib/commands/withdraw-candidate.ts";
import type { Store } from "#lib/data/store.ts";
import type { PositionValue } from "#lib/domain/adoption.ts";
import { defaultPolicy } from "#lib/domain/policy.ts";
import { adopt, comments, type DaysAgo, edits, lead, officer, openDraft, person } from "./drafting-steps.ts";
import { contextOf, type DemoPeople } from "./people.ts";
import { sign } from "./signing.ts";
import { attributionStatement, cableCompact, modelCharter } from "./texts.ts";

/** The charter in drafting: it was once a candidate, an objection brought it back, and it is lively. */
export async function seedDrafting(db: Store["db"], people: DemoPeople, daysAgo: DaysAgo): Promise<void> {
  const table = ["meridian", "northlight", "openrights", "sakura", "lakeside", "valdora"];
  const draft = await openDraft(db, people, {
    table,
    markdown: modelCharter,
    purpose: "Operators of automated decisions say what those who are affected may know, understand and ask for.",
    at: daysAgo(60),
    policy: { ...defaultPolicy, withdrawalNoticeDays: 60 },
  });
  const touched = await edits(db, people, draft.roomId, daysAgo, [
    [
      "northlight",
      57,
      {
        kind: "reword",
        find: "before it is made where that is possible",
        put: "before it is made, and at the latest with it",
      },
    ],
    [
      "openrights",
      55,
      {
        kind: "add",
        after: "We publish a list of the systems",
        text: "We publish how often each system was wrong, as far as we know it.",
      },
    ],
    ["sakura", 52, { kind: "reword", find: "at least two years", put: "at least one year" }],
    ["lakeside", 50, { kind: "reword", find: "at least one year", put: "at least eighteen months" }],
    [
      "valdora",
      45,
      {
        kind: "reword",
        find: "We answer within fifteen working days.",
        put: "We answer within ten working days, and say why where we need longer.",
      },
    ],
  ]);
  const candidate = await freezeCandidate(contextOf(db, lead(people, "meridian"), daysAgo(30)), {
    charterId: draft.charterId,
  });
  const positions: [string, PositionValue, string, string][] = [
    ["meridian", "AGREE", "", ""],
    ["northlight", "AGREE", "", ""],
    ["lakeside", "CAN_ACCEPT", "We would have preferred two years.", ""],
    ["openrights", "AGREE", "", ""],
    [
      "sakura",
      "OBJECT",
      "Publishing error rates of single systems reveals trade secrets of suppliers.",
      "Publish them per kind of use instead of per system.",
    ],
  ];
  for (const [key, value, reason, remedy] of positions) {
    const ctx = contextOf(db, lead(people, key), daysAgo(28));
    await takePosition(ctx, { charterId: draft.charterId, versionId: candidate.versionId, value, reason, remedy });
  }
  const back = contextOf(db, lead(people, "meridian"), daysAgo(25));
  const reopened = await withdrawCandidate(back, {
    charterId: draft.charterId,
    reason: "To meet the objection of Sakura Semiconductor.",
  });
  await backToDrafting(back, { charterId: draft.charterId });
  await edits(db, people, reopened.roomId, daysAgo, [
    [
      "sakura",
      20,
      {
        kind: "reword",
        find: "how often each system was wrong",
        put: "how often our systems were wrong, for each kind of use",
      },
    ],
    [
      "openrights",
      12,
      { kind: "reword", find: "as far as we know it", put: "once a year and with the method by which we counted" },
    ],
    [
      "northlight",
      3,
      {
        kind: "reword",
        find: "has the knowledge, the time and the power",
        put: "has the knowledge, the time, the records and the power",
      },
    ],
  ]);
  await comments(db, people, draft.charterId, touched, daysAgo);
}

/** The compact whose text is adopted and signed under seal, to open in a few days. */
export async function seedToOpen(db: Store["db"], people: DemoPeople, daysAgo: DaysAgo): Promise<void> {
  const table = ["savanna", "northlight", "valdora"];
  const draft = await openDraft(db, people, {
    table,
    markdown: cableCompact,
    purpose: "Those who lay, use and depend on undersea cables say how they will mend them together.",
    at: daysAgo(90),
    policy: { ...defaultPolicy, withdrawalNoticeDays: 90 },
  });
  const versionId = await adopt(db, people, draft.charterId, table, { AGREE: table }, daysAgo, 40);
  const opens = daysAgo(-5).toISOString().slice(0, 10);
  await openForSignature(contextOf(db, lead(people, "savanna"), daysAgo(30)), {
    versionId,
    opening: { kind: "at", wallTime: `${opens}T09:00`, zone: "Africa/Nairobi" },
  });
  const signers = ["savanna", "valdora", "copperline", "bluefjord", "zephyr", "nimbus"];
  for (const key of [...signers, "meridian", "harbor"]) {
    const { organization, officer: invited } = person(people, key);
    const { legalName } = organization;
    const invitation = { versionId, legalName, email: invited.email, message: "We would be glad to open with you." };
    await inviteToSign(contextOf(db, lead(people, "savanna"), daysAgo(29)), invitation);
  }
  for (const [at, key] of signers.entries()) await sign(db, officer(people, key), versionId, daysAgo(28 - at), "");
}

/** The statement that found no agreement. */
export async function seedAbandoned(db: Store["db"], people: DemoPeople, daysAgo: DaysAgo): Promise<void> {
  const table = ["harbor", "northlight", "valdora", "openrights"];
  const draft = await openDraft(db, people, {
    table,
    markdown: attributionStatement,
    purpose: "A common standard of evidence before an incident is attributed in public.",
    at: daysAgo(300),
    policy: { ...defaultPolicy, adoptionRule: "unanimity" },
  });
  const lastly = lead(people, "harbor");
  const { versionId } = await freezeCandidate(contextOf(db, lastly, daysAgo(270)), { charterId: draft.charterId });
  const objection = {
    value: "OBJECT" as const,
    reason: "Two organizations of one country are not independent of each other.",
    remedy: "Ask for findings from two countries.",
  };
  await takePosition(contextOf(db, lead(people, "openrights"), daysAgo(268)), {
    charterId: draft.charterId,
    versionId,
    ...objection,
  });
  await closeWithoutAdoption(contextOf(db, lastly, daysAgo(240)), {
    charterId: draft.charterId,
    reason: "The organizations at the table could not agree on what makes two findings independent.",
  });
}
