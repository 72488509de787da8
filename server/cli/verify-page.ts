import { Refusal } from "#lib/domain/refusal.ts";
import { type Policy, parsePolicy } from "#lib/ledger/policy.ts";
import { parseReceipt, type Receipt, receiptBytesMax } from "#lib/ledger/receipt.ts";
import { parseSealedReceipt } from "#lib/ledger/sealed-receipt.ts";
import { type PromiseVerdict, verifyPromiseKept } from "#lib/ledger/verify-promise.ts";
import { type Verdict, verifyReceipt } from "#lib/ledger/verify-receipt.ts";
import { exportBytesMax } from "./fsck.ts";
import { logOfExport } from "./later-log.ts";

/** The script of `verify.html`: the same verifier, in a page that works saved on disk and without a network. */
const words: Readonly<Record<Verdict["exit"], string>> = {
  0: "Valid",
  2: "Invalid",
  3: "Valid, not witnessed",
  4: "Valid, and since changed",
  5: "By the keeper's word",
};

const promiseWords: Readonly<Record<PromiseVerdict["exit"], string>> = {
  0: "Promise kept",
  2: "Invalid",
  4: "Pulled out",
  5: "Not due yet",
  6: "Omitted",
};

const receiptInput = element("receipt", HTMLInputElement);
const laterInput = element("later", HTMLInputElement);
const policyInput = element("policy", HTMLTextAreaElement);
for (const input of [receiptInput, laterInput, policyInput]) input.addEventListener("change", () => void judge());

async function judge(): Promise<void> {
  const file = receiptInput.files?.[0];
  if (!file) return;
  if (file.size > receiptBytesMax) return show(2, words[2], "Invalid: this file is too large for a receipt.");
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const text = policyInput.value.trim();
    const policy = text === "" ? null : parsePolicy(`${policyInput.value.replaceAll("\r\n", "\n")}\n`);
    if (isSealed(bytes)) return await judgeSealed(bytes, policy);
    const { exit, sentence, notes, act } = verifyReceipt(bytes, policy);
    const heading = exit === 5 && sentence.includes(", and since ") ? `${words[5]}, and since changed` : words[exit];
    show(exit, heading, [sentence, ...notes].join(" "), act ? readable(parseReceipt(bytes)) : "");
  } catch (error) {
    show(2, words[2], error instanceof Refusal ? error.message : "The file cannot be read.");
  }
}

function isSealed(bytes: Uint8Array): boolean {
  try {
    parseSealedReceipt(bytes);
    return true;
  } catch {
    return false;
  }
}

/** What was sealed is judged by a later log: did the keeper publish what it promised? */
async function judgeSealed(bytes: Uint8Array, policy: Policy | null): Promise<void> {
  const later = laterInput.files?.[0];
  if (!later) {
    const sentence =
      "This is a sealed receipt: what was signed, and the keeper's promise to publish it. Choose a later export of the charter below to see whether the promise was kept.";
    return show(5, "Sealed", sentence);
  }
  if (later.size > exportBytesMax) return show(2, words[2], "Invalid: this file is too large for an export.");
  const log = logOfExport(new Uint8Array(await later.arrayBuffer()));
  const { exit, sentence, notes } = verifyPromiseKept(bytes, log, policy);
  const isInOrder = exit !== 2;
  const text = isInOrder ? readable({ ...parseSealedReceipt(bytes), texts: [] }) : "";
  show(exit === 6 ? 2 : exit, promiseWords[exit], [sentence, ...notes].join(" "), text);
}

/** The text and the statement, for reading; only ever shown for a receipt that was found in order. */
function readable({ version, statement, texts }: Pick<Receipt, "version" | "statement" | "texts">): string {
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

/** `exit` gives the colour: that of `verify`. */
function show(exit: Verdict["exit"], word: string, sentence: string, text = ""): void {
  const verdict = element("verdict", HTMLElement);
  verdict.dataset["exit"] = String(exit);
  // Text only, never markup: a receipt is written by strangers.
  element("word", HTMLElement).textContent = word;
  element("sentence", HTMLElement).textContent = sentence;
  element("text", HTMLElement).textContent = text;
  verdict.hidden = false;
}

function element<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`The page has no ${id}.`);
}
