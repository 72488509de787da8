import type { CharterPolicy } from "./policy.ts";

/** Where a version stands. Source: DOMAIN 4.2. */
export const versionStates = [
  "CANDIDATE",
  "ADOPTED",
  "OPEN_SEALED",
  "OPEN",
  "IN_EFFECT",
  "SUPERSEDED",
  "CLOSED",
  "TERMINATED",
  "WITHDRAWN_TEXT",
] as const;
export type VersionState = (typeof versionStates)[number];

/** The states in which an officer can sign: sealed before the opening instant, in public after it. */
export const signableStates = ["OPEN_SEALED", "OPEN", "IN_EFFECT"] as const satisfies readonly VersionState[];

/** The states in which a version can be read by everyone. */
export const publicStates = [
  "OPEN",
  "IN_EFFECT",
  "SUPERSEDED",
  "CLOSED",
  "TERMINATED",
] as const satisfies readonly VersionState[];

/** Whether a text is a known state of a version and signable. */
export function isSignable(state: string): boolean {
  return signableStates.some((one) => one === state);
}

/** Whether a version in that state is public. */
export function isPublicState(state: string): boolean {
  return publicStates.some((one) => one === state);
}

/** What the entry rule is judged from. `signatories` counts organizations that stand on the list, each once. */
export type EntryFacts = { readonly signatories: number; readonly now: Date };

/**
 * When a version takes effect by its charter's rule: the instant, or null while the rule is not met. A date rule needs
 * at least one signatory and takes effect at the start of its day in UTC, or at the first signature after it.
 */
export function effectInstant(rule: CharterPolicy["entryRule"], facts: EntryFacts): Date | null {
  if (facts.signatories === 0) return null;
  switch (rule.kind) {
    case "at-once":
      return facts.now;
    case "at-threshold":
      return facts.signatories >= rule.count ? facts.now : null;
    case "at-date":
      return new Date(`${rule.date}T00:00:00.000Z`) <= facts.now ? facts.now : null;
  }
}

/** What the sentence at the head of a charter's page says. */
export type VersionStatus = {
  readonly state: VersionState;
  readonly number: number;
  readonly openedAt: Date | null;
  readonly effectiveAt: Date | null;
  readonly closedAt: Date | null;
  readonly signatories: number;
  readonly withdrawn: number;
  readonly label: CharterPolicy["signatoryLabel"];
};

/** The status in one sentence: "In effect since 12 March 2027 · version 2 · 41 signatories as of today · 2 withdrawn". */
export function versionStatusSentence(status: VersionStatus): string {
  const count = status.signatories === 0 ? `no ${status.label} yet` : counted(status.signatories, status.label);
  const parts = [
    stateWords(status),
    `version ${status.number}`,
    ...(isPublicState(status.state) ? [status.signatories === 0 ? count : `${count} as of today`] : []),
    ...(status.withdrawn > 0 ? [`${status.withdrawn} withdrawn`] : []),
  ];
  return parts.join(" · ");
}

/** "1 signatory", "41 signatories", "3 supporters". */
export function counted(count: number, label: CharterPolicy["signatoryLabel"]): string {
  if (count === 1) return `1 ${label}`;
  return `${count} ${label === "signatory" ? "signatories" : `${label}s`}`;
}

/** A day in UTC as the record writes it: "12 March 2027". */
export function formatDay(date: Date): string {
  return day.format(date);
}

const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

function stateWords({ state, openedAt, effectiveAt, closedAt }: VersionStatus): string {
  const since = (date: Date | null): string => (date ? ` since ${formatDay(date)}` : "");
  switch (state) {
    case "CANDIDATE":
      return "Candidate text";
    case "ADOPTED":
      return "Adopted, not yet open for signature";
    case "OPEN_SEALED":
      return "Open for sealed signature";
    case "OPEN":
      return `Open for signature${since(openedAt)}`;
    case "IN_EFFECT":
      return `In effect${since(effectiveAt)}`;
    case "SUPERSEDED":
      return "Superseded by a newer version";
    case "CLOSED":
      return `Closed to signature${since(closedAt)}`;
    case "TERMINATED":
      return `Ended${closedAt ? ` on ${formatDay(closedAt)}` : ""}`;
    case "WITHDRAWN_TEXT":
      return "Text withdrawn before signature";
  }
}
