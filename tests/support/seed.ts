/**
 * What chance is drawn from in the tests: `npm test` plays the same games every time, so that it fails for what was changed and not for what was
 * drawn. `SEED=$RANDOM npm test` plays others; the fuzzers (`npm run fuzz:ws`, `fuzz:histories`, `fuzz:sign`) search at length.
 */
export const seed = Number(process.env["SEED"] ?? 281_913);
