"use client";

import { Command } from "cmdk";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { DialogBox } from "#app/_ui/dialog.client.tsx";
import type { OutlineRow } from "#lib/editor/outline.ts";
import { nameOfRow } from "#lib/editor/outline.ts";
import { keyWords, shortcuts } from "./shortcuts.client.tsx";

/** Something the palette can do. */
export type PaletteEntry = { readonly label: string; readonly keys?: string; readonly run: () => void };

const list = "mt-3 max-h-[55vh] overflow-y-auto";
const line =
  "flex min-h-10 items-center justify-between gap-4 rounded-sm px-3 py-1.5 text-sm data-[selected=true]:bg-accent-wash";
const input = "w-full rounded-sm border border-line bg-sheet px-3 py-2 text-base placeholder:text-muted";

/** Runs behind the closing of a dialog, which gives the focus back in a turn of its own. */
export function afterClosing(act: () => void): void {
  setTimeout(act, 30);
}

/** Commands and clauses by name. `onClose` comes before what was chosen runs, so that the focus is where it works. */
export function Palette({
  entries,
  rows,
  onGoTo,
  onClose,
}: {
  entries: readonly PaletteEntry[];
  rows: readonly OutlineRow[];
  onGoTo: (clauseId: string) => void;
  onClose: () => void;
}) {
  const choose = (act: () => void) => () => {
    onClose();
    afterClosing(act);
  };
  return (
    <Box title="Find a command or a clause" onClose={onClose}>
      <Command label="Commands and clauses">
        <Command.Input className={input} placeholder="Type what you want to do, or words of a clause" autoFocus />
        <Command.List className={list}>
          <Command.Empty className="px-3 py-4 text-muted text-sm">Nothing here goes by these words.</Command.Empty>
          <Command.Group heading={<Heading>Commands</Heading>}>
            {entries.map((entry) => (
              <Command.Item key={entry.label} value={entry.label} onSelect={choose(entry.run)} className={line}>
                {entry.label}
                {entry.keys ? <kbd className="font-sans text-muted text-xs">{keyWords(entry.keys)}</kbd> : null}
              </Command.Item>
            ))}
          </Command.Group>
          <ClauseLines rows={rows} onChoose={(id) => choose(() => onGoTo(id))()} />
        </Command.List>
      </Command>
    </Box>
  );
}

/** Asks which clause a reference shall point to. */
export function ReferencePicker({
  rows,
  onPick,
  onClose,
}: {
  rows: readonly OutlineRow[];
  onPick: (clauseId: string) => void;
  onClose: () => void;
}) {
  return (
    <Box
      title="Refer to a clause"
      lead="The reference shows the clause's number and follows it when clauses are moved."
      onClose={onClose}
    >
      <Command label="Clauses">
        <Command.Input className={input} placeholder="Number or words of the clause" autoFocus />
        <Command.List className={list}>
          <Command.Empty className="px-3 py-4 text-muted text-sm">No clause goes by these words.</Command.Empty>
          <ClauseLines
            rows={rows}
            onChoose={(id) => {
              onClose();
              afterClosing(() => onPick(id));
            }}
          />
        </Command.List>
      </Command>
    </Box>
  );
}

/** Every shortcut, and what it does. */
export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  return (
    <Box title="Keyboard" lead="Everything here can be done without a pointer." onClose={onClose}>
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2 text-sm">
        <dt>
          <Key>Enter</Key>
        </dt>
        <dd>New paragraph or point; twice at the end of a clause: new clause</dd>
        {Object.values(shortcuts).map(({ keys, does }) => (
          <div key={keys} className="contents">
            <dt>
              <Key>{keyWords(keys)}</Key>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Box>
  );
}

/** A sheet from the side, for what stands beside the text on wider screens. */
export function Drawer({
  title,
  side,
  onClose,
  children,
}: {
  title: string;
  side: "start" | "end";
  onClose: () => void;
  children: ReactNode;
}) {
  const place = side === "start" ? "start-0 border-e" : "end-0 border-s";
  return (
    <Radix.Root open onOpenChange={(open) => open || onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/40" />
        <Radix.Content
          aria-describedby={undefined}
          className={`fixed inset-y-0 z-50 w-[min(22rem,92vw)] overflow-y-auto border-line bg-paper p-4 text-sm ${place}`}
        >
          <div className="mb-3 flex items-center justify-between">
            <Radix.Title className="text-lg">{title}</Radix.Title>
            <Radix.Close
              aria-label="Close"
              className="inline-flex size-9 items-center justify-center rounded-sm text-lg text-muted hover:bg-wash hover:text-ink"
            >
              ×
            </Radix.Close>
          </div>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function ClauseLines({ rows, onChoose }: { rows: readonly OutlineRow[]; onChoose: (clauseId: string) => void }) {
  return (
    <Command.Group heading={<Heading>Clauses</Heading>}>
      {rows.map((row) => (
        <Command.Item
          key={row.id}
          value={`${nameOfRow(row)} ${row.label} ${row.id}`}
          onSelect={() => onChoose(row.id)}
          className={line}
        >
          <span className="flex min-w-0 gap-3">
            <span className="w-20 shrink-0 text-muted tabular-nums">{nameOfRow(row)}</span>
            <span className="truncate">{row.label}</span>
          </span>
        </Command.Item>
      ))}
    </Command.Group>
  );
}

function Box({
  title,
  lead,
  onClose,
  children,
}: {
  title: string;
  lead?: string;
  onClose: () => void;
  children: ReactNode;
}) {
  return (
    <Radix.Root open onOpenChange={(open) => open || onClose()}>
      <DialogBox title={title} {...(lead ? { lead } : {})}>
        {children}
      </DialogBox>
    </Radix.Root>
  );
}

function Heading({ children }: { children: string }) {
  return <span className="block px-3 pt-3 pb-1 font-medium text-muted text-xs">{children}</span>;
}

function Key({ children }: { children: string }) {
  return (
    <kbd className="inline-block whitespace-nowrap rounded-sm border border-line bg-wash px-1.5 font-sans text-xs leading-5">
      {children}
    </kbd>
  );
}
