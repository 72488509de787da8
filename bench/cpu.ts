import { readdir, readFile } from "node:fs/promises";

/** The kernel counts processor time in hundredths of a second. */
const tickMs = 10;

/** Milliseconds of processor time that a PostgreSQL has used so far: its main process, those that it started, and those that ended. Linux alone tells. */
export async function databaseCpuMs(mainPid: number): Promise<number> {
  const ids = (await readdir("/proc")).map(Number).filter(Number.isInteger);
  const usages = await Promise.all(ids.map((id) => usageOf(id)));
  return usages.reduce((sum, usage) => {
    if (usage?.id === mainPid) return sum + usage.ownMs + usage.endedMs;
    return usage?.parent === mainPid ? sum + usage.ownMs : sum;
  }, 0);
}

/** Source: proc_pid_stat(5); the name in parentheses may hold spaces. */
async function usageOf(id: number) {
  const text = await readFile(`/proc/${id}/stat`, "utf8").catch(() => undefined);
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ");
  if (!fields) return undefined;
  const at = (number: number) => Number(fields[number - 3]);
  return { id, parent: at(4), ownMs: (at(14) + at(15)) * tickMs, endedMs: (at(16) + at(17)) * tickMs };
}
