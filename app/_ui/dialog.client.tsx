"use client";

import { Dialog as Radix } from "radix-ui";
import { type ReactNode, useState } from "react";

/** A dialog behind a trigger: focus goes in, Escape closes, focus comes back. `children` may be a function that is given `close`. */
export function Dialog({
  trigger,
  title,
  lead,
  children,
}: {
  trigger: ReactNode;
  title: string;
  lead?: ReactNode;
  children: ReactNode | ((close: () => void) => ReactNode);
}) {
  const [open, setOpen] = useState(false);
  return (
    <Radix.Root open={open} onOpenChange={setOpen}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <DialogBox title={title} lead={lead}>
        {typeof children === "function" ? children(() => setOpen(false)) : children}
      </DialogBox>
    </Radix.Root>
  );
}

/** The box alone, for dialogs that something else opens: wrap it in `Radix.Root open onOpenChange`. */
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
