import type { Context } from "#lib/data/context.ts";
import { latestCheckpoint } from "#lib/data/log.ts";
import { ActPayload } from "#lib/domain/acts.ts";
import { signatureActKinds } from "#lib/domain/keeper-acts.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { orderedReservations } from "#lib/domain/reservation.ts";
import { signatoriesAnswer } from "#lib/domain/signatory-answer.ts";
import { type ArchiveFile, ArchiveWriter } from "#lib/ledger/archive.ts";
import type { CharterExport } from "#lib/ledger/charter-export.ts";
import { concatBytes, encodeUtf8 } from "#lib/ledger/hash.ts";
import { encodeJcs } from "#lib/ledger/jcs.ts";
import { loadCorrectedTexts } from "./public-corrections.ts";
import { loadLogPolicy } from "./public-log.ts";
import { loadCurrentNames } from "./public-names.ts";
import { loadPublicSignatories } from "./public-signatories.ts";
import { loadVersionText } from "./public-version.ts";

/** How many rows are in memory at once while an archive is made. */
const rowsPerRead = 500;

/**
 * Everything public of a charter in one ZIP archive (FORMAT.md part 10): its texts, its signed statements with their
 * evidence, the log with its checkpoint, and the list of signatories that follows from them. The archive comes piece by piece
 * while it is made, so that a large one holds up nobody else; what is refused is refused before the first piece.
 *
 * @throws {Refusal} not-found; unavailable while the newest act still waits for a checkpoint.
 */
export async function loadPublicExport(ctx: Context, slug: string): Promise<AsyncIterable<Uint8Array>> {
  const view = await loadPublicSignatories(ctx, slug, { sort: "date" }, Number.POSITIVE_INFINITY);
  const { charter } = view;
  const head = await latestCheckpoint(ctx.db);
  const acts = await signedActs(ctx, charter.id);
  if (acts.some((act) => act.logIndex === null || act.logIndex >= head.size)) {
    throw new Refusal("unavailable", "The newest act is not under a checkpoint yet. Try again in a moment.");
  }
  const about: CharterExport = {
    type: "concordat/export/v2",
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
  const first: ArchiveFile[] = [
    { name: "export.json", bytes: encodeJcs(about) },
    { name: "signatories.json", bytes: encodeUtf8(JSON.stringify(signatoriesAnswer(view))) },
    { name: "log/checkpoint", bytes: encodeUtf8(head.note) },
    { name: "log/policy", bytes: encodeUtf8(await loadLogPolicy(ctx)) },
  ];
  for (const version of charter.versions) {
    first.push({ name: `texts/${version.number}.json`, bytes: (await loadVersionText(ctx.db, version)).bytes });
  }
  for (const { number, sha256Hex, bytes } of await loadCorrectedTexts(ctx.db, charter.id)) {
    first.push({ name: `texts/${number}.${sha256Hex}.json`, bytes });
  }
  return archiveOf(ctx, first, acts, head.size);
}

async function* archiveOf(
  ctx: Context,
  first: readonly ArchiveFile[],
  acts: readonly { readonly number: number; readonly actId: string }[],
  size: bigint,
): AsyncGenerator<Uint8Array> {
  const writer = new ArchiveWriter();
  for (const file of first) yield* writer.add(file);
  for (let from = 0; from < acts.length; from += rowsPerRead) {
    const batch = acts.slice(from, from + rowsPerRead);
    const signed = await loadSigned(
      ctx,
      batch.map(({ actId }) => actId),
    );
    for (const { number, actId } of batch) {
      const found = signed.get(actId);
      // What keepers said by their own word has neither.
      if (!found) continue;
      yield* writer.add({ name: `acts/${number}.statement.txt`, bytes: encodeUtf8(found.statement) });
      yield* writer.add({ name: `acts/${number}.evidence.json`, bytes: encodeJcs(found.evidence) });
    }
  }
  yield* writer.add({ name: "log/entries", bytes: await entriesUpTo(ctx, size) });
  yield writer.end();
}

async function loadSigned(ctx: Context, actIds: string[]) {
  const rows = await ctx.db.actEvidence.findMany({
    where: { actId: { in: actIds } },
    select: { actId: true, statement: true, evidence: true },
  });
  return new Map(rows.map((row) => [row.actId, row]));
}

async function signedActs(ctx: Context, charterId: string) {
  const rows = await ctx.db.actPublication.findMany({
    where: {
      charterId,
      act: {
        kind: {
          in: [
            "sign",
            "withdraw",
            "revoke-withdrawal",
            "narrow-reservation",
            "reaffirm",
            "endorse-correction",
            ...signatureActKinds,
          ],
        },
      },
    },
    orderBy: { number: "asc" },
    select: {
      number: true,
      actId: true,
      logIndex: true,
      act: { select: { payload: true, evidence: { select: { actId: true } } } },
    },
  });
  return rows.map(({ number, actId, logIndex, act }) => {
    const payload = ActPayload.parse(act.payload);
    if (!act.evidence && "statementSha256" in payload) throw new Error(`Act ${actId} is public and has no evidence.`);
    const declaration = payload.kind === "sign" ? payload.declaration : "";
    const reservations = "reservations" in payload ? (payload.reservations ?? []) : [];
    const texts = orderedReservations(reservations).map(({ text }) => text);
    return { number, actId, logIndex, declaration, reservations: texts };
  });
}

async function entriesUpTo(ctx: Context, size: bigint): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (let from = 0n; from < size; from += BigInt(rowsPerRead)) {
    const rows = await ctx.db.logEntry.findMany({
      where: { index: { gte: from, lt: size } },
      orderBy: { index: "asc" },
      take: rowsPerRead,
      select: { entry: true },
    });
    for (const row of rows) parts.push(row.entry, lineFeed);
  }
  return concatBytes(...parts);
}

const lineFeed = encodeUtf8("\n");
