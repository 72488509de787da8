import { Resolver } from "node:dns/promises";
import { z } from "zod";
import type { Site } from "#lib/config/site.ts";
import { type FetchedFile, FileProblem, fetchWellKnown, wellKnownPath } from "./well-known.ts";

/** Asks the domain name system for the TXT records of a name; throws with a `code` as node:dns does. */
export type ResolveTxt = (name: string) => Promise<string[][]>;

/** The two places where a domain can say something, and by whom the first was asked. */
export type DomainDoors = {
  readonly resolveTxt: ResolveTxt;
  /** The name servers that `resolveTxt` asks, for the record of what was seen. */
  readonly nameServers: readonly string[];
  /** @throws {FileProblem} */
  readonly fetchFile: (domain: string) => Promise<FetchedFile>;
};

/** The doors of this installation: its own name server if it names one, else those of the machine; each with a bound on time. */
export function domainDoors(site: Pick<Site, "nameServer">): DomainDoors {
  const resolver = new Resolver({ timeout: 4000, tries: 2 });
  if (site.nameServer !== undefined) resolver.setServers([site.nameServer]);
  return {
    resolveTxt: (name) => resolver.resolveTxt(name),
    nameServers: resolver.getServers(),
    fetchFile: (domain) => fetchWellKnown(domain),
  };
}

/** Where the record stands, and what it says: that the domain is the organization's. */
export function domainRecord(
  domain: string,
  organizationId: string,
): { readonly name: string; readonly value: string } {
  return { name: `_concordat.${domain}`, value: `v=1; org=${organizationId}` };
}

/** The record beside it: that a key, by SHA-256 of its SPKI in hex, is the organization's. */
export function keyRecord(domain: string, keyHex: string): { readonly name: string; readonly value: string } {
  return { name: `_concordat.${domain}`, value: `v=1; k=${keyHex}` };
}

/** The file that says the same on the organization's own site. */
export function wellKnownFile(
  domain: string,
  organizationId: string,
  keys: readonly string[],
): { readonly url: string; readonly text: string } {
  const text = JSON.stringify({ v: 1, organization: organizationId, keys }, null, 2);
  return { url: `https://${domain}${wellKnownPath}`, text: `${text}\n` };
}

/** What was seen at one of the two places. */
export type DomainSight =
  | { readonly foundBy: "dns"; readonly name: string; readonly records: readonly string[] }
  | { readonly foundBy: "well-known"; readonly url: string; readonly address: string; readonly text: string };

/** What a domain says. "silent" is an outage: it says nothing either way. */
export type DomainAnswer =
  | { readonly state: "good"; readonly sight: DomainSight }
  | { readonly state: "bad" | "silent"; readonly problem: string };

/** Asks whether a domain names the organization, in its DNS or else in its file. Other records beside ours do no harm. */
export async function askDomain(doors: DomainDoors, domain: string, organizationId: string): Promise<DomainAnswer> {
  const { name, value } = domainRecord(domain, organizationId);
  return ask(doors, domain, value, ({ organization }) => organization === organizationId, {
    other: `${name} names another organization. Compare the value with the one shown here.`,
    isOther: (record) => /^v=1;org=/i.test(record),
  });
}

/** Asks whether a domain names a key of the organization. */
export async function askKey(
  doors: DomainDoors,
  domain: string,
  organizationId: string,
  keyHex: string,
): Promise<DomainAnswer> {
  const { name, value } = keyRecord(domain, keyHex);
  const isNamed = (file: WellKnown) => file.organization === organizationId && file.keys.includes(keyHex);
  return ask(doors, domain, value, isNamed, {
    other: `${name} names other keys, but not this one.`,
    isOther: (record) => /^v=1;k=/i.test(record),
  });
}

async function ask(
  doors: DomainDoors,
  domain: string,
  value: string,
  isNamed: (file: WellKnown) => boolean,
  words: { other: string; isOther(record: string): boolean },
): Promise<DomainAnswer> {
  const byDns = await askDns(doors, domain, value, words);
  if (byDns.state === "good") return byDns;
  const byFile = await askFile(doors, domain, isNamed);
  if (byFile.state === "good") return byFile;
  // Most domains have no such file, and many no site: what the name servers say decides between no and no answer.
  return { state: byDns.state, problem: `${byDns.problem} ${byFile.problem}` };
}

async function askDns(
  doors: DomainDoors,
  domain: string,
  value: string,
  words: { other: string; isOther(record: string): boolean },
): Promise<DomainAnswer> {
  const name = `_concordat.${domain}`;
  try {
    const records = (await doors.resolveTxt(name)).slice(0, 20).map((parts) => parts.join("").trim().slice(0, 300));
    if (records.some((one) => normal(one) === normal(value))) {
      return { state: "good", sight: { foundBy: "dns", name, records } };
    }
    const seen = records.length > 0 ? ` It says: ${records.map((one) => `“${one.slice(0, 120)}”`).join(", ")}.` : "";
    const isOther = records.some((one) => words.isOther(normal(one)));
    return {
      state: "bad",
      problem: `${isOther ? words.other : `${name} exists, but none of its records is the one shown here.`}${seen}`,
    };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    return code === "ENOTFOUND" || code === "ENODATA"
      ? { state: "bad", problem: `There is no TXT record at ${name} yet. New records can take some minutes to appear.` }
      : { state: "silent", problem: `The name servers of ${domain} did not answer. Try again in a while.` };
  }
}

const WellKnown = z.looseObject({
  v: z.literal(1),
  organization: z.string().toLowerCase(),
  keys: z.array(z.string().toLowerCase()).max(100).default([]),
});
type WellKnown = z.infer<typeof WellKnown>;

async function askFile(
  doors: DomainDoors,
  domain: string,
  isNamed: (file: WellKnown) => boolean,
): Promise<DomainAnswer> {
  const url = `https://${domain}${wellKnownPath}`;
  try {
    const { address, text } = await doors.fetchFile(domain);
    const file = WellKnown.safeParse(parseJson(text));
    if (file.success && isNamed(file.data)) {
      return { state: "good", sight: { foundBy: "well-known", url, address, text } };
    }
    const problem = file.success
      ? `${url} does not say what is shown here. It says: “${text.slice(0, 300)}”.`
      : `${url} is not the JSON that is shown here.`;
    return { state: "bad", problem };
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    return { state: error.isOutage ? "silent" : "bad", problem: error.message };
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function normal(record: string): string {
  return record.replace(/\s+/g, "").replace(/;$/, "").toLowerCase();
}
