import { evidenceWords as classes } from "#lib/domain/evidence-words.ts";
import { type OrganizationClass, organizationClasses } from "#lib/domain/policy.ts";
import type { Signatory } from "#lib/domain/signatory-list.ts";
import { formatDay } from "#lib/domain/version-status.ts";

/** A class of organization in words. */
export function className(value: string): string {
  return isClass(value) ? organizationClasses[value] : value;
}

function isClass(value: string): value is OrganizationClass {
  return Object.hasOwn(organizationClasses, value);
}

/** What shows a signature: its class, and words that say whose key it is. */
export function evidenceWords(evidenceClass: Signatory["evidenceClass"]): string {
  const { letter, words } = classes[evidenceClass];
  return `${letter}: ${words}`;
}

/** "1 organization", "3 organizations". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en-GB")} ${count === 1 ? one : many}`;
}

/** "2 signatories reserve this clause." */
export function reservedWords(count: number): string {
  return count === 1 ? "1 signatory reserves this clause." : `${count} signatories reserve this clause.`;
}

/** A signatory's word in the plural: "signatories", "supporters". */
export function plural(label: string): string {
  return label === "signatory" ? "signatories" : `${label}s`;
}

/** The first letter as a capital. */
export function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** A reference that names the exact text. */
export function citation(of: {
  readonly title: string;
  readonly clauseNumber?: string;
  readonly version: number;
  readonly sha256Hex: string;
  readonly date: Date | null;
  readonly address: string;
}): string {
  const clause = of.clauseNumber ? `clause ${of.clauseNumber}, ` : "";
  const date = of.date ? ` of ${formatDay(of.date)}` : "";
  return `“${of.title}”, ${clause}version ${of.version}${date}, SHA-256 ${of.sha256Hex}, ${of.address}`;
}

/** Where the page of a version's corrections tells of the copy with this hash. */
export function copyAnchor(sha256Hex: string): string {
  return `copy-${sha256Hex.slice(0, 16)}`;
}
