import "server-only";
import { unstable_rethrow } from "next/navigation";
import { Refusal, type RefusalCode } from "#lib/domain/refusal.ts";
import { reportFailure } from "./report-failure.ts";

/** What a Server Action answers. "failed" is a bug or an outage, whose message carries only an id. */
export type ActionResult<T> =
  | { readonly ok: true; readonly value: T; readonly message?: string }
  | { readonly ok: false; readonly code: RefusalCode | "failed"; readonly message: string };

/**
 * Runs the work of a Server Action. A Refusal becomes its answer; Next's own signals (redirect, not found) pass through;
 * everything else is logged under an id and shown as that id alone. `done` is the sentence a form shows after success.
 */
export async function asAction<T>(work: () => Promise<T>, done?: string): Promise<ActionResult<T>> {
  try {
    return { ok: true, value: await work(), ...(done ? { message: done } : {}) };
  } catch (error) {
    unstable_rethrow(error);
    if (error instanceof Refusal) return { ok: false, code: error.code, message: sentenceOf(error) };
    const id = reportFailure(error, "action");
    return {
      ok: false,
      code: "failed",
      message: `Something went wrong on our side and nothing was changed that is not shown. Please try again; the number of this failure is ${id}.`,
    };
  }
}

/**
 * What a person reads of a refusal. A schema's own words ("charterId: Invalid UUID") speak to programmers: no form of ours
 * sends what they refuse, so that whoever reads them has an old page before them, or none.
 */
function sentenceOf({ message }: Refusal): string {
  if (/^(?:[\w.]+: )?Too (?:big|small)\b/.test(message))
    return "Something here is longer, shorter or larger than it may be. Change it and send it again.";
  if (/^(?:[\w.]+: )?(?:Invalid|Unrecognized)\b/.test(message))
    return "This was not sent the way this page sends it, and nothing was changed. Load the page again and try once more.";
  return message.replace(/^[\w.]+(?=: )/, labelOf);
}

/** "input.statementForPublication" as a label would say it. */
function labelOf(path: string): string {
  const name = path.split(".").findLast((part) => !/^\d+$/.test(part)) ?? path;
  const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
