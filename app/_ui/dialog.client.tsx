"use client";

import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";

/** The box of a dialog that something else opens: focus goes in, Escape closes, focus comes back. Wrap it in `Radix.Root open onOpenChange`. */
export function DialogBox({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  return (
    <Radix.Portal>
      <Radix.Overlay className="fixed inset-0 z-40 bg-black/40" />
      <Radix.Content
        className="fixed inset-x-3 top-[8vh] z-50 mx-auto max-h-[84vh] max-w-xl overflow-y-auto rounded-sm border border-line bg-paper p-6 shadow-xl"
        {...(lead ? {} : { "aria-describedby": undefined })}
      >
        <Radix.Title className="text-xl">{title}</Radix.Title>
        {lead ? <Radix.Description className="mt-1 text-muted text-sm">{lead}</Radix.Description> : null}
        <div className="mt-4">{children}</div>
        <Radix.Close
          className="absolute end-3 top-3 inline-flex size-8 items-center justify-center rounded-sm text-muted hover:bg-wash hover:text-ink"
          aria-label="Close"
        >
          ×
        </Radix.Close>
      </Radix.Content>
    </Radix.Portal>
  );
}
