"use client";

import { DropdownMenu } from "radix-ui";
import { keyWords } from "./shortcuts.client.tsx";

/** One line of a clause's menu; `null` draws a hairline. */
export type ClauseMenuLine =
  | null
  | { readonly label: string; readonly keys?: string; readonly run: () => void }
  | { readonly label: string; readonly href: string };

const look =
  "flex min-h-9 cursor-default select-none items-center justify-between gap-6 rounded-sm px-3 text-sm text-ink no-underline outline-none data-[highlighted]:bg-accent-wash";

/**
 * The menu of one clause, opened by a button anywhere on the page: in the text's margin or in the outline. The focus
 * goes back to where `onClose` puts it.
 */
export function ClauseMenu({
  button,
  label,
  lines,
  onClose,
}: {
  button: HTMLElement;
  label: string;
  lines: readonly ClauseMenuLine[];
  onClose: (chosen: boolean) => void;
}) {
  const { left, top, width, height } = button.getBoundingClientRect();
  return (
    <DropdownMenu.Root open modal={false} onOpenChange={(open) => open || onClose(false)}>
      <DropdownMenu.Trigger asChild>
        <span aria-hidden="true" className="pointer-events-none fixed" style={{ left, top, width, height }} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          aria-label={label}
          align="end"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-60 overflow-y-auto rounded-sm border border-line bg-sheet p-1 shadow-lg"
          onCloseAutoFocus={(event) => event.preventDefault()}
        >
          {lines.map((line, at) => {
            // biome-ignore lint/suspicious/noArrayIndexKey: hairlines have no name of their own
            if (line === null) return <DropdownMenu.Separator key={at} className="my-1 border-line border-t" />;
            if ("href" in line) {
              return (
                <DropdownMenu.Item key={line.label} asChild>
                  <a href={line.href} className={look}>
                    {line.label}
                  </a>
                </DropdownMenu.Item>
              );
            }
            return (
              <DropdownMenu.Item
                key={line.label}
                className={look}
                onSelect={() => {
                  onClose(true);
                  line.run();
                }}
              >
                {line.label}
                {line.keys ? <kbd className="font-sans text-muted text-xs">{keyWords(line.keys)}</kbd> : null}
              </DropdownMenu.Item>
            );
          })}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
