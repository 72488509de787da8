"use client";

import { createContext, type ReactNode, startTransition, useActionState, useContext, useEffect, useRef } from "react";
import { Button, type ButtonTone } from "./button.tsx";
import { Notice } from "./frame.tsx";
import { useSay } from "./said.client.tsx";
import { useIsHeard } from "./until-heard.client.tsx";
import { useKeptWords } from "./use-kept-words.client.ts";

/** What a Server Action answers: done, or a refusal that may be shown. */
export type ActionResult =
  | { readonly ok: true; readonly value?: unknown; readonly message?: string }
  | { readonly ok: false; readonly code: string; readonly message: string };

const Pending = createContext(false);

/**
 * A form over a Server Action. What was typed stays when the action refuses; the refusal is shown above the button and
 * read out. With `confirm` the browser asks once more before it sends. On success the form empties when `resetOnDone`; where
 * the form itself goes away with its work, the nearest `Said` says what it did.
 */
export function ActionForm({
  action,
  submit,
  tone = "primary",
  confirm,
  done,
  resetOnDone = false,
  keepAs,
  className = "grid gap-5",
  children,
}: {
  action: (form: FormData) => Promise<ActionResult>;
  submit: string;
  tone?: ButtonTone;
  confirm?: string;
  /** Said when the action went through, where it does not lead to another page; the action's own words unless given. */
  done?: string;
  resetOnDone?: boolean;
  /** Under which name this tab keeps what is typed until it has arrived, for forms that are left and come back to. */
  keepAs?: string;
  className?: string;
  children?: ReactNode;
}) {
  const form = useRef<HTMLFormElement>(null);
  const say = useSay();
  const forget = useKeptWords(form, keepAs);
  const [result, dispatch, pending] = useActionState<ActionResult | null, FormData>(async (_previous, data) => {
    // The form may be gone with the answer.
    const sent = form.current;
    say?.(null);
    try {
      const answer = await action(data);
      // Here and not in an effect: the answer may bring a page without this form, which then has no effects any more.
      const words = done ?? answer.message;
      if (answer.ok) forget();
      if (answer.ok && words && sent) say?.({ words, form: sent });
      return answer;
    } catch (error) {
      // A redirect travels as an exception of the framework and must pass.
      if (error instanceof Error && "digest" in error && String(error.digest).startsWith("NEXT_")) {
        forget();
        throw error;
      }
      return {
        ok: false,
        code: "unavailable",
        message: "The server did not answer. Nothing was changed; what you typed is still here. Try again.",
      };
    }
  }, null);
  useEffect(() => {
    if (result?.ok && resetOnDone) form.current?.reset();
  }, [result, resetOnDone]);
  return (
    <form
      ref={form}
      className={className}
      // Sent before the scripts have come, or without them, what was typed must not end in an address and in logs.
      method="post"
      onSubmit={(event) => {
        // Submitting by hand instead of through `action` keeps what was typed: React empties a form after its action.
        event.preventDefault();
        if (hasTooLong(event.currentTarget)) return;
        if (confirm && !window.confirm(confirm)) return;
        if (pending) return;
        const native = event.nativeEvent;
        const data = new FormData(event.currentTarget, native instanceof SubmitEvent ? native.submitter : null);
        startTransition(() => dispatch(data));
      }}
    >
      <Pending value={pending}>{children}</Pending>
      {result && !result.ok ? (
        <Notice tone="problem" title="That did not work" role="alert">
          <span className="whitespace-pre-line">{result.message}</span>
        </Notice>
      ) : null}
      {result?.ok && (done ?? result.message) ? (
        <Notice tone="good" role="status">
          {done ?? result.message}
        </Notice>
      ) : null}
      <div>
        <Pending value={pending}>
          <SubmitButton tone={tone}>{submit}</SubmitButton>
        </Pending>
      </div>
    </form>
  );
}

/** The button of a form: it says so while it works, and a second click does nothing; before the script listens it waits. */
export function SubmitButton({
  tone = "primary",
  children,
  ...rest
}: {
  tone?: ButtonTone;
  children: ReactNode;
  name?: string;
  value?: string;
}) {
  const pending = useContext(Pending);
  const isHeard = useIsHeard();
  return (
    <Button
      type="submit"
      tone={tone}
      disabled={pending || !isHeard}
      aria-busy={pending}
      className={isHeard ? undefined : "unheard"}
      {...rest}
    >
      {pending ? "One moment…" : children}
    </Button>
  );
}

/** Says at the first field that holds more than it may how much is too much; nothing of it is cut. */
function hasTooLong(form: HTMLFormElement): boolean {
  for (const field of form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("[data-max-length]")) {
    const max = Number(field.dataset.maxLength);
    if (field.value.length <= max) continue;
    field.setCustomValidity(`This has ${field.value.length} characters and at most ${max} fit; shorten it.`);
    field.reportValidity();
    field.addEventListener("input", () => field.setCustomValidity(""), { once: true });
    return true;
  }
  return false;
}
