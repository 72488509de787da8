"use client";

import { useState } from "react";
import { Button } from "./button.tsx";

/** A text to be put somewhere else, to the letter, with a button that copies it. `what` names it for screen readers. */
export function CopyText({ text, what }: { text: string; what: string }) {
  const [state, setState] = useState<"" | "copied" | "failed">("");
  return (
    <div className="grid gap-1.5">
      <pre className="select-all overflow-x-auto whitespace-pre-wrap break-all rounded-sm border border-line bg-wash px-3 py-2 font-mono text-xs">
        {text}
      </pre>
      <div className="flex items-center gap-3">
        <Button
          tone="quiet"
          className="-ms-4"
          aria-label={`Copy ${what}`}
          onClick={() => {
            navigator.clipboard.writeText(text).then(
              () => setState("copied"),
              () => setState("failed"),
            );
          }}
        >
          Copy
        </Button>
        <span aria-live="polite" className="text-muted text-sm">
          {state === "copied" ? "Copied." : state === "failed" ? "Select it and copy it by hand." : ""}
        </span>
      </div>
    </div>
  );
}
