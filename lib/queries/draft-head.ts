import { type CharterRecord, loadCharter } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { loadRound, type Round } from "#lib/data/draft-rounds.ts";
import { type RoundState, roundStateWords } from "#lib/domain/draft-round.ts";
import { type CharterAction, type charterRights, mayOnCharter, requireOnCharter } from "#lib/domain/rights.ts";

/** What every page of a draft says at its head, and what the actor may do there. */
export type DraftHead = {
  readonly charterId: string;
  readonly title: string;
  readonly displayType: string;
  readonly roundNumber: number;
  readonly state: RoundState;
  /** True until the convenor has fixed the policy and opened the drafting. */
  readonly isSetup: boolean;
  /** Where the charter stands, in one sentence. */
  readonly sentence: string;
  readonly hasAcknowledged: boolean;
  /** For whom the actor acts here. */
  readonly organization: { readonly id: string; readonly name: string };
  readonly may: Readonly<Record<CharterAction, boolean>>;
  /** The public name, once there is one. */
  readonly slug: string | null;
};

/** The head of a draft with the records it was made from; for queries only. */
export type LoadedDraft = {
  readonly head: DraftHead;
  readonly charter: CharterRecord;
  readonly round: Round;
  readonly userId: string;
};

/**
 * The head of a draft for the actor; every query about a draft begins here.
 *
 * @throws {Refusal} not-signed-in; not-found for everyone without a seat.
 */
export async function loadDraft(ctx: Context, charterId: string): Promise<LoadedDraft> {
  const charter = await loadCharter(ctx.db, charterId);
  const { person, organizationId } = requireOnCharter(ctx.actor, "read-draft", charter);
  const round = await loadRound(ctx.db, charter.id);
  const acknowledged = await ctx.db.policyAcknowledgement.findUnique({
    where: { charterId_userId: { charterId: charter.id, userId: person.userId } },
    select: { at: true },
  });
  const name = charter.participants.find((one) => one.organizationId === organizationId)?.name ?? "";
  const head: DraftHead = {
    charterId: charter.id,
    title: charter.title,
    displayType: charter.displayType,
    roundNumber: round.number,
    state: round.state,
    isSetup: charter.policyFixedAt === null,
    sentence: stateSentence(charter, round),
    hasAcknowledged: acknowledged !== null,
    organization: { id: organizationId, name },
    may: mayOf(ctx, charter),
    slug: charter.visibility === "PUBLIC" ? charter.slug : null,
  };
  return { head, charter, round, userId: person.userId };
}

/** Where a charter's drafting stands, in one sentence. */
export function stateSentence(charter: Pick<CharterRecord, "policyFixedAt">, round: Round): string {
  if (!charter.policyFixedAt) return "Being set up: the policy is not fixed and nobody edits yet.";
  if (round.state === "ADOPTED" && round.version) return adoptedSentence(round.version);
  const { name, meaning } = roundStateWords[round.state];
  const beside = round.number > 1 ? `Round ${round.number} of drafting, beside the version in public. ` : "";
  const until = round.state === "REVIEW" && round.deadline ? ` Comments until ${day(round.deadline)}.` : "";
  return `${beside}${name}. ${meaning}${until}`;
}

/** What became of an adopted version, in one sentence. */
function adoptedSentence({ number, state }: { number: number; state: string }): string {
  const version = `Version ${number}`;
  switch (state) {
    case "OPEN_SEALED":
      return `${version} is adopted and open for sealed signatures, until it becomes public.`;
    case "OPEN":
      return `${version} is public and open for signature.`;
    case "IN_EFFECT":
      return `${version} is public and in effect.`;
    case "CLOSED":
      return `${version} is public and closed to new signatures.`;
    case "SUPERSEDED":
      return `${version} is public; a newer version has taken its place.`;
    case "TERMINATED":
      return `${version} has ended; its record stays.`;
    default:
      return `${version} is adopted. Its text is definitive.`;
  }
}

function mayOf(ctx: Context, charter: CharterRecord): Record<CharterAction, boolean> {
  const may = (action: CharterAction) => mayOnCharter(ctx.actor, action, charter);
  return {
    "read-draft": may("read-draft"),
    "edit-draft": may("edit-draft"),
    comment: may("comment"),
    "submit-position": may("submit-position"),
    "edit-setup": may("edit-setup"),
    "invite-organization": may("invite-organization"),
    "run-drafting": may("run-drafting"),
    "record-adoption": may("record-adoption"),
    "open-for-signature": may("open-for-signature"),
    "invite-to-sign": may("invite-to-sign"),
    "read-signing-table": may("read-signing-table"),
    "examine-signature": may("examine-signature"),
    "judge-signature": may("judge-signature"),
    "record-instrument": may("record-instrument"),
    "close-to-signature": may("close-to-signature"),
    "propose-correction": may("propose-correction"),
    "hand-over-convening": may("hand-over-convening"),
  } satisfies Record<keyof typeof charterRights, boolean>;
}

function day(instant: Date): string {
  return `${instant.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
