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
    return `Act ${entry.number} of ${entry.publishedAt}: ${entry.kind}${when}.`;
  },
  version: (entry, act) => {
    requireThat(entry.charterId === act.charterId, "a later entry is about another charter.");
    return `Version ${entry.version} ${entry.action} on ${entry.publishedAt}.`;
  },
  key: (entry, act) => {
    requireThat(entry.key === act.key && entry.action === "revoked", "a later entry is about another key.");
    return `The key was revoked on ${entry.at}, after it signed.`;
  },
  redact: (entry) => `A text was withheld on ${entry.at}: ${entry.reason}`,
  org: unrelated,
  approval: unrelated,
  operator: unrelated,
  "log.genesis": unrelated,
  "log.key": unrelated,
};

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
