import { acknowledgePolicy } from "#lib/commands/acknowledge-policy.ts";
import { addComment } from "#lib/commands/add-comment.ts";
import { adoptCandidate } from "#lib/commands/adopt-candidate.ts";
import { answerCharterInvitation } from "#lib/commands/answer-charter-invitation.ts";
import { backToDrafting } from "#lib/commands/back-to-drafting.ts";
import { closeWithoutAdoption } from "#lib/commands/close-without-adoption.ts";
import { createCharter } from "#lib/commands/create-charter.ts";
import { fixPolicyAndOpenDrafting } from "#lib/commands/fix-policy-and-open-drafting.ts";
import { freezeCandidate } from "#lib/commands/freeze-candidate.ts";
import { inviteOrganization } from "#lib/commands/invite-organization.ts";
import { inviteToSign } from "#lib/commands/invite-to-sign.ts";
import { openForSignature } from "#lib/commands/open-for-signature.ts";
import { resolveThread } from "#lib/commands/resolve-thread.ts";
import { startNewVersion } from "#lib/commands/start-new-version.ts";
import { startThread } from "#lib/commands/start-thread.ts";
import { takePosition } from "#lib/commands/take-position.ts";
import { withdrawCandidate } from "#lib/commands/withdraw-candidate.ts";
import type { Store } from "#lib/data/store.ts";
import type { PositionValue } from "#lib/domain/adoption.ts";
import { type CharterPolicy, defaultPolicy } from "#lib/domain/policy.ts";
import { demoOrganizations } from "./organizations.ts";
import { type Change, write } from "./pen.ts";
import { contextOf, type DemoActor, type DemoPeople } from "./people.ts";
import { sign, withdraw } from "./signing.ts";
import { attributionStatement, cableCompact, disclosureAccord, modelCharter } from "./texts.ts";

type DaysAgo = (days: number) => Date;

/** The accord that is in effect in its second version, with a withdrawal from the first. */
export async function seedInEffect(db: Store["db"], people: DemoPeople, daysAgo: DaysAgo): Promise<void> {
  const table = ["northlight", "meridian", "openrights", "lakeside"];
  const draft = await openDraft(db, people, {
    table,
    markdown: disclosureAccord,
    purpose: "Organizations that build and run digital systems say how they listen to those who find faults in them.",
    at: daysAgo(640),
    policy: { ...defaultPolicy, entryRule: { kind: "at-threshold", count: 8 } },
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
      { kind: "reword", find: "it is sixty days after the report", put: "it is seventy-five days after the report" },
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
  for (const [at, key] of again.entries()) await sign(db, officer(people, key), newer, daysAgo(100 - at * 4 - 0.1), "");
}

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

function person(people: DemoPeople, key: string) {
  const found = people.get(key);
  if (!found) throw new Error(`The demo world has no organization ${key}.`);
  return found;
}

function lead(people: DemoPeople, key: string): DemoActor {
  return person(people, key).lead;
}

function officer(people: DemoPeople, key: string): DemoActor {
  return person(people, key).officer;
}

type NewDraft = { table: readonly string[]; markdown: string; purpose: string; at: Date; policy: CharterPolicy };

/** Opens a draft with everybody of the table seated and the policy acknowledged by those who can write. */
async function openDraft(
  db: Store["db"],
  people: DemoPeople,
  draft: NewDraft,
): Promise<{ charterId: string; roomId: string }> {
  const [convenor = "", ...others] = draft.table;
  const by = lead(people, convenor);
  const ctx = contextOf(db, by, draft.at);
  const { markdown, purpose, policy } = draft;
  const charter = await createCharter(ctx, {
    organizationId: by.organizationId,
    template: "multi-party-accord",
    markdown,
    title: "",
    purpose,
    displayType: "Charter",
    language: "en",
    policy,
  });
  await fixPolicyAndOpenDrafting(ctx, { charterId: charter.charterId });
  for (const key of others) {
    const guest = lead(people, key);
    const legalName = people.get(key)?.organization.legalName ?? key;
    const invite = {
      charterId: charter.charterId,
      legalName,
      email: guest.email,
      domain: null,
      isEditor: true,
      message: "",
    };
    const { invitationId } = await inviteOrganization(ctx, invite);
    const answer = { invitationId, answer: "accept" as const, organizationId: guest.organizationId };
    await answerCharterInvitation(contextOf(db, guest, draft.at), answer);
  }
  for (const key of draft.table) {
    for (const person of people.get(key)?.all ?? []) {
      await acknowledgePolicy(contextOf(db, person, draft.at), { charterId: charter.charterId });
    }
  }
  return charter;
}

type Edit = readonly [key: string, daysAgo: number, change: Change];

async function edits(
  db: Store["db"],
  people: DemoPeople,
  roomId: string,
  daysAgo: DaysAgo,
  list: readonly Edit[],
): Promise<string[]> {
  const touched: string[] = [];
  for (const [key, days, change] of list) {
    const drafter =
      people.get(key)?.all.find((one) => one.memberships[0]?.roles.includes("drafter")) ?? lead(people, key);
    touched.push(await write(db, roomId, drafter, daysAgo(days), change));
  }
  return touched;
}

/** Freezes what stands, takes the positions, and adopts the text two weeks later; gives back the version. */
async function adopt(
  db: Store["db"],
  people: DemoPeople,
  charterId: string,
  table: readonly string[],
  positions: Partial<Record<PositionValue, readonly string[]>>,
  daysAgo: DaysAgo,
  day: number,
): Promise<string> {
  const convenor = lead(people, table[0] ?? "");
  const { versionId } = await freezeCandidate(contextOf(db, convenor, daysAgo(day)), { charterId });
  for (const value of ["AGREE", "CAN_ACCEPT"] as const) {
    for (const key of positions[value] ?? []) {
      const ctx = contextOf(db, lead(people, key), daysAgo(day - 3));
      await takePosition(ctx, { charterId, versionId, value, reason: "", remedy: "" });
    }
  }
  await adoptCandidate(contextOf(db, convenor, daysAgo(day - 5)), { charterId, versionId });
  return versionId;
}

async function comments(
  db: Store["db"],
  people: DemoPeople,
  charterId: string,
  clauseIds: readonly string[],
  daysAgo: DaysAgo,
): Promise<void> {
  const [told = "", errors = "", records = ""] = clauseIds;
  const start = (key: string, days: number, clauseId: string, body: string) =>
    startThread(contextOf(db, lead(people, key), daysAgo(days)), {
      charterId,
      clauseId,
      quote: "",
      anchor: null,
      body,
      mentions: [],
    });
  const reply = (key: string, days: number, threadId: string, body: string) =>
    addComment(contextOf(db, lead(people, key), daysAgo(days)), { threadId, body, mentions: [] });
  const first = await start(
    "sakura",
    54,
    told,
    "“At the latest with it” may be hard for decisions made in milliseconds. Could a notice in advance count?",
  );
  await reply(
    "northlight",
    53,
    first.threadId,
    "A standing notice before the service is used would count, in our reading. We can say so in the definitions.",
  );
  await reply(
    "openrights",
    53,
    first.threadId,
    "Only if it names the kind of decision. “We may use automation” is not a notice.",
  );
  const second = await start(
    "openrights",
    19,
    errors,
    "We can live with figures per kind of use, if the method of counting is published with them.",
  );
  await reply("sakura", 18, second.threadId, "Agreed. Please add the method, then our objection falls.");
  const third = await start(
    "lakeside",
    49,
    records,
    "Eighteen months covers two academic years of complaints; less would not.",
  );
  await resolveThread(contextOf(db, lead(people, "sakura"), daysAgo(40)), {
    threadId: third.threadId,
    isResolved: true,
  });
}

const statements: Readonly<Record<string, string>> = {
  northlight: "We mend in the open, because our customers live with what we leave unmended.",
  openrights: "Those who warn us deserve thanks, not lawyers.",
  lakeside: "Our researchers will hold us to this first.",
  sakura: "Silicon cannot be recalled by an update; we had better listen early.",
};

function statementOf(key: string): string {
  return statements[key] ?? "";
}
