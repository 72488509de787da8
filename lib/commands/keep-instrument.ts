import { randomUUID } from "node:crypto";
import { loadCharter } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { RowId } from "#lib/domain/ids.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireOnCharter } from "#lib/domain/rights.ts";
import { sha256, sha256Hex } from "#lib/ledger/hash.ts";

/** The largest scan in bytes. */
export const instrumentBytesMax = 8 * 1024 * 1024;

/** What a scan may be, and how each begins. */
const beginnings: Readonly<Record<string, readonly string[]>> = {
  "application/pdf": ["25504446"],
  "image/png": ["89504e47"],
  "image/jpeg": ["ffd8ff"],
  "image/tiff": ["49492a00", "4d4d002a"],
};

/** Scans that one person may hand in in a day. */
const scansMax = 50;

/**
 * Keeps the scan of an instrument for a version, by its depositary, until it is recorded. It is never public: only its hash is.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, malformed, too-large, too-many.
 */
export async function keepInstrument(
  ctx: Context,
  input: { readonly versionId: string; readonly mediaType: string; readonly bytes: Uint8Array },
): Promise<{ instrumentId: string; sha256Hex: string }> {
  const { mediaType, bytes } = input;
  const version = await ctx.db.charterVersion.findUnique({
    where: { id: RowId.parse(input.versionId) },
    select: { id: true, charterId: true },
  });
  if (!version) throw new Refusal("not-found", "There is no such version.");
  const { person } = requireOnCharter(ctx.actor, "record-instrument", await loadCharter(ctx.db, version.charterId));
  if (bytes.length > instrumentBytesMax) throw new Refusal("too-large", "A scan may have 8 MiB.");
  const head = Buffer.from(bytes.slice(0, 4)).toString("hex");
  if (!(beginnings[mediaType] ?? []).some((beginning) => head.startsWith(beginning))) {
    throw new Refusal("malformed", "A scan is a PDF, a PNG, a JPEG or a TIFF.");
  }
  const since = new Date(ctx.now.getTime() - 24 * 3_600_000);
  const count = await ctx.db.instrument.count({ where: { uploadedBy: person.userId, uploadedAt: { gt: since } } });
  if (count >= scansMax) throw new Refusal("too-many", "You have handed in many scans today. Go on tomorrow.");
  const id = randomUUID();
  await ctx.db.instrument.create({
    data: {
      id,
      versionId: version.id,
      uploadedBy: person.userId,
      uploadedAt: ctx.now,
      mediaType,
      sha256: Uint8Array.from(sha256(bytes)),
      bytes: Uint8Array.from(bytes),
    },
  });
  return { instrumentId: id, sha256Hex: sha256Hex(bytes) };
}
