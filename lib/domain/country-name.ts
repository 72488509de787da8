const regions = new Intl.DisplayNames("en", { type: "region", fallback: "code" });

/** The short English name of a country from its ISO 3166-1 alpha-2 code; the code itself where nobody knows it. */
export function countryName(code: string): string {
  try {
    return regions.of(code) ?? code;
  } catch {
    return code;
  }
}
