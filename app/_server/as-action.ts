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
    if (error instanceof Refusal) return { ok: false, code: error.code, message: error.message };
    const id = reportFailure(error, "action");
    return {
      ok: false,
      code: "failed",
      message: `Something went wrong on our side and nothing was changed that is not shown. Please try again; the number of this failure is ${id}.`,
    };
  }
}
