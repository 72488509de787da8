import { findCosignature } from "./checkpoint.ts";
import type { ActEntry } from "./entry.ts";
import type { Evidence } from "./evidence.ts";
import type { Policy, Quorum } from "./policy.ts";

/**
 * Why an act is only the keeper's word to this reader, as the beginning of a sentence; null when a key that the reader's own
 * policy names as the organization's made it, on a signing site that the policy names.
 */
export function keepersWord(evidence: Evidence, act: ActEntry, policy: Policy | null): string | null {
  if (evidence.class === "B" || evidence.class === "C") return "Recorded by the keeper, no key of the organization";
  if (!policy) return "Key vouched for by the keeper, and no policy of yours names the log";
  if (!policy.organizationKeys.get(act.organizationId)?.has(act.key ?? "")) {
    return "Key vouched for by the keeper, not by your policy";
  }
  if (evidence.class !== "A") return null;
  const { rpId, origin } = evidence;
  const isNamed = policy.relyingParties.some((party) => party.rpId === rpId && party.origin === origin);
  return isNamed ? null : `Your policy does not name the signing site ${origin}`;
}

/**
 * Whether the reader's quorum of witnesses has cosigned a checkpoint.
 *
 * @throws {Refusal} evidence-invalid when a cosignature that is looked at is wrong.
 */
export function isWitnessed(note: string, quorum: Quorum | null): boolean {
  if (quorum === null) return false;
  if ("members" in quorum) {
    return quorum.members.filter((member) => isWitnessed(note, member)).length >= quorum.threshold;
  }
  return findCosignature(note, quorum) !== undefined;
}
