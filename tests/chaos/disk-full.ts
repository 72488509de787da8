import { execFile } from "node:child_process";
import { chmod, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { openChaosDatabase } from "./database.ts";
import { fullCast } from "./faults.ts";
import type { Outcome } from "./run.ts";
import { Stage } from "./stage.ts";

const run = promisify(execFile);
const diskBytes = 160 * 1024 * 1024;

/**
 * A database on a small disk that fills up under load and is emptied again. Needs the right to mount a file system in memory;
 * without it, undefined and a line that says so.
 */
export async function playDiskFull(seed: number): Promise<Outcome | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "concordat-chaos-disk-"));
  try {
    await run("mount", ["-t", "tmpfs", "-o", `size=${diskBytes},mode=711`, "tmpfs", folder]);
  } catch {
    await rm(folder, { recursive: true, force: true });
    console.log("disk: SKIPPED, no right to mount a small disk here");
    return undefined;
  }
  try {
    await chmod(folder, 0o711);
    return await play(folder, seed);
  } finally {
    await run("umount", [folder]).catch(() => {});
    await rm(folder, { recursive: true, force: true });
  }
}

async function play(folder: string, seed: number): Promise<Outcome> {
  const started = performance.now();
  const database = await openChaosDatabase(folder);
  const stage = await Stage.open(database, { ...fullCast, seed });
  try {
    await stage.progress(100);
    const filler = join(folder, "filler");
    await fill(filler);
    // PostgreSQL may refuse the rows or go down over its write-ahead log; either way nothing more is called saved for long.
    await new Promise((resolve) => setTimeout(resolve, 8_000));
    stage.ledgers.read();
    await rm(filler);
    await database.revive();
    await stage.compare();
    await stage.progress(100);
    const reports = await stage.finish();
    const sorted = stage.ledgers.latencies.sort((a, b) => a - b);
    return {
      name: "disk",
      seed,
      times: 1,
      ...stage.findings,
      saved: stage.ledgers.savedInserts.size,
      deletions: stage.ledgers.savedDeletes.size,
      refusals: reports.flatMap((one) => one.refusals),
      p50Ms: sorted[Math.floor(sorted.length * 0.5)] ?? 0,
      p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
      seconds: Math.round((performance.now() - started) / 1_000),
    };
  } finally {
    await stage.close();
    await database.close();
  }
}

/** Writes until nothing more goes on the disk. */
async function fill(path: string): Promise<void> {
  const file = await open(path, "w");
  try {
    for (let size = 1024 * 1024; size >= 1024; ) {
      try {
        const { bytesWritten } = await file.write(Buffer.alloc(size));
        if (bytesWritten < size) size /= 4;
      } catch {
        size /= 4;
      }
    }
  } finally {
    await file.close();
  }
}
