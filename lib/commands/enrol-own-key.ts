import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Context } from "#lib/data/context.ts";
import { enrolBound } from "#lib/data/enrol-bound.ts";
import { EnrolmentCode, spendEnrolmentCode } from "#lib/data/enrolment-code.ts";
import { keyEvidenceOf } from "#lib/data/key-evidence.ts";
import { loadKeyStatement, openKeyStatement, spendKeyStatement } from "#lib/data/key-statements.ts";
import { isUniqueViolation, transaction } from "#lib/data/store.ts";
import { RowId } from "#lib/domain/ids.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireForOrganization } from "#lib/domain/rights.ts";
import { Line } from "#lib/ledger/fields.ts";
import { sha256, sha256Hex } from "#lib/ledger/hash.ts";
import { verifyKeyStatement } from "#lib/ledger/key-statement.ts";
import { readEd25519Spki } from "#lib/ledger/public-key.ts";

/** Own keys one organization may have live. */
const keysMax = 5;

export const BeginOwnKey = z.strictObject({
  organizationId: RowId,
  /** SPKI in PEM or base64, or the 32 bytes of the key in base64. */
  publicKey: z.string().max(2000),
  label: Line.max(80),
});
export type BeginOwnKey = z.infer<typeof BeginOwnKey>;

/** What the machine with the key is asked to sign, to show that it is there. */
export type OwnKeyChallenge = {
  readonly statementId: string;
  readonly statement: string;
  readonly keySha256: string;
  readonly expiresAt: Date;
};

/**
 * Takes an organization's own Ed25519 public key, and writes what its secret key is to sign.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, malformed, conflict (enrolled already), too-many.
 */
export async function beginOwnKey(ctx: Context, raw: BeginOwnKey): Promise<OwnKeyChallenge> {
  const input = BeginOwnKey.parse(raw);
  const person = requireForOrganization(ctx.actor, "manage-keys", input.organizationId);
  const spki = readEd25519Spki(input.publicKey);
  if ((await ctx.db.signingKey.count({ where: { spkiSha256: Uint8Array.from(sha256(spki)) } })) > 0) throw known();
  const live = await ctx.db.signingKey.count({
    where: { organizationId: input.organizationId, kind: "ed25519", revokedAt: null },
  });
  if (live >= keysMax) throw new Refusal("too-many", `The organization has ${keysMax} own keys; revoke one first.`);
  const keySha256 = sha256Hex(spki);
  const { id, statement, expiresAt } = await openKeyStatement(ctx.db, ctx, {
    person,
    organizationId: input.organizationId,
    action: "enrol",
    key: keySha256,
    signedWith: keySha256,
    spki,
    label: input.label,
  });
  return { statementId: id, statement, keySha256, expiresAt };
}

export const EnrolOwnKey = z.strictObject({
  statementId: RowId,
  note: z.string().max(20_000),
  confirmation: EnrolmentCode,
});
export type EnrolOwnKey = z.infer<typeof EnrolOwnKey>;

/**
 * Enrols the key once its machine has signed the statement and the person has confirmed it by a mailed code. The first key of an
 * organization can sign at once, on the operator's word until the organization names it in its DNS; a later one waits as a passkey does.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, expired, wrong-code, evidence-invalid, malformed, conflict.
 */
export async function enrolOwnKey(ctx: Context, raw: EnrolOwnKey): Promise<{ keyId: string; isBound: boolean }> {
  const input = EnrolOwnKey.parse(raw);
  const asked = await loadKeyStatement(ctx.db, input.statementId, "enrol");
  const person = requireForOrganization(ctx.actor, "manage-keys", asked.organizationId);
  const spki = asked.spki ?? new Uint8Array();
  const key = { kind: "ed25519", spki, credentialId: null, rpId: null, origin: null };
  verifyKeyStatement(asked.statement, keyEvidenceOf(key, { class: "A'", note: input.note }));
  await spendEnrolmentCode(ctx, person, asked.id, input.confirmation);
  try {
    return await transaction(ctx.db, async (tx) => {
      await spendKeyStatement(tx, asked, ctx.now);
      return enrolBound(tx, ctx, person, {
        id: randomUUID(),
        organizationId: asked.organizationId,
        userId: null,
        kind: "ed25519",
        algorithm: -8,
        spki: Uint8Array.from(spki),
        spkiSha256: Uint8Array.from(sha256(spki)),
        transports: [],
        label: asked.label,
        enrolledAt: ctx.now,
      });
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw known();
    throw error;
  }
}

function known(): Refusal {
  return new Refusal("conflict", "This key is enrolled already; a key belongs to one organization, once.");
}
