import { acknowledgePolicy } from "#lib/commands/acknowledge-policy.ts";
import { addComment } from "#lib/commands/add-comment.ts";
import { adoptCandidate } from "#lib/commands/adopt-candidate.ts";
import { answerCharterInvitation } from "#lib/commands/answer-charter-invitation.ts";
import { createCharter } from "#lib/commands/create-charter.ts";
import { fixPolicyAndOpenDrafting } from "#lib/commands/fix-policy-and-open-drafting.ts";
import { freezeCandidate } from "#lib/commands/freeze-candidate.ts";
import { inviteOrganization } from "#lib/commands/invite-organization.ts";
import { resolveThread } from "#lib/commands/resolve-thread.ts";
import { startThread } from "#lib/commands/start-thread.ts";
import { takePosition } from "#lib/commands/take-position.ts";
import type { Store } from "#lib/data/store.ts";
import type { PositionValue } from "#lib/domain/adoption.ts";
import type { CharterPolicy } from "#lib/domain/policy.ts";
import { type Change, write } from "./pen.ts";
import { contextOf, type DemoActor, type DemoPeople } from "./people.ts";

export type DaysAgo = (days: number) => Date;

export function person(people: DemoPeople, key: string) {
  const found = people.get(key);
  if (!found) throw new Error(`The demo world has no organization ${key}.`);
  return found;
}

export function lead(people: DemoPeople, key: string): DemoActor {
  return person(people, key).lead;
}

export function officer(people: DemoPeople, key: string): DemoActor {
  return person(people, key).officer;
}

export type NewDraft = { table: readonly string[]; markdown: string; purpose: string; at: Date; policy: CharterPolicy };

/** Opens a draft with everybody of the table seated and the policy acknowledged by those who can write. */
export async function openDraft(
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

export type Edit = readonly [key: string, daysAgo: number, change: Change];

export async function edits(
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
export async function adopt(
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

export async function comments(
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

export function statementOf(key: string): string {
  return statements[key] ?? "";
}
