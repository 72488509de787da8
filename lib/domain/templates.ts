import type { CharterText } from "./charter-text.ts";
import { newClauseId } from "./ids.ts";
import { type CharterPolicy, defaultPolicy, policySentences } from "./policy.ts";
import { Refusal } from "./refusal.ts";
import { bilateralUnderstanding } from "./templates/bilateral-understanding.ts";
import { confidentialPartnership } from "./templates/confidential-partnership.ts";
import { convention } from "./templates/convention.ts";
import { decisionProcedure } from "./templates/decision-procedure.ts";
import { expertConsensus } from "./templates/expert-consensus.ts";
import { jointStatement } from "./templates/joint-statement.ts";
import { multiPartyAccord } from "./templates/multi-party-accord.ts";
import type { Template } from "./templates/parts.ts";

/** The shapes of agreement to begin with, the multi-party accord first. Texts are in English and in our own words. */
export const templates: readonly Template[] = [
  multiPartyAccord,
  convention,
  bilateralUnderstanding,
  jointStatement,
  expertConsensus,
  decisionProcedure,
  confidentialPartnership,
];

/**
 * The template of a key.
 *
 * @throws {Refusal} not-found.
 */
export function templateOf(key: string): Template {
  const template = templates.find((one) => one.key === key);
  if (!template) throw new Refusal("not-found", "There is no such template.");
  return template;
}

/**
 * The text of a template as a new charter begins with it, every clause under a fresh id.
 *
 * @throws {Refusal} not-found.
 */
export function templateText(
  key: string,
  random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>,
): CharterText {
  const { title, clauses } = templateOf(key);
  return {
    title,
    language: "en",
    clauses: clauses.map((clause) => ({ ...clause, id: newClauseId(random), body: [...clause.body] })),
  };
}

/** The preset of a template with every value that is not carried yet replaced by the default, so that it can be chosen. */
export function availablePolicy(policy: CharterPolicy): CharterPolicy {
  const unavailable = new Set(
    policySentences(policy)
      .filter((one) => !one.available)
      .map((one) => one.policy),
  );
  return {
    ...policy,
    ...(unavailable.has("joinPolicy") ? { joinPolicy: defaultPolicy.joinPolicy } : {}),
    ...(unavailable.has("adoptionRule") ? { adoptionRule: defaultPolicy.adoptionRule } : {}),
    ...(unavailable.has("reservationPolicy") ? { reservationPolicy: defaultPolicy.reservationPolicy } : {}),
    ...(unavailable.has("entryRule") ? { entryRule: defaultPolicy.entryRule } : {}),
    ...(unavailable.has("withdrawalNoticeDays") ? { withdrawalNoticeDays: defaultPolicy.withdrawalNoticeDays } : {}),
    ...(unavailable.has("visibility") ? { visibility: defaultPolicy.visibility } : {}),
    ...(unavailable.has("participantClasses") ? { participantClasses: defaultPolicy.participantClasses } : {}),
    ...(unavailable.has("signatoryLabel") ? { signatoryLabel: defaultPolicy.signatoryLabel } : {}),
  };
}
