import { Refusal } from "#lib/domain/refusal.ts";
import type { ActEntry, Entry } from "./entry.ts";
import { requireThat } from "./require-that.ts";

type EntryOf<Type extends Entry["type"]> = Extract<Entry, { type: Type }>;

/**
 * What an entry that came after an act says about it, one row a type. An entry that has nothing to do with the act is
 * refused: its maker put it in for another one.
 */
const laterRules: {
  readonly [Type in Entry["type"]]: (entry: EntryOf<Type>, act: ActEntry) => string;
} = {
  act: (entry, act) => {
    const isSameSignatory = entry.charterId === act.charterId && entry.organizationId === act.organizationId;
    requireThat(isSameSignatory && entry.version === act.version, "a later entry is about another signature.");
    const when = entry.effectiveAt ? `, effective ${entry.effectiveAt}` : "";
    const said = entry.reason === null ? "" : ` The reason given: ${entry.reason}`;
    const what = isVoid(entry) ? "entered in error, void from the start" : `${entry.kind}${when}`;
    return `Act ${entry.number} of ${entry.publishedAt}: ${what}, by the ${entry.by}.${said}`;
  },
  version: (entry, act) => {
    requireThat(entry.charterId === act.charterId, "a later entry is about another charter.");
    return `Version ${entry.version} ${entry.action} on ${entry.publishedAt}.`;
  },
  key: (entry, act) => {
    requireThat(entry.key === act.key && entry.action !== "enrolled", "a later entry is about another key.");
    return entry.action === "revoked"
      ? `The key was revoked on ${entry.at}, after it signed; what it signed stands.`
      : `${vouchingWords(entry)} That was on ${entry.at}, after it signed.`;
  },
  redact: (entry) => `A text was withheld on ${entry.at}: ${entry.reason}`,
  org: unrelated,
  approval: unrelated,
  operator: unrelated,
  "log.genesis": unrelated,
  "log.key": unrelated,
};

/** One sentence on who vouches that a key is the organization's. */
export function vouchingWords({ boundBy, approvedBy }: EntryOf<"key">): string {
  return {
    dns: "The keeper found the key named in the DNS of the organization's domain.",
    "well-known": "The keeper found the key named on the organization's own site.",
    key: `The key was approved by an enrolled key of the organization, ${approvedBy}.`,
    operator: "The key was bound to the organization by the operator's word.",
  }[boundBy];
}

/** What came after an act and leaves its meaning alone: who is called how, who vouches for a key, whether others can still sign. */
const unchanging =
  /^(?:act (?:rename|reaffirm|endorse-correction|dispute-settled)|version (?:closed|correction-proposed|correction-refused)|key (?:revoked|bound))$/;

/** Whether a later entry says that the signature was entered in error: it is off the list, and never counted. */
export function isVoid(entry: Entry): boolean {
  return entry.type === "act" && entry.kind === "void";
}

/** Whether a later entry changes what the act means: that its key was revoked or vouched for afterwards does not. */
export function isChange(entry: Entry): boolean {
  const what = entry.type === "act" ? entry.kind : "action" in entry ? entry.action : "";
  return !unchanging.test(`${entry.type} ${what}`);
}

/**
 * One sentence on what a later entry changed about an act.
 *
 * @throws {Refusal} evidence-invalid when it is about something else.
 */
export function describeLater<Type extends Entry["type"]>(
  entry: EntryOf<Type> & { readonly type: Type },
  act: ActEntry,
): string {
  return laterRules[entry.type](entry, act);
}

function unrelated(): never {
  throw new Refusal("evidence-invalid", "a later entry has nothing to do with the act.");
}
