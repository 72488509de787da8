import { z } from "zod";
import { insertAct, publishAct } from "#lib/data/acts.ts";
import type { Context } from "#lib/data/context.ts";
import { appendEntries, lockLog } from "#lib/data/log.ts";
import { lockVersion } from "#lib/data/open-version.ts";
import { requirePublicReason } from "#lib/data/public-reason.ts";
import { type Tx, transaction } from "#lib/data/store.ts";
import { ClauseId, RowId } from "#lib/domain/ids.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireOnInstallation } from "#lib/domain/rights.ts";
import { isPublicState } from "#lib/domain/version-status.ts";
import { parseCanonicalVersion } from "#lib/ledger/canonical-version.ts";
import { encodeEntry } from "#lib/ledger/entry.ts";
import { decodeHex } from "#lib/ledger/hash.ts";

export const WithholdClause = z.strictObject({ versionId: RowId, clauseId: ClauseId, reason: z.string() });
export type WithholdClause = z.infer<typeof WithholdClause>;

/**
 * Publishes the words of a clause no longer, such as personal data that nobody should have put there; in its corrected copies neither. Its
 * place and its hash stay, and so do all signatures. It is not undone. The reason is public, so it must not repeat the words.
 *
 * @throws {Refusal} not-signed-in, not-found, malformed; conflict when the version is not public or the clause withheld already.
 */
export async function withholdClause(ctx: Context, raw: WithholdClause): Promise<{ actId: string }> {
  const operator = requireOnInstallation(ctx.actor, "withhold-clause");
  const { versionId, clauseId, reason: text } = WithholdClause.parse(raw);
  // One line, as the entry of the log has it.
  const reason = requirePublicReason(text.replace(/\s+/g, " ")).slice(0, 500).trim();
  return transaction(ctx.db, async (tx) => {
    const version = await lockVersion(tx, versionId, "update");
    if (!isPublicState(version.state)) throw new Refusal("conflict", "This version is not public.");
    const [clause, ...copies] = await clauseHashes(tx, versionId, clauseId);
    if (!clause) throw new Refusal("not-found", "This version has no such clause.");
    const before = await tx.redaction.count({ where: { versionId, clauseId } });
    if (before > 0) throw new Refusal("conflict", "This clause is withheld already.");
    await lockLog(tx);
    const distinct = [...new Set([clause.sha256, ...copies.map(({ sha256 }) => sha256)])];
    const at = ctx.now.toISOString();
    const entries = distinct.map((subjectSha256) => ({
      bytes: encodeEntry({ type: "redact", v: 1, subjectSha256, charterId: version.charterId, clauseId, reason, at }),
      actId: null,
    }));
    const [logIndex] = await appendEntries(tx, entries, ctx.now);
    if (logIndex === undefined) throw new Error("The log gave no index.");
    await tx.redaction.create({
      data: {
        charterId: version.charterId,
        versionId,
        clauseId,
        sha256: Uint8Array.from(decodeHex(clause.sha256)),
        reason,
        logIndex,
        at: ctx.now,
      },
    });
    const actId = await insertAct(tx, {
      charterId: version.charterId,
      versionId,
      organizationId: null,
      userId: operator.userId,
      at: ctx.now,
      payload: {
        kind: "redact",
        versionSha256: version.sha256Hex,
        number: version.number,
        clauseId,
        clauseNumber: clause.number,
        clauseSha256: clause.sha256,
        reason,
        at,
      },
    });
    await publishAct(tx, actId, ctx.now);
    await tx.operatorAction.create({
      data: { userId: operator.userId, kind: "withhold-clause", subject: versionId, reason, at: ctx.now },
    });
    return { actId };
  });
}

/** The clause in the text that was signed, and in the corrected copies of it. */
async function clauseHashes(tx: Tx, versionId: string, clauseId: string) {
  const signed = await tx.charterVersion.findUniqueOrThrow({ where: { id: versionId }, select: { canonical: true } });
  const copies = await tx.correction.findMany({ where: { versionId }, select: { canonical: true } });
  return [signed, ...copies].flatMap(({ canonical }) =>
    parseCanonicalVersion(canonical).clauseHashes.filter((one) => one.id === clauseId),
  );
}
