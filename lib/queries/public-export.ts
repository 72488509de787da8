import { zipSync } from "fflate";
import type { Context } from "#lib/data/context.ts";
import { latestCheckpoint } from "#lib/data/log.ts";
import { ActPayload } from "#lib/domain/acts.ts";
import { signatureActKinds } from "#lib/domain/keeper-acts.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { orderedReservations } from "#lib/domain/reservation.ts";
import { signatoriesAnswer } from "#lib/domain/signatory-answer.ts";
import type { CharterExport } from "#lib/ledger/charter-export.ts";
import { encodeUtf8 } from "#lib/ledger/hash.ts";
import { encodeJcs } from "#lib/ledger/jcs.ts";
import { loadCorrectedTexts } from "./public-corrections.ts";
import { loadLogPolicy } from "./public-log.ts";
import { loadCurrentNames } from "./public-names.ts";
import { loadPublicSignatories } from "./public-signatories.ts";
import { loadVersionText } from "./public-version.ts";

/**
 * Everything public of a charter in one ZIP archive (FORMAT.md part 10): its texts, its signed statements with their
 * evidence, the log with its checkpoint, and the list of signatories that follows from them.
 *
 * @throws {Refusal} not-found; unavailable while the newest act still waits for a checkpoint.
 */
export async function loadPublicExport(ctx: Context, slug: string): Promise<Uint8Array> {
  const view = await loadPublicSignatories(ctx, slug, { sort: "date" }, Number.POSITIVE_INFINITY);
  const { charter } = view;
  const head = await latestCheckpoint(ctx.db);
  const acts = await signedActs(ctx, charter.id);
  if (acts.some((act) => act.logIndex === null || act.logIndex >= head.size)) {
    throw new Refusal("unavailable", "The newest act is not under a checkpoint yet. Try again in a moment.");
  }
  const about: CharterExport = {
    type: "concordat/export/v1",
    charter: charter.id,
    slug: charter.slug,
    asOf: view.asOf.toISOString(),
    names: [...(await loadCurrentNames(ctx.db, charter.id)).values()],
    acts: acts.map(({ number, actId, declaration, reservations }) => ({
      number,
      actId,
      declaration,
      ...(reservations.length > 0 ? { reservations } : {}),
    })),
  };
  const files: Record<string, Uint8Array> = {
    "export.json": encodeJcs(about),
    "signatories.json": encodeUtf8(JSON.stringify(signatoriesAnswer(view))),
    "log/checkpoint": encodeUtf8(head.note),
    "log/entries": await entriesUpTo(ctx, head.size),
    "log/policy": encodeUtf8(await loadLogPolicy(ctx)),
  };
  for (const version of charter.versions) {
    files[`texts/${version.number}.json`] = (await loadVersionText(ctx.db, version)).bytes;
  }
  for (const { number, signed } of acts) {
    // What keepers said by their own word has neither.
    if (!signed) continue;
    files[`acts/${number}.statement.txt`] = encodeUtf8(signed.statement);
    files[`acts/${number}.evidence.json`] = encodeJcs(signed.evidence);
  }
  for (const { number, sha256Hex, bytes } of await loadCorrectedTexts(ctx.db, charter.id)) {
    files[`texts/${number}.${sha256Hex}.json`] = bytes;
  }
  return zipSync(files, { level: 6, mtime: view.asOf });
}

async function signedActs(ctx: Context, charterId: string) {
  const rows = await ctx.db.actPublication.findMany({
    where: {
      charterId,
      act: { kind: { in: ["sign", "withdraw", "revoke-withdrawal", "narrow-reservation", "reaffirm", ...signatureActKinds] } },
    },
    orderBy: { number: "asc" },
    select: {
      number: true,
      actId: true,
      logIndex: true,
      act: { select: { payload: true, evidence: { select: { statement: true, evidence: true } } } },
    },
  });
  return rows.map(({ number, actId, logIndex, act }) => {
    const payload = ActPayload.parse(act.payload);
    if (!act.evidence && "statementSha256" in payload) throw new Error(`Act ${actId} is public and has no evidence.`);
    const declaration = payload.kind === "sign" ? payload.declaration : "";
    const reservations = "reservations" in payload ? (payload.reservations ?? []) : [];
    const texts = orderedReservations(reservations).map(({ text }) => text);
    return { number, actId, logIndex, declaration, reservations: texts, signed: act.evidence };
  });
}

async function entriesUpTo(ctx: Context, size: bigint): Promise<Uint8Array> {
  const rows = await ctx.db.logEntry.findMany({
    where: { index: { lt: size } },
    orderBy: { index: "asc" },
    select: { entry: true },
  });
  return Buffer.concat(rows.flatMap((row) => [row.entry, encodeUtf8("\n")]));
}
