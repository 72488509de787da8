import { z } from "zod";
import type { Site } from "#lib/config/site.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { type Entry, encodeEntry } from "#lib/ledger/entry.ts";
import { KeyEvidence } from "#lib/ledger/evidence.ts";
import { decodeHex, encodeBase64, encodeHex, encodeUtf8, sha256 } from "#lib/ledger/hash.ts";
import { formatJcs, parseJcs } from "#lib/ledger/jcs.ts";
import { appendEntries, lockLog, type NewEntry } from "./log.ts";
import { bumpRevisions } from "./public-revision.ts";
import type { Db, Tx } from "./store.ts";

/** Who vouches that a key is the organization's, and by what. */
export type Binding =
  | { readonly boundBy: "dns" | "well-known"; readonly evidence: string }
  | { readonly boundBy: "key"; readonly approvedBy: string; readonly statement: string; readonly proof: KeyEvidence }
  | { readonly boundBy: "operator"; readonly reason: string | null };

/** A key's approval as it is kept: what was signed, and by what it is shown. */
const Approved = z.strictObject({ statement: z.string(), evidence: KeyEvidence });

/**
 * Holds everything about an organization's keys, and which evidence counts for it, to the end of the transaction. Whoever
 * only relies on it ("share") is in each other's company. Taken before rows of keys, and those before the log.
 */
export async function lockKeysOf(tx: Tx, organizationId: string, lock: "share" | "update"): Promise<void> {
  const name = `keys of ${organizationId}`;
  if (lock === "share") await tx.$queryRaw`SELECT 1 FROM pg_advisory_xact_lock_shared(hashtextextended(${name}, 0))`;
  else await tx.$queryRaw`SELECT 1 FROM pg_advisory_xact_lock(hashtextextended(${name}, 0))`;
}

/**
 * Records who vouches for a key. Once the key stands in the public log, so does this. The caller holds the organization's keys.
 *
 * @throws {Refusal} too-large when the approval does not fit into the log.
 */
export async function bindKey(tx: Tx, keyId: string, binding: Binding, now: Date): Promise<void> {
  const key = await tx.signingKey.findUniqueOrThrow({ where: { id: keyId } });
  const evidence = evidenceOf(binding);
  const before = await tx.keyBinding.findFirst({
    where: { signingKeyId: keyId },
    orderBy: [{ at: "desc" }, { id: "desc" }],
    select: { at: true },
  });
  await tx.keyBinding.create({
    data: {
      signingKeyId: keyId,
      boundBy: binding.boundBy,
      approvedBy: binding.boundBy === "key" ? Uint8Array.from(decodeHex(binding.approvedBy)) : null,
      evidence,
      evidenceSha256: evidence === null ? null : Uint8Array.from(sha256(encodeUtf8(evidence))),
      // After the one before it, since the latest holds.
      at: new Date(Math.max(now.getTime(), (before?.at.getTime() ?? 0) + 1)),
    },
  });
  const isSeen = binding.boundBy === "dns" || binding.boundBy === "well-known";
  await tx.signingKey.update({
    where: { id: keyId },
    data: {
      boundBy: binding.boundBy,
      boundAt: key.boundAt ?? now,
      // A key that has signed for the organization answers for this one: nobody has to be waited for.
      ...(binding.boundBy === "key" ? { signsFrom: null } : {}),
      bindingGoodAt: isSeen ? now : null,
      bindingCheckedAt: isSeen ? now : null,
      bindingProblem: null,
    },
  });
  // Written even when it waits for the first public act: what does not fit must be refused now, not at a launch.
  const bound = await loadBoundKey(tx, keyId);
  const entries = [...vouchingEntriesOf(bound, now), keyEntryOf(bound, "bound", now)].map(encodeEntry);
  await lockLog(tx);
  if (!(await isKeyPublic(tx, keyId))) return;
  await appendEntries(
    tx,
    [
      ...(binding.boundBy === "key" ? await enrolmentsOf(tx, await keyIdOf(tx, binding.approvedBy), now) : []),
      ...entries.map((bytes) => ({ bytes, actId: null })),
    ],
    now,
  );
  await bumpRevisions(tx, [`organization:${key.organizationId}`]);
}

/** Revokes keys that are live; those in the public log are revoked there too. To be called last in a transaction. */
export async function revokeKeys(tx: Tx, keyIds: readonly string[], now: Date): Promise<string[]> {
  const live = await tx.signingKey.findMany({
    where: { id: { in: [...keyIds] }, revokedAt: null },
    orderBy: { id: "asc" },
    select: { id: true, organizationId: true },
  });
  const revoked: typeof live = [];
  for (const key of live) {
    // Signers hold the row for sharing: a signature with this key is before the revocation or is refused.
    const { count } = await tx.signingKey.updateMany({
      where: { id: key.id, revokedAt: null },
      data: { revokedAt: now },
    });
    if (count > 0) revoked.push(key);
  }
  if (revoked.length === 0) return [];
  // Asked under the lock of the log: an act that shows the key for the first time is in the log by now, or finds the key revoked.
  await lockLog(tx);
  for (const { id, organizationId } of revoked) {
    if (!(await isKeyPublic(tx, id))) continue;
    const entry = await keyEntry(tx, id, "revoked", now);
    await appendEntries(tx, [{ bytes: encodeEntry(entry), actId: null }], now);
    await bumpRevisions(tx, [`organization:${organizationId}`]);
  }
  return revoked.map(({ id }) => id);
}

/** Revokes every key of a person, for one organization or for all. To be called last in a transaction. */
export async function revokeKeysOf(tx: Tx, userId: string, now: Date, organizationId?: string): Promise<void> {
  const keys = await tx.signingKey.findMany({
    where: { userId, ...(organizationId === undefined ? {} : { organizationId }) },
    select: { id: true },
  });
  await revokeKeys(
    tx,
    keys.map(({ id }) => id),
    now,
  );
}

/** Whether a signing key stands in the public log. */
export async function isKeyPublic(tx: Tx, keyId: string): Promise<boolean> {
  return (await tx.keyEnrolment.count({ where: { signingKeyId: keyId } })) > 0;
}

/**
 * The entries by which a key comes into the log: the key that approved it, if that is not there yet, its approval or the operator's
 * reason, and the enrolment. None when it is there. The caller holds the log.
 */
export async function enrolmentsOf(tx: Tx, keyId: string, now: Date): Promise<NewEntry[]> {
  return (await isKeyPublic(tx, keyId)) ? [] : (await firstEntriesOfKey(tx, keyId, now)).before;
}

/** The same for a key that is not there yet; `after` revokes again, behind the act, the keys that are revoked by now. */
export async function firstEntriesOfKey(
  tx: Tx,
  keyId: string,
  now: Date,
): Promise<{ readonly before: NewEntry[]; readonly after: Entry[] }> {
  const key = await loadBoundKey(tx, keyId);
  const approverId = key.approvedBy === null ? null : await keyIdOf(tx, encodeHex(key.approvedBy));
  // An approval is by a key that was enrolled before, so that this comes to an end.
  const approver =
    approverId === null || (await isKeyPublic(tx, approverId))
      ? undefined
      : await firstEntriesOfKey(tx, approverId, now);
  return {
    before: [
      ...(approver?.before ?? []),
      ...vouchingEntriesOf(key, now).map((entry) => ({ bytes: encodeEntry(entry), actId: null })),
      { bytes: encodeEntry(keyEntryOf(key, "enrolled", now)), actId: null, enrols: keyId },
    ],
    after: [...(approver?.after ?? []), ...(key.isRevoked ? [keyEntryOf(key, "revoked", now)] : [])],
  };
}

/** The entry by which a key comes, is vouched for anew, or goes. */
export async function keyEntry(tx: Tx, keyId: string, action: KeyAction, now: Date): Promise<Entry> {
  return keyEntryOf(await loadBoundKey(tx, keyId), action, now);
}

type KeyAction = "enrolled" | "bound" | "revoked";

function keyEntryOf(key: BoundKey, action: KeyAction, now: Date): Entry {
  const boundBy = boundByOf(key.boundBy);
  const isSeen = boundBy === "dns" || boundBy === "well-known";
  return {
    type: "key",
    v: 1,
    action,
    organizationId: key.organizationId,
    key: encodeHex(key.spkiSha256),
    spki: encodeBase64(key.spki),
    algorithm: key.algorithm === -8 ? -8 : -7,
    rpId: key.rpId,
    origin: key.origin,
    boundBy,
    approvedBy: key.approvedBy ? encodeHex(key.approvedBy) : null,
    evidenceSha256: isSeen && key.evidenceSha256 ? encodeHex(key.evidenceSha256) : null,
    at: now.toISOString(),
  };
}

/** Reads the column: who vouches for a key. */
export function boundByOf(text: string): Binding["boundBy"] {
  return text === "dns" || text === "well-known" || text === "key" ? text : "operator";
}

/** What stands in the log before the entry of a key: its approval, or the reason of the operator. */
function vouchingEntriesOf(key: BoundKey, now: Date): Entry[] {
  if (key.evidence === null) return [];
  const { organizationId } = key;
  const at = now.toISOString();
  if (key.vouchedBy === "key") {
    const { statement, evidence } = Approved.parse(parseJcs(encodeUtf8(key.evidence)));
    return [{ type: "approval", v: 1, organizationId, statement, evidence, at }];
  }
  if (key.vouchedBy !== "operator") return [];
  const subject = `${key.legalName}, key ${encodeHex(key.spkiSha256)}`;
  return [{ type: "operator", v: 1, action: "vouched for a signing key", subject, reason: key.evidence, at }];
}

/** A key, whose it is, and its latest binding; that part is null while nobody vouches for it. */
type BoundKey = {
  readonly organizationId: string;
  readonly legalName: string;
  readonly spki: Uint8Array;
  readonly spkiSha256: Uint8Array;
  readonly algorithm: number;
  readonly rpId: string | null;
  readonly origin: string | null;
  readonly isRevoked: boolean;
  readonly boundBy: string;
  readonly vouchedBy: string | null;
  readonly approvedBy: Uint8Array | null;
  readonly evidence: string | null;
  readonly evidenceSha256: Uint8Array | null;
};

async function loadBoundKey(tx: Tx, keyId: string): Promise<BoundKey> {
  // In one question: it is asked while everybody waits for the log.
  const [key] = await tx.$queryRaw<BoundKey[]>`
    SELECT key.organization_id AS "organizationId", organization.legal_name AS "legalName", key.spki, key.spki_sha256 AS "spkiSha256",
           key.algorithm, key.rp_id AS "rpId", key.origin, key.revoked_at IS NOT NULL AS "isRevoked",
           key.bound_by AS "boundBy", binding.bound_by AS "vouchedBy",
           binding.approved_by AS "approvedBy", binding.evidence, binding.evidence_sha256 AS "evidenceSha256"
    FROM signing_key key
    JOIN organization ON organization.id = key.organization_id
    LEFT JOIN LATERAL (
      SELECT * FROM key_binding WHERE signing_key_id = key.id ORDER BY at DESC, id DESC LIMIT 1
    ) binding ON true
    WHERE key.id = ${keyId}::uuid`;
  if (!key) throw new Error("There is no such key.");
  return key;
}

async function keyIdOf(tx: Tx, keyHex: string): Promise<string> {
  const key = await tx.signingKey.findUnique({
    where: { spkiSha256: Uint8Array.from(decodeHex(keyHex)) },
    select: { id: true },
  });
  if (!key) throw new Refusal("not-found", "The key that approved this one is not known.");
  return key.id;
}

function evidenceOf(binding: Binding): string | null {
  switch (binding.boundBy) {
    case "dns":
    case "well-known":
      return binding.evidence;
    case "key":
      return formatJcs({ statement: binding.statement, evidence: binding.proof });
    case "operator":
      return binding.reason;
  }
}

/** A key that a person can sign with here and now. `isOwn`: the organization's own, on a machine of its own. */
export type UsableKey = {
  readonly id: string;
  readonly label: string;
  readonly enrolledAt: Date;
  readonly isOwn: boolean;
  /** Before this instant it signs nothing; null for a key that signs now. */
  readonly signsFrom: Date | null;
};

/** Lets only keys through that may sign by `now`: a later key that no enrolled one approved rests for a day. */
export function signsBy(now: Date) {
  return { OR: [{ signsFrom: null }, { signsFrom: { lte: now } }] };
}

/** The live keys by which a person can sign for an organization: the person's passkeys for this site, and its own keys. */
export async function listUsableKeys(
  db: Db | Tx,
  site: Pick<Site, "signRpId">,
  userId: string,
  organizationId: string,
  now: Date,
): Promise<UsableKey[]> {
  const rows = await db.signingKey.findMany({
    where: {
      organizationId,
      revokedAt: null,
      boundAt: { not: null },
      OR: [{ kind: "webauthn", userId, rpId: site.signRpId }, { kind: "ed25519" }],
    },
    orderBy: [{ kind: "desc" }, { enrolledAt: "desc" }],
    select: { id: true, label: true, enrolledAt: true, kind: true, signsFrom: true },
  });
  return rows.map(({ kind, signsFrom, ...row }) => ({
    ...row,
    isOwn: kind === "ed25519",
    signsFrom: signsFrom !== null && signsFrom > now ? signsFrom : null,
  }));
}
