"use client";

import { Button } from "#app/_ui/button.tsx";
import { Notice } from "#app/_ui/frame.tsx";

/** Said in mid-ceremony: whoever signs in beside it goes on here, and has lost nothing. */
export function SignedOut({ onAgain }: { onAgain: () => void }) {
  return (
    <Notice tone="problem" title="You are signed out.">
      <p>
        <a href="/signin" target="_blank" rel="noreferrer">
          Sign in in another tab
        </a>{" "}
        and press Check again; what you typed is still here. Nothing was signed.
      </p>
      <div className="mt-3">
        <Button onClick={onAgain}>Check again</Button>
      </div>
    </Notice>
  );
}
