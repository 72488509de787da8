import fc from "fast-check";
import type { Block, CharterText, Clause } from "#lib/domain/charter-text.ts";
import type { VersionPlace } from "#lib/ledger/canonical-version.ts";
import { encodeBase64, encodeUtf8, sha256, sha256Hex } from "#lib/ledger/hash.ts";
import type { Statement } from "#lib/ledger/statement.ts";

const pieces = [
  ...[
    "a",
    "Z",
    "0",
    " ",
    ".",
    '"',
    "\\",
    "/",
    "<",
    "&",
    "é",
    "ß",
    "Ж",
    "ש",
    "س",
    "漢",
    "か",
    "한",
    "ไ",
    "€",
    "—",
    "😀",
    "𝒜",
  ],
  ...["नि", "❤️", "می‌خواهم", "e̱", "word ", "\u007e"],
];

/** Text for people that passes the character rules: several scripts, and the characters that JSON escapes. */
export const words = fc
  .array(fc.constantFrom(...pieces), { maxLength: 30 })
  .map((parts) => parts.join("").normalize("NFC"));

/** One line of such text, never blank. */
export const line = words.map((text) => text.trim() || "Title");

const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ kind: fc.constant("p" as const), text: fc.tuple(words, words).map((lines) => lines.join("\n")) }),
  fc.record({ kind: fc.constant("li" as const), level: fc.integer({ min: 1, max: 3 }), text: words }),
);

const clause: fc.Arbitrary<Clause> = fc
  .record({
    id: fc.stringMatching(/^[a-z0-9]{12}$/),
    kind: fc.constantFrom("preamble", "section", "clause", "clause", "clause", "definition", "final", "annex"),
    level: fc.integer({ min: 1, max: 3 }),
    heading: words,
    body: fc.array(block, { maxLength: 3 }),
  })
  .map((drawn) => ({
    ...drawn,
    level: drawn.kind === "clause" || drawn.kind === "definition" ? drawn.level : 0,
  }));

/** Any charter text that can be frozen. */
export const charterText: fc.Arbitrary<CharterText> = fc.record({
  title: line,
  language: fc.constantFrom("en", "de", "fr-CA", "zh-Hant-TW"),
  clauses: fc.uniqueArray(clause, { maxLength: 12, selector: ({ id }) => id }),
});

/** Any SHA-256 in hex. */
export const hashHex = fc.stringMatching(/^[0-9a-f]{64}$/);

export const uuid = fc.uuid();

/** Any place of a version. */
export const versionPlace: fc.Arbitrary<VersionPlace> = fc.record({
  charterId: uuid,
  version: fc.integer({ min: 1, max: 1000 }),
  previous: fc.option(hashHex),
});

const instant = fc
  .date({ min: new Date("2020-01-01"), max: new Date("2099-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString());

/** Any statement that can be signed. */
export const statements: fc.Arbitrary<Statement> = fc.record({
  origin: fc.constantFrom("concordat.example/log", "localhost:3000/log"),
  action: fc.constantFrom("sign", "retract", "withdraw", "revoke-withdrawal", "narrow-reservation", "reaffirm"),
  charterId: uuid,
  charterTitle: line,
  version: fc.integer({ min: 1, max: 1000 }),
  versionSha256: hashHex,
  organizationId: uuid,
  organizationName: line,
  organizationDomain: fc.constantFrom("northlight.example.org", "example.org", "xn--bcher-kva.example"),
  organizationKey: fc.option(hashHex),
  officerTitle: line,
  officerCommitment: hashHex,
  mandate: fc.record({ id: uuid, from: instant, to: fc.option(instant) }),
  reservations: fc
    .uniqueArray(fc.record({ clauseId: fc.stringMatching(/^[a-z0-9]{12}$/), sha256: hashHex }), {
      maxLength: 4,
      selector: ({ clauseId }) => clauseId,
    })
    .map((all) => all.sort((left, right) => (left.clauseId < right.clauseId ? -1 : 1))),
  declarationSha256: fc.option(hashHex),
  reasonSha256: fc.option(hashHex, { nil: undefined }),
  appearanceSha256: hashHex,
  publishNotBefore: fc.option(instant),
  expires: instant,
  log: fc.record({
    origin: fc.constant("concordat.example/log"),
    size: fc.nat(),
    root: hashHex.map((hex) => encodeBase64(sha256(encodeUtf8(hex)))),
  }),
  nonce: fc.stringMatching(/^[0-9a-f]{32}$/),
});

/** A plain clause for the three-line cases: its id is made from its words. */
export function clauseOf(heading: string, text: string, more: Partial<Clause> = {}): Clause {
  const id = sha256Hex(encodeUtf8(heading)).slice(0, 12);
  return { id, kind: "clause", level: 1, heading, body: [{ kind: "p", text }], ...more };
}

/** A charter of these clauses. */
export function charterOf(...clauses: readonly Clause[]): CharterText {
  return { title: "Accord on Calm Networks", language: "en", clauses: [...clauses] };
}
