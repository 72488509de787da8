import { z } from "zod";
import { parseOrganizationName } from "./organization-name.ts";
import { organizationClasses } from "./policy.ts";
import { Refusal } from "./refusal.ts";

/** What an organization says about itself, as it comes in. */
export const ProfileInput = z.strictObject({
  legalName: z.string().max(2000),
  displayName: z.string().max(2000),
  country: z.string().max(2),
  class: z.string().max(40),
  sector: z.string().max(200),
  website: z.string().max(500),
});
export type ProfileInput = z.infer<typeof ProfileInput>;

/** The profile as it is kept. The display name is the legal name where none is given. */
export type Profile = {
  readonly legalName: string;
  readonly displayName: string;
  readonly country: string;
  readonly class: string;
  readonly sector: string;
  readonly website: string | null;
};

/**
 * Judges a profile. `countries` are the ISO 3166-1 alpha-2 codes that exist.
 *
 * @throws {Refusal} malformed, naming the field.
 */
export function parseProfile(input: ProfileInput, countries: ReadonlySet<string>): Profile {
  const legalName = parseOrganizationName(input.legalName, "legal name");
  const displayName = parseOrganizationName(input.displayName.trim() || legalName, "display name");
  const country = input.country.toUpperCase();
  if (!countries.has(country)) throw new Refusal("malformed", "Choose the country of registration.");
  if (!Object.hasOwn(organizationClasses, input.class))
    throw new Refusal("malformed", "Choose what kind of organization it is.");
  const sector = input.sector.normalize("NFC").replace(/\s+/g, " ").trim();
  if (sector.length < 2 || sector.length > 60 || /[\p{Cc}\p{Cf}\p{Co}\p{Cn}<>]/u.test(sector)) {
    throw new Refusal("malformed", "Give the sector in a few words, such as Software or Banking.");
  }
  return { legalName, displayName, country, class: input.class, sector, website: parseWebsite(input.website) };
}

function parseWebsite(text: string): string | null {
  const given = text.trim();
  if (given === "") return null;
  const address = /^https?:\/\//i.test(given) ? given : `https://${given}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url?.hostname.includes(".") || url.username || url.password || url.port) {
    throw new Refusal("malformed", "The website looks like https://example.org.");
  }
  return url.href.replace(/\/$/, "");
}
