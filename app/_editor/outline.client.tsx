"use client";

import { type KeyboardEvent, useRef } from "react";
import type { OutlineRow } from "#lib/editor/outline.ts";
import { nameOfRow } from "#lib/editor/outline.ts";
import type { Peer } from "./peers.client.tsx";
import { trackDrag } from "./pointer-drag.client.tsx";

/** What the outline asks of the page. */
export type OutlineActions = {
  readonly goTo: (clauseId: string) => void;
  readonly move: (clauseId: string, way: "up" | "down") => void;
  readonly moveTo: (clauseId: string, index: number) => void;
  readonly openMenu: (clauseId: string, button: HTMLElement) => void;
};

/**
 * The clauses with their numbers: which one is written in, which changed since the last visit, who is where. Arrow
 * keys go from row to row, Alt with them moves the clause, Enter goes to its text.
 */
export function Outline({
  rows,
  currentId,
  changed,
  peers,
  colourOf,
  canEdit,
  actions,
}: {
  rows: readonly OutlineRow[];
  currentId: string | null;
  changed: ReadonlySet<string>;
  peers: readonly Peer[];
  colourOf: (organizationId: string) => number;
  canEdit: boolean;
  actions: OutlineActions;
}) {
  const list = useRef<HTMLOListElement>(null);
  const focusRow = (index: number) => {
    const buttons = list.current?.querySelectorAll<HTMLButtonElement>("[data-outline-row]");
    buttons?.[Math.min(Math.max(index, 0), buttons.length - 1)]?.focus();
  };
  const onKeyDown = (event: KeyboardEvent, row: OutlineRow) => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    const way = event.key === "ArrowUp" ? "up" : "down";
    if (!event.altKey) return focusRow(row.index + (way === "up" ? -1 : 1));
    if (!canEdit) return;
    actions.move(row.id, way);
    // The focus goes with the clause, so that it can be moved on.
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(`[data-outline-row="${row.id}"]`)?.focus());
  };
  const isStop = (row: OutlineRow) => row.id === currentId || (currentId === null && row.index === 0);
  return (
    <ol ref={list} className="outline-list" aria-label="Clauses">
      {rows.map((row) => {
        const here = peers.filter((peer) => peer.clauseId === row.id);
        return (
          <li key={row.id} data-kind={row.kind} data-level={row.level} className="outline-row group/row">
            <button
              type="button"
              data-outline-row={row.id}
              tabIndex={isStop(row) ? 0 : -1}
              aria-current={row.id === currentId ? "true" : undefined}
              onClick={() => actions.goTo(row.id)}
              onKeyDown={(event) => onKeyDown(event, row)}
              onPointerDown={(event) => {
                if (!canEdit || event.pointerType !== "mouse" || event.button !== 0) return;
                const listRows = () => [...(list.current?.children ?? [])].filter((one) => one instanceof HTMLElement);
                trackDrag(event.nativeEvent, listRows, (index) => actions.moveTo(row.id, index));
              }}
              className="outline-button"
            >
              <span className="outline-number">{row.number}</span>
              <bdi className="min-w-0 grow truncate">{row.label}</bdi>
              {changed.has(row.id) ? (
                <span className="outline-dot" title="Changed since you last looked">
                  <span className="sr-only">Changed since you last looked.</span>
                </span>
              ) : null}
              {here.map((peer) => (
                <span
                  key={peer.clientId}
                  className={`outline-peer org-${colourOf(peer.organizationId)}`}
                  title={`${peer.name}, ${peer.organizationName}`}
                >
                  <span aria-hidden="true">{initialsOf(peer.organizationName)}</span>
                  <span className="sr-only">
                    {peer.name} of {peer.organizationName} is here.
                  </span>
                </span>
              ))}
            </button>
            <button
              type="button"
              tabIndex={isStop(row) ? 0 : -1}
              className="outline-menu"
              aria-haspopup="menu"
              aria-label={`What can be done with ${nameOfRow(row)}`}
              onClick={(event) => actions.openMenu(row.id, event.currentTarget)}
            >
              ⋯
            </button>
          </li>
        );
      })}
    </ol>
  );
}

/** "NG" for "Northlight GmbH"; stands beside a colour, with the whole name for those who do not see it. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s-]+/u).filter((word) => /^\p{L}/u.test(word));
  return words
    .slice(0, 2)
    .map((word) => [...word][0] ?? "")
    .join("")
    .toUpperCase();
}
