import { Refusal } from "#lib/domain/refusal.ts";
import { parsePolicy } from "#lib/ledger/policy.ts";
import { parseReceipt, receiptBytesMax } from "#lib/ledger/receipt.ts";
import { type Verdict, verifyReceipt } from "#lib/ledger/verify-receipt.ts";

/** The script of `verify.html`: the same verifier, in a page that works saved on disk and without a network. */
const words: Readonly<Record<Verdict["exit"], string>> = {
  0: "Valid",
  2: "Invalid",
  3: "Valid, not witnessed",
  4: "Valid, and since changed",
  5: "By the keeper's word",
};

const receiptInput = element("receipt", HTMLInputElement);
const policyInput = element("policy", HTMLTextAreaElement);
receiptInput.addEventListener("change", () => void judge());
policyInput.addEventListener("change", () => void judge());

async function judge(): Promise<void> {
  const file = receiptInput.files?.[0];
  if (!file) return;
  if (file.size > receiptBytesMax) return show(2, "Invalid: this file is too large for a receipt.", [], "");
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const text = policyInput.value.trim();
    const policy = text === "" ? null : parsePolicy(`${policyInput.value.replaceAll("\r\n", "\n")}\n`);
    const verdict = verifyReceipt(bytes, policy);
    show(verdict.exit, verdict.sentence, verdict.notes, verdict.act ? readable(bytes) : "");
  } catch (error) {
    show(2, error instanceof Refusal ? error.message : "The file can not be read.", [], "");
  }
}

/** The text and the statement, for reading; only ever shown for a receipt that was found in order. */
function readable(bytes: Uint8Array): string {
  const { version, statement, texts } = parseReceipt(bytes);
  const clauses = version.clauses.map(({ number, heading, body }) =>
    [
      [number, heading].filter(Boolean).join("  "),
      ...body.map((block) => `${block.kind === "li" ? "  • " : ""}${block.text}`),
    ].join("\n"),
  );
  return [version.title, ...clauses, ...texts.map((text) => `Reservation or declaration: ${text}`), statement].join(
    "\n\n",
  );
}

function show(exit: Verdict["exit"], sentence: string, notes: readonly string[], text: string): void {
  const verdict = element("verdict", HTMLElement);
  verdict.dataset["exit"] = String(exit);
  // Text only, never markup: a receipt is written by strangers.
  element("word", HTMLElement).textContent = words[exit];
  element("sentence", HTMLElement).textContent = [sentence, ...notes].join(" ");
  element("text", HTMLElement).textContent = text;
  verdict.hidden = false;
}

function element<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`The page has no ${id}.`);
}
