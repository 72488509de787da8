import { z } from "zod";
import { ClauseId } from "#lib/domain/ids.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { orderedReservations, type Reservation } from "#lib/domain/reservation.ts";
import { Count, Domain, HashHex, Instant, Line, Origin, Uuid } from "./fields.ts";
import { decodeBase64, encodeHex, encodeUtf8, hmacSha256, sha256Hex } from "./hash.ts";
import { encodeJcs } from "./jcs.ts";

/** What an officer can put a signature to. */
export const StatementAction = z.enum([
  "sign",
  "retract",
  "withdraw",
  "revoke-withdrawal",
  "narrow-reservation",
  "reaffirm",
  "endorse-correction",
]);
export type StatementAction = z.infer<typeof StatementAction>;

/** One clause that the organization does not accept as it stands; `sha256` is `textHash` of the reservation's words. */
const Reserved = z.strictObject({ clauseId: ClauseId, sha256: HashHex });

/** The root of a checkpoint: base64 of 32 bytes. */
const Root = z.string().refine((text) => {
  try {
    return decodeBase64(text).length === 32;
  } catch {
    return false;
  }
});

/**
 * What is signed. `null` stands for "none" and is written `-`. `reservations` is empty for the whole text and otherwise
 * ascends by clause id, each clause once. `organizationKey` is SHA-256 of the key's SPKI, null in classes B and C.
 * `log` is the checkpoint that the officer's own browser verified. `publishNotBefore` is the embargo.
 */
export const Statement = z.strictObject({
  origin: Origin,
  action: StatementAction,
  charterId: Uuid,
  charterTitle: Line,
  version: z.int().min(1).max(1_000_000),
  versionSha256: HashHex,
  organizationId: Uuid,
  organizationName: Line,
  organizationDomain: Domain,
  organizationKey: HashHex.nullable(),
  officerTitle: Line,
  officerCommitment: HashHex,
  mandate: z.strictObject({ id: Uuid, from: Instant, to: Instant.nullable() }),
  reservations: z
    .array(Reserved)
    .max(64)
    .refine((all) => all.every(({ clauseId }, at) => at === 0 || (all[at - 1]?.clauseId ?? "") < clauseId)),
  declarationSha256: HashHex.nullable(),
  /** `textHash` of the public reason of a withdrawal; its line is left out where there is none. */
  reasonSha256: HashHex.nullish(),
  appearanceSha256: HashHex,
  publishNotBefore: Instant.nullable(),
  expires: Instant,
  log: z.strictObject({ origin: Origin, size: Count, root: Root }),
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
});
export type Statement = z.infer<typeof Statement>;

/**
 * The exact text that is signed: UTF-8 lines that a person can read, each ended by LF. Source: FORMAT.md part 4.
 *
 * @throws {Refusal} malformed when a field is not of its kind, such as one with a control character in it.
 */
export function formatStatement(statement: Statement): string {
  const parsed = Statement.safeParse(statement);
  if (!parsed.success) {
    throw new Refusal("malformed", `The statement cannot be written: ${z.prettifyError(parsed.error)}`);
  }
  return format(parsed.data);
}

/**
 * Reads a statement back. Exactly what `formatStatement` writes is accepted: every line once, in order, no other.
 *
 * @throws {Refusal} malformed.
 */
export function parseStatement(text: string): Statement {
  const read = readLines(text);
  const parsed = Statement.safeParse(read);
  // Writing it again catches what splitting at spaces forgives, such as a number with a leading zero.
  if (parsed.success && format(parsed.data) === text) return parsed.data;
  throw new Refusal("malformed", "This is not a signing statement of version 1.");
}

/** SHA-256 in hex of the statement's bytes; its 32 bytes are the challenge of a passkey. */
export function statementHash(text: string): string {
  return sha256Hex(encodeUtf8(text));
}

/** The person behind a commitment. Nothing of it ever enters the log. */
export type Officer = { readonly name: string };

/**
 * Commits to an officer without naming: HMAC-SHA256 in hex with a salt of 32 random bytes. With the salt and the name it
 * can be checked; when both are deleted nobody can link it to the person.
 *
 * @throws {RangeError} unless the salt has 32 bytes; that is a caller's bug.
 */
export function officerCommitment(salt: Uint8Array, officer: Officer): string {
  if (salt.length !== 32) throw new RangeError("The salt of a commitment has 32 bytes.");
  return encodeHex(hmacSha256(salt, encodeJcs({ name: officer.name })));
}

/** How an organization appears on the public list. `statement` is its own words for publication. */
export type Appearance = {
  readonly country: string | null;
  readonly class: string;
  readonly sector: string | null;
  readonly statement: string | null;
};

/** SHA-256 in hex of the JCS form of an appearance. */
export function appearanceHash({ country, class: kind, sector, statement }: Appearance): string {
  return sha256Hex(encodeJcs({ country, class: kind, sector, statement }));
}

/** SHA-256 in hex of a text's UTF-8 bytes: for public declarations, reservations, and every text at `/log/blob/<sha256>`. */
export function textHash(text: string): string {
  return sha256Hex(encodeUtf8(text));
}

/** `textHash` of the public declaration, or null without one. */
export function declarationHash(declaration: string | null): string | null {
  return declaration === null ? null : textHash(declaration);
}

/** Reservations as statements and entries carry them: by clause id, the words as `textHash`. */
export function reservationHashes(reservations: readonly Reservation[]): z.infer<typeof Reserved>[] {
  return orderedReservations(reservations).map(({ clauseId, text }) => ({ clauseId, sha256: textHash(text) }));
}

function format(statement: Statement): string {
  const { mandate, log, reservations } = statement;
  const lines = [
    `${statement.origin}/statement/v1`,
    `action ${statement.action}`,
    `charter ${statement.charterId}`,
    `charter-title ${statement.charterTitle}`,
    `version ${statement.version}`,
    `version-sha256 ${statement.versionSha256}`,
    `organization ${statement.organizationId}`,
    `organization-name ${statement.organizationName}`,
    `organization-domain ${statement.organizationDomain}`,
    `organization-key ${statement.organizationKey ?? "-"}`,
    `officer-title ${statement.officerTitle}`,
    `officer-commitment ${statement.officerCommitment}`,
    `mandate ${mandate.id} ${mandate.from} ${mandate.to ?? "-"}`,
    ...(reservations.length === 0
      ? ["scope whole"]
      : reservations.map(({ clauseId, sha256 }) => `scope reserved ${clauseId} ${sha256}`)),
    `declaration-sha256 ${statement.declarationSha256 ?? "-"}`,
    ...(statement.reasonSha256 ? [`reason-sha256 ${statement.reasonSha256}`] : []),
    `appearance-sha256 ${statement.appearanceSha256}`,
    `publish-not-before ${statement.publishNotBefore ?? "-"}`,
    `expires ${statement.expires}`,
    `log ${log.origin} ${log.size} ${log.root}`,
    `nonce ${statement.nonce}`,
  ];
  return `${lines.join("\n")}\n`;
}

/** The lines as an object of fields, believing nothing yet; a missing line leaves an empty text that the schema refuses. */
function readLines(text: string): unknown {
  const [first = "", ...lines] = text.split("\n");
  const values = new Map<string, string>();
  const reservations: unknown[] = [];
  for (const line of lines) {
    const space = line.indexOf(" ");
    const key = line.slice(0, Math.max(space, 0));
    const value = line.slice(space + 1);
    const [scope, clauseId, sha256] = value.split(" ");
    if (key === "scope" && scope === "reserved") reservations.push({ clauseId, sha256 });
    else values.set(key, value);
  }
  const read = (key: string): string => values.get(key) ?? "";
  const orNull = (value: string | undefined): string | null => (value === undefined || value === "-" ? null : value);
  const [mandateId, from, to] = read("mandate").split(" ");
  const [origin, size, root] = read("log").split(" ");
  return {
    origin: first.endsWith("/statement/v1") ? first.slice(0, -"/statement/v1".length) : "",
    action: read("action"),
    charterId: read("charter"),
    charterTitle: read("charter-title"),
    version: Number(read("version")),
    versionSha256: read("version-sha256"),
    organizationId: read("organization"),
    organizationName: read("organization-name"),
    organizationDomain: read("organization-domain"),
    organizationKey: orNull(read("organization-key")),
    officerTitle: read("officer-title"),
    officerCommitment: read("officer-commitment"),
    mandate: { id: mandateId, from, to: orNull(to) },
    reservations,
    declarationSha256: orNull(read("declaration-sha256")),
    reasonSha256: values.get("reason-sha256"),
    appearanceSha256: read("appearance-sha256"),
    publishNotBefore: orNull(read("publish-not-before")),
    expires: read("expires"),
    log: { origin, size: Number(size), root },
    nonce: read("nonce"),
  };
}
