import * as countries from "#lib/data/countries.ts";

/** All countries by their English names, for a form. */
export function listCountries(): readonly { readonly code: string; readonly name: string }[] {
  return countries.listCountries();
}
