import { z } from "zod";
import { type ProfileInput, parseProfile } from "./organization-profile.ts";
import { Refusal } from "./refusal.ts";

/**
 * What readers take an organization for, and what a verification vouches for. The display name is part of it, also where it
 * is a piece of the legal name: lists print it, and a piece of “Friends of Orchard Bank” is the name of another.
 */
export const Identity = z.strictObject({
  legalName: z.string(),
  displayName: z.string(),
  country: z.string(),
  class: z.string(),
});
export type Identity = z.infer<typeof Identity>;

/** The identity an organization asks for, as it comes in; what is left empty stays as it is. */
export const WantedInput = z.strictObject({
  legalName: z.string().max(2000),
  displayName: z.string().max(2000),
  country: z.string().max(2),
  class: z.string().max(40),
});
export type WantedInput = z.infer<typeof WantedInput>;

/** Whether two say the same in every word. */
export function isSameIdentity(one: Identity, other: Identity): boolean {
  return (
    one.legalName === other.legalName &&
    one.displayName === other.displayName &&
    one.country === other.country &&
    one.class === other.class
  );
}

/**
 * The identity that is asked for, judged as a profile is; null when nothing would change. A display name that was the legal
 * name goes with it.
 *
 * @throws {Refusal} malformed, naming the field.
 */
export function parseWanted(input: WantedInput, now: Identity, countries: ReadonlySet<string>): Identity | null {
  const isAsked = Object.values(input).some((value) => value.trim() !== "");
  if (!isAsked) return null;
  const legalName = input.legalName.trim() || now.legalName;
  const kept = now.displayName === now.legalName ? legalName : now.displayName;
  const asked: ProfileInput = {
    legalName,
    displayName: input.displayName.trim() || kept,
    country: input.country || now.country,
    class: input.class || now.class,
    // Judged with the rest, and no part of what is asked for.
    sector: "Any",
    website: "",
  };
  const profile = parseProfile(asked, countries);
  const wanted = {
    legalName: profile.legalName,
    displayName: profile.displayName,
    country: profile.country,
    class: profile.class,
  };
  if (isSameIdentity(wanted, now)) throw new Refusal("malformed", "What you ask for is what stands already.");
  return wanted;
}
