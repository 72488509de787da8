import { concatBytes } from "#lib/ledger/hash.ts";
import { loadPublicExport } from "#lib/queries/public-export.ts";

/** The whole archive that a reader downloads, in one piece. */
export async function exportBytes(...[ctx, slug]: Parameters<typeof loadPublicExport>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of await loadPublicExport(ctx, slug)) pieces.push(piece);
  return concatBytes(...pieces);
}
