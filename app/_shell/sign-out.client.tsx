"use client";

import type { ComponentProps } from "react";
import { clearKeptOnDevice, unsentOnDevice } from "#app/_editor/kept-on-device.client.tsx";
import { forgetKeptWords } from "#app/_ui/use-kept-words.client.ts";

/** How long signing out waits for the browser to forget; the session ends in any case. */
const waitMs = 1_000;

const unsentQuestion =
  "Words that you wrote in a draft are only on this device yet, and signing out deletes them here. To keep them, open the draft while there is a network. Sign out all the same?";

/** A form that signs out, and first forgets the drafts and words kept on this device: the next person at it must not find them. */
export function SignOutForm({ children, ...rest }: Omit<ComponentProps<"form">, "action" | "method" | "onSubmit">) {
  return (
    <form
      method="post"
      action="/api/auth/signout"
      onSubmit={(event) => {
        const form = event.currentTarget;
        event.preventDefault();
        if (unsentOnDevice() > 0 && !window.confirm(unsentQuestion)) return;
        forgetKeptWords();
        const late = new Promise<void>((resolve) => setTimeout(resolve, waitMs));
        // Sent by the form itself, which asks no handler again.
        void Promise.race([clearKeptOnDevice(null), late]).finally(() => form.submit());
      }}
      {...rest}
    >
      {children}
    </form>
  );
}
