import { randomBytes } from "node:crypto";
import { chmod, link, mkdir, open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { ed25519PublicKey } from "#ledger-crypto";

/** The key of the log: whoever reads its file can sign checkpoints in the log's name. 32 bytes. */
export type LogKey = { readonly secretKey: Uint8Array; readonly publicKey: Uint8Array };

/**
 * The log's Ed25519 key from its file, made on first start and readable by its owner only.
 *
 * @throws {Error} in one sentence when the file is open to others or does not hold a key.
 */
export async function loadLogKey(file: string): Promise<LogKey> {
  await mkdir(dirname(file), { recursive: true });
  await makeOnce(file);
  const { mode } = await stat(file);
  if (process.platform !== "win32" && (mode & 0o077) !== 0) {
    throw new Error(`The log key in ${file} may be read by other users; close it with chmod 600.`);
  }
  const text = (await readFile(file, "utf8")).trim();
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Error(`${file} does not hold a log key; restore it from a backup.`);
  const secretKey = Uint8Array.from(Buffer.from(text, "hex"));
  return { secretKey, publicKey: ed25519PublicKey(secretKey) };
}

async function makeOnce(file: string): Promise<void> {
  if (await exists(file)) return;
  const fresh = `${file}.${process.pid}.new`;
  await writeFile(fresh, `${randomBytes(32).toString("hex")}\n`, { mode: 0o600 });
  await chmod(fresh, 0o600);
  await sync(fresh);
  // A link fails when the file exists: nobody reads half a key, and of two processes the first one's key stays.
  await link(fresh, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  await rm(fresh, { force: true });
  await sync(dirname(file));
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/** Makes sure that what was written survives a power cut. */
export async function sync(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
