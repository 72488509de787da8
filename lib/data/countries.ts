import countries from "i18n-iso-countries";
import english from "i18n-iso-countries/langs/en.json" with { type: "json" };

countries.registerLocale(english);

/** Every ISO 3166-1 alpha-2 code with its short English name. */
const names: Readonly<Record<string, string>> = countries.getNames("en", { select: "official" });

/** The codes that exist. */
export const countryCodes: ReadonlySet<string> = new Set(Object.keys(names));

/** The English name of a country; the code itself when it is unknown. */
export function countryName(code: string): string {
  return names[code] ?? code;
}

/** All countries by name, for a form. */
export function listCountries(): { readonly code: string; readonly name: string }[] {
  return Object.entries(names)
    .map(([code, name]) => ({ code, name }))
    .sort((one, other) => one.name.localeCompare(other.name, "en"));
}
