import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Context } from "#lib/data/context.ts";
import { instantOfRule, keysOnlySince, ruleEntries } from "#lib/data/evidence-rule.ts";
import { isOrganizationPublic } from "#lib/data/first-entries.ts";
import { keyEvidenceOf } from "#lib/data/key-evidence.ts";
import { loadKeyStatement, openKeyStatement, spendKeyStatement } from "#lib/data/key-statements.ts";
import { appendEntries, lockLog } from "#lib/data/log.ts";
import { bumpRevisions } from "#lib/data/public-revision.ts";
import { bindKey, enrolmentsOf, lockKeysOf, signsBy } from "#lib/data/signing-keys.ts";
import { type Tx, transaction } from "#lib/data/store.ts";
import { RowId } from "#lib/domain/ids.ts";
import { KeyAnswer } from "#lib/domain/lodging.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireForOrganization } from "#lib/domain/rights.ts";
import { encodeEntry } from "#lib/ledger/entry.ts";
import type { KeyEvidence } from "#lib/ledger/evidence.ts";
import { decodeHex, encodeBase64Url, encodeHex, encodeUtf8, sha256 } from "#lib/ledger/hash.ts";
import { type KeyStatement, verifyKeyStatement } from "#lib/ledger/key-statement.ts";

export const AskKey = z.strictObject({
  organizationId: RowId,
  /** The enrolled key that is to sign. */
  withKeyId: RowId,
  /** The key that it is to approve; null lets evidence without a key count again. */
  keyId: RowId.nullable(),
});
export type AskKey = z.infer<typeof AskKey>;

/** What a key is asked to sign; `passkey` is null for an own key, whose machine signs the text. */
export type AskedKey = {
  readonly statementId: string;
  readonly statement: string;
  readonly passkey: {
    readonly challenge: string;
    readonly rpId: string;
    readonly credentialId: string;
  } | null;
};

/**
 * Writes what an enrolled key of the organization is to sign: that another key is the organization's too, or that evidence
 * without a key counts again. Nothing is changed by it.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, conflict, too-many.
 */
export async function askKey(ctx: Context, raw: AskKey): Promise<AskedKey> {
  const { organizationId, withKeyId, keyId } = AskKey.parse(raw);
  const person = requireForOrganization(ctx.actor, "manage-keys", organizationId);
  const approver = await ctx.db.signingKey.findFirst({
    where: { id: withKeyId, organizationId, revokedAt: null, boundAt: { not: null }, ...signsBy(ctx.now) },
  });
  if (!approver) throw new Refusal("not-found", "This is not a key that signs for the organization.");
  if (approver.kind === "webauthn" && approver.rpId !== ctx.site.signRpId) {
    throw new Refusal("not-found", "This passkey was made for another signing site.");
  }
  const subject = keyId === null ? null : await requireSubject(ctx, organizationId, keyId, withKeyId);
  if (keyId === null && (await keysOnlySince(ctx.db, organizationId)) === null) throw allCount();
  const { id, statement } = await openKeyStatement(ctx.db, ctx, {
    person,
    organizationId,
    action: keyId === null ? "allow-all" : "approve",
    key: subject && encodeHex(subject.spkiSha256),
    signedWith: encodeHex(approver.spkiSha256),
    signingKeyId: withKeyId,
  });
  const { credentialId, rpId } = approver;
  const challenge = encodeBase64Url(sha256(encodeUtf8(statement)));
  const passkey = credentialId === null || rpId === null ? null : { challenge, rpId, credentialId };
  return { statementId: id, statement, passkey };
}

export const AnswerKey = z.strictObject({ statementId: RowId, answer: KeyAnswer });
export type AnswerKey = z.infer<typeof AnswerKey>;

/**
 * Takes the signature of the key and does what it says. Everything is checked again while the organization's keys are held.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, expired, evidence-invalid, malformed, conflict.
 */
export async function answerKey(ctx: Context, raw: AnswerKey): Promise<void> {
  const { statementId, answer } = AnswerKey.parse(raw);
  const asked = await loadKeyStatement(ctx.db, statementId, "approve", "allow-all");
  const person = requireForOrganization(ctx.actor, "manage-keys", asked.organizationId);
  await transaction(ctx.db, async (tx) => {
    await lockKeysOf(tx, asked.organizationId, "update");
    await spendKeyStatement(tx, asked, ctx.now);
    // Held to the commit: the approval comes before the revocation of the key that gives it, or is refused.
    await tx.$queryRaw`SELECT 1 FROM signing_key WHERE id = ${asked.signingKeyId}::uuid FOR SHARE`;
    const approver = await tx.signingKey.findFirst({
      where: { id: asked.signingKeyId ?? "", revokedAt: null, boundAt: { not: null }, ...signsBy(ctx.now) },
    });
    if (!approver) throw new Refusal("evidence-invalid", "The key that should approve was revoked meanwhile.");
    const proof = keyEvidenceOf(approver, answer);
    const { statement } = verifyKeyStatement(asked.statement, proof);
    const given = { text: asked.statement, statement, proof };
    if (statement.action === "approve") await approve(tx, ctx, given);
    else await allowAll(tx, ctx, person.userId, approver.id, given);
  });
}

type Given = { readonly text: string; readonly statement: KeyStatement; readonly proof: KeyEvidence };

async function approve(tx: Tx, ctx: Context, { text, statement, proof }: Given): Promise<void> {
  const key = await tx.signingKey.findUnique({
    where: { spkiSha256: Uint8Array.from(decodeHex(statement.key ?? "")) },
  });
  if (!key || key.organizationId !== statement.organizationId || key.revokedAt !== null) {
    throw new Refusal("conflict", "The key that should be approved was revoked meanwhile.");
  }
  const binding = { boundBy: "key", approvedBy: statement.signedWith, statement: text, proof } as const;
  await bindKey(tx, key.id, binding, ctx.now);
}

async function allowAll(tx: Tx, ctx: Context, userId: string, approverId: string, given: Given): Promise<void> {
  const { organizationId, signedWith } = given.statement;
  if ((await keysOnlySince(tx, organizationId)) === null) throw allCount();
  await tx.evidenceRule.create({
    data: {
      id: randomUUID(),
      organizationId,
      rule: "all-evidence",
      userId,
      approvedBy: Uint8Array.from(decodeHex(signedWith)),
      statement: given.text,
      evidence: given.proof,
      at: await instantOfRule(tx, organizationId, ctx.now),
    },
  });
  await lockLog(tx);
  if (!(await isOrganizationPublic(tx, organizationId))) return;
  const entries = (await ruleEntries(tx, organizationId, ctx.now)).map((entry) => ({
    bytes: encodeEntry(entry),
    actId: null,
  }));
  await appendEntries(tx, [...(await enrolmentsOf(tx, approverId, ctx.now)), ...entries], ctx.now);
  await bumpRevisions(tx, [`organization:${organizationId}`]);
}

async function requireSubject(ctx: Context, organizationId: string, keyId: string, withKeyId: string) {
  const key = await ctx.db.signingKey.findFirst({ where: { id: keyId, organizationId, revokedAt: null } });
  if (!key || keyId === withKeyId) throw new Refusal("not-found", "There is no such key to approve.");
  // One that its domain names and that still rests can be approved, which ends the rest.
  const isResting = key.signsFrom !== null && key.signsFrom > ctx.now;
  if (key.boundAt !== null && key.boundBy !== "operator" && !isResting) {
    throw new Refusal("conflict", "The organization has vouched for this key already.");
  }
  return key;
}

function allCount(): Refusal {
  return new Refusal("conflict", "Codes and paper count for this organization already.");
}
