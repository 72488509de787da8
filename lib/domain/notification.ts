import type { ActPayload } from "./acts.ts";
import { keeperNotificationOf } from "./keeper-notification.ts";
import type { CharterPolicy } from "./policy.ts";
import { counted, formatDay } from "./version-status.ts";

/** What a notification's words are made of beside the act itself. */
export type NotificationFacts = {
  readonly charterTitle: string;
  readonly versionNumber: number;
  readonly label: CharterPolicy["signatoryLabel"];
};

/** The title and the text of the notification of a public act, in plain sentences that name no person. */
export function notificationOf(payload: ActPayload, facts: NotificationFacts): { title: string; text: string } {
  const { charterTitle, versionNumber, label } = facts;
  const version = `version ${versionNumber} of “${charterTitle}”`;
  switch (payload.kind) {
    case "adopt":
      return {
        title: `Version ${versionNumber} adopted`,
        text: `The text of ${version} was adopted on ${day(payload.adoptedAt)}. ${payload.adoption.outcome}`.trim(),
      };
    case "open":
      return {
        title: `Version ${versionNumber} open for signature`,
        text: `On ${day(payload.openedAt)}, ${version} was opened for signature.`,
      };
    case "sign": {
      const { organization, actType, officerTitle, signedAt } = payload;
      const how = actType === "SIGNATURE" ? `as an initial ${label}` : `and joined as a ${label}`;
      return {
        title: `${organization.displayName} signed version ${versionNumber}`,
        text: `${organization.legalName} signed ${version} on ${day(signedAt)} through its ${officerTitle}, ${how}${reserved(payload.reservations)}.`,
      };
    }
    case "withdraw": {
      const { organization, signedAt, effectiveOn, reason } = payload;
      const until = effectiveOn <= signedAt ? "with effect at once" : `with effect on ${day(effectiveOn)}`;
      return {
        title: `${organization.displayName} gave notice of withdrawal from version ${versionNumber}`,
        text: `${organization.legalName} gave notice of withdrawal from ${version} on ${day(signedAt)}, ${until}.${reason ? ` Its reason: ${reason}` : ""}`,
      };
    }
    case "revoke-withdrawal":
      return {
        title: `${payload.organization.displayName} took back its notice of withdrawal`,
        text: `${payload.organization.legalName} took back its notice of withdrawal from ${version} on ${day(payload.signedAt)}; its signature stands.`,
      };
    case "narrow-reservation": {
      const { organization, reservations, signedAt } = payload;
      return reservations.length === 0
        ? {
            title: `${organization.displayName} withdrew its reservations to version ${versionNumber}`,
            text: `${organization.legalName} withdrew its reservations to ${version} on ${day(signedAt)}; its signature is now on the whole text.`,
          }
        : {
            title: `${organization.displayName} narrowed its reservations to version ${versionNumber}`,
            text: `${organization.legalName} narrowed its reservations to ${version} on ${day(signedAt)}; its signature stands${reserved(reservations)}.`,
          };
    }
    case "reaffirm":
      return {
        title: `${payload.organization.displayName} re-affirmed version ${versionNumber}`,
        text: `${payload.organization.legalName} re-affirmed its signature on ${version} on ${day(payload.signedAt)}${reserved(payload.reservations)}.`,
      };
    case "endorse-correction":
      return {
        title: `${payload.organization.displayName} endorsed the correction of version ${versionNumber}`,
        text: `${payload.organization.legalName} endorsed the corrected copy of ${version} on ${day(payload.signedAt)}${reserved(payload.reservations)}. Its signature stays on the text that was signed.`,
      };
    case "effect":
      return {
        title: `Version ${versionNumber} took effect`,
        text: `On ${day(payload.effectiveAt)}, ${version} took effect with ${counted(payload.signatories, label)}.`,
      };
    case "supersede":
      return {
        title: `Version ${versionNumber} superseded`,
        text: `Version ${payload.by} took effect; ${version} is closed to new signatures. Its signatures stand on the text that was signed.`,
      };
    case "close":
      return {
        title: `Version ${versionNumber} closed to signature`,
        text: `No further signatures are taken on ${version}.${payload.reason ? ` The reason given: ${payload.reason}` : ""}`,
      };
    case "dispute":
    case "dispute-settled":
    case "void":
    case "lapse":
    case "succession":
    case "rename":
    case "propose-correction":
    case "object-correction":
    case "correct":
    case "redact":
      return keeperNotificationOf(payload, { version, versionNumber });
    case "freeze":
    case "withdraw-text":
    case "retract":
    case "accept-form":
    case "return":
    case "abandon":
      throw new Error(`An act of kind ${payload.kind} is never published.`);
  }
}

/** ", with a reservation to one clause"; nothing for the whole text. */
function reserved(reservations: readonly unknown[] = []): string {
  if (reservations.length === 0) return "";
  return reservations.length === 1
    ? ", with a reservation to one clause"
    : `, with reservations to ${reservations.length} clauses`;
}

function day(instant: string): string {
  return formatDay(new Date(instant));
}
