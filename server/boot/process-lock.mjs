// @ts-check
/**
 * A lock held by a living process, as a file that names it. Plain JavaScript, because the launcher takes it before
 * anything of ours is compiled.
 */
import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Takes the lock `file` for this process. A lock whose process is gone is taken over.
 *
 * @param {string} file
 * @returns {{ release(): void } | { heldBy: number }} the lock, or the id of the process that holds it.
 * @throws {Error} when the folder cannot be written.
 */
export function takeProcessLock(file) {
  mkdirSync(dirname(file), { recursive: true, mode: 0o711 });
  const own = `${process.pid} ${startOf(process.pid)}`;
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, own);
  try {
    for (;;) {
      try {
        // A link is made whole or not at all, so nobody ever reads half a name.
        linkSync(fresh, file);
        break;
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
        const holder = holderOf(file);
        if (holder !== undefined) return { heldBy: holder };
        rmSync(file, { force: true });
      }
    }
  } finally {
    rmSync(fresh, { force: true });
  }
  return { release: () => rmSync(file, { force: true }) };
}

/** The process that holds the lock, or undefined when it is gone. @param {string} file */
function holderOf(file) {
  let text = "";
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  const [pid, ...start] = text.split(" ");
  // The start time too: after a restart of the machine or container the number may be another program's.
  return startOf(Number(pid)) === start.join(" ") && start.join(" ") !== "" ? Number(pid) : undefined;
}

/** When a process started, in the system's own words; empty when there is none. @param {number} pid */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? "" : (fields[19] ?? "");
  } catch {
    if (process.platform === "linux") return "";
    try {
      return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
    } catch {
      return "";
    }
  }
}
