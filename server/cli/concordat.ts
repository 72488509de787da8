import { runVerifier } from "./verifier.ts";
import { askTerminal, machineDoors } from "./verifier-doors.ts";

// The program `concordat.mjs`: the verifier with the files and the terminal of this machine.
process.exitCode = runVerifier(process.argv.slice(2), {
  ...machineDoors,
  print: (line) => console.log(line),
  write: (text) => void process.stdout.write(text),
  tell: (line) => console.error(line),
  confirm: (question) => (process.stdin.isTTY ? askTerminal(question) : undefined),
});
