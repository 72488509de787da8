import { randomBytes } from "node:crypto";
import { readFileSync, readSync, statSync, writeFileSync } from "node:fs";
import { Refusal } from "#lib/domain/refusal.ts";
import type { VerifierDoors } from "./verifier.ts";

/** The files and the chance of this machine, for the verifier. A link is followed; whatever is not a file is refused. */
export const machineDoors: Omit<VerifierDoors, "print" | "write"> = {
  read(path, bytesMax) {
    try {
      const { size } = requireFile(path);
      if (size > bytesMax) throw new Refusal("too-large", `Invalid: ${path} has more than ${bytesMax} bytes.`);
      return new Uint8Array(readFileSync(path));
    } catch (error) {
      if (error instanceof Refusal) throw error;
      throw new Refusal("not-found", `${path} cannot be read.`, { cause: error });
    }
  },
  writeSecret(path, text) {
    try {
      writeFileSync(path, text, { mode: 0o600, flag: "wx" });
    } catch (cause) {
      throw new Refusal("not-found", `${path} cannot be written, or is there already.`, { cause });
    }
  },
  random: (bytes) => new Uint8Array(randomBytes(bytes)),
};

function requireFile(path: string): { size: number } {
  const found = statSync(path);
  if (!found.isFile()) throw new Refusal("not-found", `${path} is not a file.`);
  return found;
}

/** Whether the person at the terminal answers a question with "yes". */
export function askTerminal(question: string): boolean {
  process.stderr.write(question);
  const answer = Buffer.alloc(100);
  const length = readSync(0, answer, 0, answer.length, null);
  return answer.toString("utf8", 0, length).trim().toLowerCase() === "yes";
}
