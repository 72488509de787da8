"use client";

import { nameOfRow, type OutlineRow } from "#lib/editor/outline.ts";

/** "Clause 2.1: Pay fairly", the words kept apart so that none of them turns its neighbours; once where both are the same. */
export function NameOf({ row }: { row: OutlineRow }) {
  const name = nameOfRow(row);
  if (row.label === name) return name;
  return (
    <>
      {name}: <bdi>{row.label}</bdi>
    </>
  );
}
