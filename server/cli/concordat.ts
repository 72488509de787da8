import { randomBytes } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { Refusal } from "#lib/domain/refusal.ts";
import { runVerifier } from "./verifier.ts";

/** The program `concordat.mjs`: the verifier with the files, chance and terminal of this machine. */
process.exitCode = runVerifier(process.argv.slice(2), {
  read(path, bytesMax) {
    try {
      const { size } = requireFile(path);
      if (size > bytesMax) throw new Refusal("too-large", `Invalid: ${path} has more than ${bytesMax} bytes.`);
      return new Uint8Array(readFileSync(path));
    } catch (error) {
      if (error instanceof Refusal) throw error;
      throw new Refusal("not-found", `${path} can not be read.`, { cause: error });
    }
  },
  writeSecret(path, text) {
    try {
      writeFileSync(path, text, { mode: 0o600, flag: "wx" });
    } catch (cause) {
      throw new Refusal("not-found", `${path} can not be written, or is there already.`, { cause });
    }
  },
  random: (bytes) => new Uint8Array(randomBytes(bytes)),
  print: (line) => console.log(line),
  write: (text) => void process.stdout.write(text),
});

function requireFile(path: string): { size: number } {
  const found = statSync(path);
  if (!found.isFile()) throw new Refusal("not-found", `${path} is not a file.`);
  return found;
}
