import { Resolver } from "node:dns/promises";

/** Asks the domain name system for the TXT records of a name; throws with a `code` as node:dns does. */
export type ResolveTxt = (name: string) => Promise<string[][]>;

/** The resolver of this machine, with a bound on how long it may take. */
export const systemResolver: ResolveTxt = (name) => new Resolver({ timeout: 4000, tries: 2 }).resolveTxt(name);

/** Where the record stands, and what it says. */
export function domainRecord(
  domain: string,
  organizationId: string,
): { readonly name: string; readonly value: string } {
  return { name: `_concordat.${domain}`, value: `v=1; org=${organizationId}` };
}

/** What the domain name system says about a claim. "silent" is an outage: it says nothing either way. */
export type DomainAnswer = { readonly state: "good" } | { readonly state: "bad" | "silent"; readonly problem: string };

/** Asks whether a domain names the organization. Other records beside ours do no harm. */
export async function askDomain(resolve: ResolveTxt, domain: string, organizationId: string): Promise<DomainAnswer> {
  const { name, value } = domainRecord(domain, organizationId);
  try {
    const records = (await resolve(name)).map((parts) => parts.join("").trim().slice(0, 300));
    if (records.some((one) => normal(one) === normal(value))) return { state: "good" };
    const others = records.filter((one) => /^v=1\b/i.test(one));
    return {
      state: "bad",
      problem:
        others.length > 0
          ? `${name} names another organization. Compare the value with the one shown here.`
          : `${name} exists, but none of its records is the one shown here.`,
    };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    return code === "ENOTFOUND" || code === "ENODATA"
      ? { state: "bad", problem: `There is no TXT record at ${name} yet. New records can take some minutes to appear.` }
      : { state: "silent", problem: `The name servers of ${domain} did not answer. Try again in a while.` };
  }
}

function normal(record: string): string {
  return record.replace(/\s+/g, "").replace(/;$/, "").toLowerCase();
}
