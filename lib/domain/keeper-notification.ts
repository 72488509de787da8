import type { ActPayload } from "./acts.ts";
import { formatDay } from "./version-status.ts";

/** What is said without an officer's statement: about a signature, or about the text of a version. */
export type KeeperPayload = Extract<ActPayload, { at: string }>;

/** The notification of such an act. `version` is "version 2 of “…”". */
export function keeperNotificationOf(
  payload: KeeperPayload,
  { version, versionNumber }: { readonly version: string; readonly versionNumber: number },
): { title: string; text: string } {
  const on = formatDay(new Date(payload.at));
  switch (payload.kind) {
    case "dispute":
      return {
        title: `The signature of ${payload.organization.displayName} is disputed`,
        text: `On ${on} ${whose[payload.by]} disputed the signature of ${payload.organization.legalName} on ${version}. It stays on the list under review and does not count meanwhile. The reason given: ${payload.reason}`,
      };
    case "dispute-settled":
      return {
        title: `The signature of ${payload.organization.displayName} stands`,
        text: `On ${on} ${whose[payload.by]} settled the dispute about the signature of ${payload.organization.legalName} on ${version}: it stands. The reason given: ${payload.reason}`,
      };
    case "void":
      return {
        title: `${payload.organization.displayName} was entered in error`,
        text: `On ${on} ${whose[payload.by]} found that ${payload.organization.legalName} was entered for ${version} in error: the signature is void from the start. It is off the list and counts for nothing; this notification and the log keep that it happened. The reason given: ${payload.reason}`,
      };
    case "lapse":
      return {
        title: `The signature of ${payload.organization.displayName} ended`,
        text: `On ${on} the signature of ${payload.organization.legalName} on ${version} ended. The reason given: ${payload.reason}`,
      };
    case "succession":
      return {
        title: `${payload.successorName} carries on the signature of ${payload.organization.displayName}`,
        text: `On ${on} ${payload.successorName} took over the signature of ${payload.organization.legalName} on ${version}. The list shows it under its successor, signed as ${payload.organization.displayName}. The ground recorded: ${payload.reason}`,
      };
    case "rename":
      return {
        title: `${payload.formerName} is now called ${payload.organization.displayName}`,
        text: `On ${on} ${payload.formerName} took the name ${payload.organization.legalName}. Its signature on ${version} stands as it was given, under the name of then.`,
      };
    case "propose-correction":
      return {
        title: `A correction of version ${versionNumber} is proposed`,
        text: `On ${on} a correction of a manifest error in ${version} was proposed. Any organization whose signature stands may object until ${formatDay(new Date(payload.objectsUntil))}; without an objection the corrected copy is published then. The reason given: ${payload.reason}`,
      };
    case "object-correction":
      if (payload.takenBack) {
        const role =
          payload.proposedBy === undefined
            ? "which had proposed it"
            : `which keeps the charter now that ${payload.proposedBy}, which had proposed it, does not`;
        return {
          title: `The correction of version ${versionNumber} was taken back`,
          text: `On ${on} ${payload.organization.legalName}, ${role}, took the proposed correction of ${version} back; the text stays as it is. The reason given: ${payload.reason}`,
        };
      }
      return {
        title: `The correction of version ${versionNumber} was refused`,
        text: `On ${on} ${payload.organization.legalName} objected to the proposed correction of ${version}; it falls, and the text stays as it is. The reason given: ${payload.reason}`,
      };
    case "correct":
      return {
        title: `Version ${versionNumber} corrected`,
        text: `Nobody objected in time, and a corrected copy of ${version} was published on ${on}. Both texts can be read; signatures stay on the text that was signed. The reason given: ${payload.reason}`,
      };
    case "redact":
      return {
        title: `A clause of version ${versionNumber} is withheld`,
        text: `On ${on} the words of ${payload.clauseNumber === "" ? "the preamble" : `clause ${payload.clauseNumber}`} of ${version} were withheld from publication. Their fingerprint stays, and so do all signatures. The reason given: ${payload.reason}`,
      };
  }
}

const whose = {
  organization: "the organization itself",
  depositary: "the depositary",
  operator: "the operator",
} as const;
