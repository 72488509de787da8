import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfigurationError, type Env } from "./env.ts";

/**
 * The HMAC key for codes and tokens: from CONCORDAT_SECRET, or the one made on first start and kept in the data folder,
 * readable by its owner only. Whoever reads it can mint sign-in codes, but can not forge an act that a key of an
 * organization signed.
 *
 * @throws {ConfigurationError} when the file is open to others or cannot be used.
 */
export async function loadSecret(env: Pick<Env, "secret" | "dataFolder">): Promise<Uint8Array> {
  if (env.secret !== undefined) return new TextEncoder().encode(env.secret);
  return keepSecret(join(env.dataFolder, "secret"));
}

/** The 32 bytes kept in `file`, made when it does not exist. Safe against two processes making it at once. */
async function keepSecret(file: string): Promise<Uint8Array> {
  try {
    await mkdir(join(file, ".."), { recursive: true });
    const fresh = `${file}.${process.pid}`;
    await writeFile(fresh, `${randomBytes(32).toString("hex")}\n`, { mode: 0o600 });
    // A link fails when the file exists, whole: nobody ever reads half a secret, and the first one stays.
    await link(fresh, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
    await rm(fresh, { force: true });
    await requirePrivate(file);
    const kept = Buffer.from((await readFile(file, "utf8")).trim(), "hex");
    if (kept.length !== 32)
      throw new ConfigurationError(`${file} does not hold 32 bytes in hexadecimal; restore it from a backup.`);
    return new Uint8Array(kept);
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    throw new ConfigurationError(`The secret in ${file} cannot be read or made.`, { cause: error });
  }
}

/**
 * Refuses a key file that anyone but its owner may read.
 *
 * @throws {ConfigurationError} saying how to close it.
 */
export async function requirePrivate(file: string): Promise<void> {
  const { mode } = await stat(file);
  if (process.platform !== "win32" && (mode & 0o077) !== 0) {
    throw new ConfigurationError(`${file} may be read by other users; close it with chmod 600.`);
  }
}
