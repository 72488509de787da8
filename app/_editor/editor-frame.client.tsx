"use client";

import type { Editor } from "@tiptap/core";
import { EditorContent, useEditor } from "@tiptap/react";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { nameOfRow } from "#lib/editor/outline.ts";
import { ClauseMenu } from "./clause-menu.client.tsx";
import type { EditorDraft } from "./draft.client.tsx";
import { goToClause, goToPosition, selectedWords } from "./editing.client.tsx";
import { clauseLines, type PageActions, paletteEntries } from "./editor-choices.client.tsx";
import { EditorHeader } from "./editor-header.client.tsx";
import { type EditorHost, editorExtensions } from "./extensions.client.tsx";
import { HiddenCharacters } from "./hidden-characters.client.tsx";
import { Outline, type OutlineActions } from "./outline.client.tsx";
import { afterClosing, Drawer, Palette, ReferencePicker, ShortcutSheet } from "./overlays.client.tsx";
import { byOrganization, colourOf, newsOf } from "./peers.client.tsx";
import { Rail, type RailTab } from "./rail.client.tsx";
import { ReadOnlyBanner, stateNow } from "./read-only-banner.client.tsx";
import { saveWords } from "./save-words.client.tsx";
import { useAnnouncer } from "./use-announcer.client.tsx";
import { freshClauseId, useClauseActions } from "./use-editor-host.client.tsx";
import { useOutlineState } from "./use-outline-state.client.tsx";
import {
  leaveText,
  useFocusBefore,
  useGlobalKeys,
  useLeaveGuard,
  useOpeningClause,
  type WritingPlace,
} from "./use-page-keys.client.tsx";
import { usePeers } from "./use-peers.client.tsx";
import { useRailData } from "./use-rail-data.client.tsx";
import type { Room } from "./use-room.client.tsx";

type Overlay =
  | { readonly kind: "none" | "palette" | "sheet" | "refer" | "outline" | "rail" }
  | { readonly kind: "menu"; readonly clauseId: string; readonly button: HTMLElement };

const closed: Overlay = { kind: "none" };
const wideRail = "(min-width: 80rem)";

/** The editor once its text is here: header, outline, text and rail, and what opens above them. */
export function EditorFrame({
  draft,
  room,
  notices,
  resumeAt,
}: {
  draft: EditorDraft;
  room: Room;
  notices: ReactNode;
  resumeAt: WritingPlace | null;
}) {
  const [overlay, setOverlay] = useState<Overlay>(closed);
  const [tab, setTab] = useState<RailTab>("comments");
  const [quoted, setQuoted] = useState<{ readonly clauseId: string; readonly words: string } | null>(null);
  const { announcement, announce } = useAnnouncer();
  const openedFrom = useFocusBefore(overlay.kind !== "none");
  const canEdit = room.mode === "write" && !room.isFreezing;
  const colour = (organizationId: string) => colourOf(organizationId, draft.table);

  const latest = useRef<EditorHost | null>(null);
  const editor = useRoomEditor(room, canEdit, latest);
  const { peers, lastMovedAt, setMoving } = usePeers(room, editor);
  const { rows, currentId, title } = useOutlineState(editor);
  const rail = useRailData(draft, editor, tab);
  const row = rows.find((one) => one.id === currentId);
  const { isConnected } = room;
  const { charterId } = draft;
  const actions = useClauseActions({ editor, charterId, isConnected, peers, lastMovedAt, announce, setMoving });

  const page: PageActions = {
    comment: (clauseId) => {
      const words = editor ? selectedWords(editor, clauseId) : "";
      setQuoted(words ? { clauseId, words } : null);
      if (clauseId !== currentId) actions.goTo(clauseId);
      setTab("comments");
      if (matchMedia(wideRail).matches) {
        requestAnimationFrame(() => document.querySelector<HTMLElement>("#editor-rail [data-comment-here]")?.focus());
      } else setOverlay({ kind: "rail" });
    },
    authors: (clauseId) => {
      if (clauseId !== currentId) actions.goTo(clauseId);
      setTab("authors");
      if (matchMedia(wideRail).matches) afterClosing(() => focusIn("[data-authors-here]"));
      else setOverlay({ kind: "rail" });
    },
    refer: () => setOverlay({ kind: "refer" }),
    sheet: () => setOverlay({ kind: "sheet" }),
    outline: () => leaveText(() => setOverlay({ kind: "outline" })),
    news: () => announce(`${newsOf(peers, rows)} ${saveWords(room.save, room.savedAt).words}.`),
  };
  const openMenu = (clauseId: string, button: HTMLElement) => setOverlay({ kind: "menu", clauseId, button });
  const outlineActions: OutlineActions = {
    goTo: (clauseId) => {
      setOverlay(closed);
      // A drawer gives the focus back as it closes; the text takes it behind that.
      afterClosing(() => actions.goTo(clauseId));
    },
    move: actions.move,
    moveTo: actions.moveTo,
    openMenu,
  };
  latest.current = {
    newId: freshClauseId,
    openMenu,
    openComments: page.comment,
    copyLink: actions.copyLink,
    startDrag: actions.drag,
    goTo: actions.goTo,
    move: (way) => actions.onCurrent((id) => actions.move(id, way)),
    changeLevel: (way) => actions.onCurrent(way === "in" ? actions.indent : actions.outdent),
    remove: () => actions.onCurrent(actions.remove),
    refer: page.refer,
    comment: () => actions.onCurrent(page.comment),
    authors: () => actions.onCurrent(page.authors),
    leave: page.outline,
    palette: () => setOverlay({ kind: "palette" }),
    sheet: page.sheet,
    news: page.news,
    pasted: actions.pasted,
    colourOf: colour,
    locked: () => new Set(peers.flatMap((peer) => (peer.movingId ? [peer.movingId] : []))),
  };
  useGlobalKeys(page.sheet, () => setOverlay({ kind: "palette" }));
  // Who may only read has written nothing here that could be lost.
  useLeaveGuard(room.hasUnsaved && room.mode === "write");
  useOpeningClause(editor, resumeAt);

  const close = () => {
    setOverlay(closed);
    const { current: opener } = openedFrom;
    setTimeout(() => (opener?.isConnected && opener.tabIndex >= 0 ? opener : editor?.view.dom)?.focus());
  };
  const outline = (
    <Outline
      rows={rows}
      currentId={currentId}
      changed={rail.changed}
      peers={peers}
      colourOf={colour}
      canEdit={canEdit}
      actions={outlineActions}
    />
  );
  const side = (
    <Rail
      tab={tab}
      onTab={setTab}
      charterId={charterId}
      row={row}
      rows={rows}
      threads={rail.threads}
      activity={rail.activity}
      people={draft.people}
      mayComment={draft.mayComment}
      quote={quoted && quoted.clauseId === row?.id ? quoted.words : ""}
      onQuoteDone={() => setQuoted(null)}
      actions={{ ...rail.actions, goTo: outlineActions.goTo }}
    />
  );
  const menuRow = overlay.kind === "menu" ? rows.find((one) => one.id === overlay.clauseId) : undefined;
  return (
    <>
      <EditorHeader
        charterId={charterId}
        title={title ?? draft.title}
        stateName={stateNow(room, draft.stateName)}
        save={saveWords(room.save, room.savedAt)}
        here={byOrganization(peers)}
        colourOf={colour}
        onGoToPeer={(clientId) => {
          const peer = peers.find((one) => one.clientId === clientId);
          if (editor && peer && peer.pos !== null) goToPosition(editor, peer.pos);
          else if (peer) announce(`${peer.name} has no cursor in the text at the moment.`);
        }}
        onPalette={() => setOverlay({ kind: "palette" })}
        onSheet={page.sheet}
        onOutline={() => setOverlay({ kind: "outline" })}
        onRail={() => setOverlay({ kind: "rail" })}
      />
      <div className="editor-frame">
        <nav aria-label="Outline" data-side="outline" className="editor-side">
          {outline}
        </nav>
        <main id="main" tabIndex={-1} className="editor-middle outline-none">
          {canEdit ? null : (
            // Stays in view: a typist looks at the caret when the text stops taking edits, not at its top.
            <div className="editor-banner">
              <ReadOnlyBanner charterId={charterId} reason={room.reason} isFreezing={room.isFreezing} />
            </div>
          )}
          <div className="mx-auto mb-6 grid max-w-[46rem] gap-3 empty:mb-0">
            {notices}
            <HiddenCharacters editor={editor} canEdit={canEdit} />
          </div>
          <p id="editor-keys" className="sr-only">
            Escape leaves the text for the outline. Control and slash lists all keys.
          </p>
          <EditorContent editor={editor} />
        </main>
        <aside id="editor-rail" aria-label="Comments and activity" data-side="rail" className="editor-side">
          {side}
        </aside>
      </div>
      <p className="sr-only" aria-live="polite" data-testid="announcement">
        {announcement}
      </p>
      {overlay.kind === "palette" ? (
        <Palette
          entries={paletteEntries({ charterId, editor, canEdit, actions, page })}
          rows={rows}
          onGoTo={actions.goTo}
          onClose={close}
        />
      ) : null}
      {overlay.kind === "sheet" ? <ShortcutSheet onClose={close} /> : null}
      {overlay.kind === "refer" ? <ReferencePicker rows={rows} onPick={actions.refer} onClose={close} /> : null}
      {overlay.kind === "outline" ? (
        <Drawer title="Outline" side="start" onClose={close}>
          {outline}
        </Drawer>
      ) : null}
      {overlay.kind === "rail" ? (
        <Drawer title="Beside the text" side="end" onClose={close}>
          {side}
        </Drawer>
      ) : null}
      {overlay.kind === "menu" && menuRow ? (
        <ClauseMenu
          button={overlay.button}
          label={nameOfRow(menuRow)}
          lines={clauseLines({
            charterId,
            row: menuRow,
            canEdit,
            mayComment: draft.mayComment,
            actions,
            page: { ...page, refer: () => referIn(editor, menuRow.id, page.refer) },
          })}
          onClose={() => {
            setOverlay(closed);
            if (overlay.button.isConnected && overlay.button.tabIndex >= 0) overlay.button.focus();
            else editor?.view.dom.focus({ preventScroll: true });
          }}
        />
      ) : null}
    </>
  );
}

/** The Tiptap editor over a room, made anew only when the room's document is another. */
function useRoomEditor(room: Room, canEdit: boolean, latest: { readonly current: EditorHost | null }): Editor | null {
  const { doc, awareness } = room;
  const extensions = useMemo(() => editorExtensions(doc, awareness, through(latest)), [doc, awareness, latest]);
  const editor = useEditor(
    {
      immediatelyRender: false,
      shouldRerenderOnTransaction: false,
      editable: canEdit,
      extensions,
      editorProps: {
        attributes: {
          class: "editor-text charter-text",
          role: "textbox",
          "aria-multiline": "true",
          "aria-label": "Text of the charter",
          "aria-describedby": "editor-keys",
          spellcheck: "true",
        },
      },
    },
    [extensions],
  );
  useEffect(() => {
    if (!editor || editor.isDestroyed) return;
    if (editor.isEditable !== canEdit) editor.setEditable(canEdit, false);
    editor.view.dom.setAttribute("aria-readonly", String(!canEdit));
  }, [editor, canEdit]);
  return editor;
}

/** A steady host whose every call goes to the newest one. */
function through(latest: { readonly current: EditorHost | null }): EditorHost {
  return {
    newId: freshClauseId,
    openMenu: (id, button) => latest.current?.openMenu(id, button),
    openComments: (id) => latest.current?.openComments(id),
    copyLink: (id) => latest.current?.copyLink(id),
    startDrag: (id, event) => latest.current?.startDrag(id, event),
    goTo: (id) => latest.current?.goTo(id),
    move: (way) => latest.current?.move(way),
    changeLevel: (way) => latest.current?.changeLevel(way),
    remove: () => latest.current?.remove(),
    refer: () => latest.current?.refer(),
    comment: () => latest.current?.comment(),
    authors: () => latest.current?.authors(),
    leave: () => latest.current?.leave(),
    palette: () => latest.current?.palette(),
    sheet: () => latest.current?.sheet(),
    news: () => latest.current?.news(),
    pasted: (report, slice) => latest.current?.pasted(report, slice),
    colourOf: (id) => latest.current?.colourOf(id) ?? 1,
    locked: () => latest.current?.locked() ?? new Set(),
  };
}

/** Puts the focus into the rail beside the text. */
function focusIn(selector: string): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>(`#editor-rail ${selector}`)?.focus());
}

function referIn(editor: Editor | null, clauseId: string, refer: () => void): void {
  if (editor) goToClause(editor, clauseId);
  refer();
}
