"use client";

import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";

/** One line of a menu: something done here, or somewhere to go. */
export type MenuEntry = { readonly label: string; readonly keys?: string; readonly disabled?: boolean } & (
  | { readonly onSelect: () => void }
  | { readonly href: string }
);

/** An accessible menu behind a trigger (arrow keys, type-ahead, Escape). */
export function Menu({
  trigger,
  label,
  entries,
}: {
  trigger: ReactNode;
  label: string;
  entries: readonly MenuEntry[];
}) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          aria-label={label}
          align="end"
          sideOffset={4}
          className="z-50 min-w-48 rounded-sm border border-line bg-sheet p-1 shadow-lg"
        >
          {entries.map((entry) => (
            <MenuLine key={entry.label} entry={entry} />
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

const line =
  "flex min-h-9 cursor-default select-none items-center justify-between gap-6 rounded-sm px-3 text-sm text-ink no-underline outline-none data-[disabled]:opacity-50 data-[highlighted]:bg-accent-wash";

function MenuLine({ entry }: { entry: MenuEntry }) {
  const words = (
    <>
      {entry.label}
      {entry.keys ? <kbd className="font-sans text-muted text-xs">{entry.keys}</kbd> : null}
    </>
  );
  if ("href" in entry) {
    return (
      <DropdownMenu.Item asChild disabled={entry.disabled ?? false}>
        <a href={entry.href} className={line}>
          {words}
        </a>
      </DropdownMenu.Item>
    );
  }
  return (
    <DropdownMenu.Item className={line} disabled={entry.disabled ?? false} onSelect={entry.onSelect}>
      {words}
    </DropdownMenu.Item>
  );
}
