import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** A file of the verifier as this server offers it below `/verify/`, with its SHA-256 in hex. */
export type VerifierFile = { readonly name: string; readonly sha256Hex: string };

/** The verifier's files with their fingerprints, as they were made at the start; none when they were not made. */
export async function listVerifierFiles(): Promise<VerifierFile[]> {
  const sums = await readFile(join(process.cwd(), "public", "verify", "SHA256SUMS"), "utf8").catch(() => "");
  return [...sums.matchAll(/^([0-9a-f]{64}) {2}(\S+)$/gm)].map(([, sha256Hex = "", name = ""]) => ({
    name,
    sha256Hex,
  }));
}
