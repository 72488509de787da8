import countries from "i18n-iso-countries";
import { countryName } from "#lib/domain/country-name.ts";

/** The ISO 3166-1 alpha-2 codes that exist. */
export const countryCodes: ReadonlySet<string> = new Set(Object.keys(countries.getAlpha2Codes()));

/** All countries by name, for a form. */
export function listCountries(): { readonly code: string; readonly name: string }[] {
  return [...countryCodes]
    .map((code) => ({ code, name: countryName(code) }))
    .sort((one, other) => one.name.localeCompare(other.name, "en"));
}
