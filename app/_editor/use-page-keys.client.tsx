"use client";

import type { Editor } from "@tiptap/core";
import { useEffect, useRef } from "react";
import { goToClause, goToEndOf } from "./editing.client.tsx";

const wideOutline = "(min-width: 64rem)";

/** Escape and the palette's "Outline": to the outline beside the text, or to its drawer on a narrow screen. */
export function leaveText(openDrawer: () => void): void {
  const stop = document.querySelector<HTMLElement>('[data-outline-row][tabindex="0"]');
  if (matchMedia(wideOutline).matches && stop) stop.focus();
  else openDrawer();
}

/** What had the focus before a dialog took it. */
export function useFocusBefore(isOpen: boolean): { readonly current: HTMLElement | null } {
  const before = useRef<HTMLElement | null>(null);
  // While nothing is open, whatever takes the focus is remembered; a dialog's own fields are not.
  useEffect(() => {
    if (isOpen) return;
    const note = (event: FocusEvent) => {
      if (event.target instanceof HTMLElement) before.current = event.target;
    };
    document.addEventListener("focusin", note);
    return () => document.removeEventListener("focusin", note);
  }, [isOpen]);
  return before;
}

/** `?` outside of text, Ctrl-/ and Ctrl-K everywhere on the page. */
export function useGlobalKeys(sheet: () => void, palette: () => void): void {
  const latest = useRef({ sheet, palette });
  latest.current = { sheet, palette };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const isMod = event.ctrlKey || event.metaKey;
      const isInText =
        event.target instanceof HTMLElement &&
        (event.target.isContentEditable || event.target.matches("input, textarea, select"));
      const opens = (isMod && event.key === "/") || (!isMod && !isInText && event.key === "?");
      if (!opens && !(isMod && event.key === "k")) return;
      event.preventDefault();
      if (opens) latest.current.sheet();
      else latest.current.palette();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}

/** The browser asks before it leaves a page with words that are not saved; otherwise it never does. */
export function useLeaveGuard(isUnsaved: boolean): void {
  useEffect(() => {
    if (!isUnsaved) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [isUnsaved]);
}

/** A link to one clause opens the draft there; who was writing in a copy that was refused goes on at the end of the same clause. */
export function useOpeningClause(editor: Editor | null, resumeAt: WritingPlace | null): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: where the text opens is asked once, when it is there
  useEffect(() => {
    if (!editor) return;
    const id = /^#c-([a-z0-9]{12})$/.exec(location.hash)?.[1];
    const go = resumeAt ? () => resume(editor, resumeAt) : id ? () => goToClause(editor, id) : undefined;
    if (go) requestAnimationFrame(() => !editor.isDestroyed && go());
  }, [editor]);
}

/** Never into another place: a clause that came with the refused edit is not there, and then the kept words have the focus. */
function resume(editor: Editor, { clauseId }: WritingPlace): void {
  if (!goToEndOf(editor, clauseId)) document.querySelector<HTMLElement>("[data-kept-text]")?.focus();
}

/** Where somebody writes; `clauseId` is null for the title. */
export type WritingPlace = { readonly clauseId: string | null };

/** Where the reader is writing this moment, or null when the focus is not in the text; `before` while the text is being opened anew. */
export function writingPlace(before: WritingPlace | null): WritingPlace | null {
  if (document.activeElement?.matches("[data-meanwhile]")) return before;
  const isWriting = document.activeElement?.classList.contains("editor-text") ?? false;
  const clause = document.querySelector<HTMLElement>(".editor-text .clause.is-current");
  return isWriting ? { clauseId: clause?.dataset.clause ?? null } : null;
}
