import { z } from "zod";
import { ClauseId } from "./ids.ts";

/**
 * The rules of a charter, fixed when drafting opens and shown to every participant before the first edit.
 * Source of the values: the field's own practice (VCLT parts II and III; W3C process for consensus).
 */
export const CharterPolicy = z.strictObject({
  joinPolicy: z.enum(["open", "invited", "closed"]),
  adoptionRule: z.enum(["consensus", "unanimity", "two-thirds"]),
  reservationPolicy: z.enum(["none", "listed-clauses", "any-clause"]),
  /** The clauses of "listed-clauses". Left out, as in every policy fixed before this key was there, it lists none. */
  reservationClauses: z.array(ClauseId).max(200).optional(),
  entryRule: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("at-once") }),
    z.strictObject({ kind: z.literal("at-date"), date: z.iso.date() }),
    z.strictObject({ kind: z.literal("at-threshold"), count: z.int().min(2).max(10_000) }),
  ]),
  withdrawalNoticeDays: z.int().min(0).max(730),
  /** How long signatories have to object to a correction; 14 days where nothing is said. */
  correctionWindowDays: z.int().min(7).max(365).optional(),
  /** After how many months a signatory is asked to re-affirm; left out, nobody is asked. */
  reaffirmMonths: z.int().min(1).max(60).optional(),
  visibility: z.enum(["private", "circulated-drafts-public"]),
  participantClasses: z
    .array(z.enum(["company", "state", "civil-society", "academia", "international", "coalition"]))
    .min(1),
  signatoryLabel: z.enum(["signatory", "supporter", "endorser", "participant", "partner"]),
});
export type CharterPolicy = z.infer<typeof CharterPolicy>;

/** The classes an organization can have, with the words shown for them. */
export const organizationClasses = {
  company: "company",
  state: "state",
  "civil-society": "civil society organization",
  academia: "academic institution",
  international: "international organization",
  coalition: "coalition",
} as const;
export type OrganizationClass = keyof typeof organizationClasses;

/** What a small group gets without choosing: create, draft, freeze, sign, publish in a few clicks. */
export const defaultPolicy: CharterPolicy = {
  joinPolicy: "open",
  adoptionRule: "consensus",
  reservationPolicy: "none",
  entryRule: { kind: "at-once" },
  withdrawalNoticeDays: 30,
  visibility: "private",
  participantClasses: ["company", "state", "civil-society", "academia", "international", "coalition"],
  signatoryLabel: "signatory",
};

/** One policy in one plain sentence; `available` is false where the value is not carried yet and cannot be chosen. */
export type PolicySentence = {
  readonly policy: keyof CharterPolicy;
  readonly title: string;
  readonly sentence: string;
  readonly available: boolean;
};

/** Every policy value read back in plain English, in the order in which the screens show them. */
export function policySentences(policy: CharterPolicy): PolicySentence[] {
  const label = policy.signatoryLabel;
  const say = (key: keyof CharterPolicy, title: string, sentence: string, available = true): PolicySentence => ({
    policy: key,
    title,
    sentence,
    available,
  });
  return [
    say("joinPolicy", "Who may join", joinSentence(policy), true),
    say("adoptionRule", "Adoption", adoptionSentences[policy.adoptionRule]),
    say("reservationPolicy", "Reservations", reservationSentence(policy)),
    say("entryRule", "Taking effect", entrySentence(policy)),
    say("withdrawalNoticeDays", "Withdrawal", withdrawalSentence(policy)),
    say("reaffirmMonths", "Re-affirmation", reaffirmSentence(policy)),
    say("correctionWindowDays", "Corrections", correctionSentence(policy)),
    say("visibility", "What is public", visibilitySentences[policy.visibility], policy.visibility === "private"),
    say("participantClasses", "Who it is addressed to", classSentence(policy)),
    say("signatoryLabel", "Name on the list", `Organizations that sign are listed as “${label}”.`),
  ];
}

/** The policy keys whose value in `policy` the product does not carry yet. */
export function unavailablePolicies(policy: CharterPolicy): (keyof CharterPolicy)[] {
  return policySentences(policy)
    .filter((one) => !one.available)
    .map((one) => one.policy);
}

const adoptionSentences = {
  consensus:
    "The text is adopted when at least one organization agrees and none keeps up an objection; silence is not an objection.",
  unanimity: "The text is adopted when every organization at the table agrees or can accept it.",
  "two-thirds":
    "The text is adopted when at least two thirds of the organizations that take a position, abstentions aside, agree or can accept it.",
} as const;

function reservationSentence({ reservationPolicy, reservationClauses = [] }: CharterPolicy): string {
  switch (reservationPolicy) {
    case "none":
      return "An organization signs the whole text; reservations to single clauses are not allowed.";
    case "any-clause":
      return "An organization may sign with a reservation to any clause, in its own words, which are public.";
    case "listed-clauses": {
      const count = reservationClauses.length;
      const clauses = count === 0 ? "the clauses" : count === 1 ? "the one clause" : `the ${count} clauses`;
      return `An organization may sign with a reservation to ${clauses} that the charter lists for it.`;
    }
  }
}

const visibilitySentences = {
  private:
    "Drafts, comments and positions stay with the organizations at the table; the adopted text becomes public when it opens for signature.",
  "circulated-drafts-public":
    "Drafts that the convenor circulates are public from that moment; comments and positions stay at the table.",
} as const;

function joinSentence({ joinPolicy, participantClasses }: CharterPolicy): string {
  switch (joinPolicy) {
    case "open":
      return hasEveryClass(participantClasses)
        ? "Once the charter is public, any verified organization may sign it."
        : "Once the charter is public, any verified organization of the classes it is addressed to may sign it.";
    case "invited":
      return "Only organizations invited by the convenor or the depositary may sign.";
    case "closed":
      return "Only the organizations that took part in drafting may sign; nobody can join later.";
  }
}

function entrySentence({ entryRule }: CharterPolicy): string {
  switch (entryRule.kind) {
    case "at-once":
      return "The charter takes effect with its first signature.";
    case "at-date":
      return `The charter takes effect on ${dayInWords(entryRule.date)}, for all who have signed by then.`;
    case "at-threshold":
      return `The charter takes effect when ${entryRule.count} organizations have signed.`;
  }
}

/** Days that signatories have to object to a correction. */
export function correctionDays(policy: Pick<CharterPolicy, "correctionWindowDays">): number {
  return policy.correctionWindowDays ?? 14;
}

function correctionSentence(policy: CharterPolicy): string {
  return `A manifest error in a signed text is corrected in a copy of its own after ${correctionDays(policy)} days in which any signatory may object; signatures stay on the text that was signed.`;
}

function withdrawalSentence({ withdrawalNoticeDays: days }: CharterPolicy): string {
  return days === 0
    ? "An organization may withdraw at any time, with effect at once; the list keeps both dates."
    : `An organization may withdraw with ${days === 1 ? "one day" : `${days} days`} of notice and may take the notice back until then; the list keeps both dates.`;
}

function reaffirmSentence({ reaffirmMonths }: CharterPolicy): string {
  if (reaffirmMonths === undefined) {
    return "An organization may re-affirm its signature at any time; nobody is asked to, and the signature stands without.";
  }
  const often =
    reaffirmMonths === 12 ? "every year" : reaffirmMonths === 1 ? "every month" : `every ${reaffirmMonths} months`;
  return `An organization is asked ${often} to re-affirm its signature; the list shows when it last did, and the signature stands without.`;
}

function classSentence({ participantClasses }: CharterPolicy): string {
  return hasEveryClass(participantClasses)
    ? "Organizations of every class may sign."
    : `Only organizations of these classes may sign: ${participantClasses.map((one) => organizationClasses[one]).join(", ")}.`;
}

function hasEveryClass(classes: CharterPolicy["participantClasses"]): boolean {
  return Object.keys(organizationClasses).length === classes.length;
}

const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });

/** "1 January 2027" for "2027-01-01"; a date that is none is left as it is. */
function dayInWords(isoDate: string): string {
  const instant = new Date(`${isoDate}T00:00:00Z`);
  return Number.isNaN(instant.getTime()) ? isoDate : day.format(instant);
}
