import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ed25519 } from "@noble/curves/ed25519.js";
import { loadPublicExport } from "#lib/queries/public-export.ts";
import { checkExport, type ExportVerdict } from "#server/cli/fsck.ts";
import { createSigner } from "#server/signer/signer.ts";
import { testLogKey } from "./signing.ts";
import type { World } from "./world.ts";

/** Lets the signer sign the growth of a world's log once. It begins without memory each time, so it reads the whole log. */
export async function signLog(world: World): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "concordat-signer-"));
  try {
    await createSigner(world.store.db, {
      origin: world.as(null).site.logOrigin,
      key: { secretKey: testLogKey, publicKey: ed25519.getPublicKey(testLogKey) },
      folder,
      isDemo: false,
    }).signGrowth();
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A charter's export as it would be downloaded now, and what the verifier says of it without a policy: 5 is the best there is. */
export async function exported(
  world: World,
  charterId: string,
): Promise<{ bytes: Uint8Array; verdict: ExportVerdict }> {
  await signLog(world);
  const { slug } = await world.store.db.charter.findUniqueOrThrow({ where: { id: charterId }, select: { slug: true } });
  const chunks: Uint8Array[] = [];
  for await (const chunk of await loadPublicExport(world.as(null), slug ?? "")) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  return { bytes, verdict: checkExport(bytes, null) };
}
