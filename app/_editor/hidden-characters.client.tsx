"use client";

import type { Editor } from "@tiptap/core";
import type { Node as ProseNode } from "@tiptap/pm/model";
import type { EditorState, Transaction } from "@tiptap/pm/state";
import { Plugin, PluginKey } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import { useEditorState } from "@tiptap/react";
import { Button } from "#app/_ui/button.tsx";
import { Notice } from "#app/_ui/frame.tsx";
import { type CharacterViolation, characterViolations, formatViolation } from "#lib/ledger/character-rules.ts";
import { goToPosition, makeStep } from "./editing.client.tsx";

/** A character that may not be signed, where it stands in the editor's document. */
export type HiddenCharacter = { readonly from: number; readonly to: number; readonly violation: CharacterViolation };

type Found = { readonly characters: readonly HiddenCharacter[]; readonly marks: DecorationSet };

const key = new PluginKey<Found>("hiddenCharacters");

// Text nodes never change, so each is read once however often the document does.
const known = new WeakMap<ProseNode, readonly CharacterViolation[]>();

/** Marks in the text what may not be signed: nobody can repair what cannot be seen. */
export function hiddenCharactersPlugin(): Plugin<Found> {
  return new Plugin<Found>({
    key,
    state: {
      init: (_config, state) => find(state.doc),
      apply: (tr, before) => (tr.docChanged ? find(tr.doc) : before),
    },
    props: { decorations: (state) => key.getState(state)?.marks },
  });
}

function find(doc: ProseNode): Found {
  const characters = charactersIn(doc);
  const marks = characters.map(({ from, to, violation }) =>
    Decoration.inline(from, to, {
      class: "hidden-character",
      "data-code-point": violation.codePoint,
      title: formatViolation(violation),
    }),
  );
  return { characters, marks: DecorationSet.create(doc, marks) };
}

function charactersIn(doc: ProseNode): HiddenCharacter[] {
  const characters: HiddenCharacter[] = [];
  doc.descendants((node, pos) => {
    for (const violation of violationsIn(node)) {
      const from = pos + violation.offset;
      characters.push({ from, to: from + lengthAt(node.text ?? "", violation.offset), violation });
    }
  });
  return characters;
}

function violationsIn(node: ProseNode): readonly CharacterViolation[] {
  if (!node.isText) return [];
  const before = known.get(node);
  if (before) return before;
  const found = characterViolations(node.text ?? "", "with-lines");
  known.set(node, found);
  return found;
}

/** How much a mark covers: the character, with the combining marks behind it, which are what is not composed. */
function lengthAt(text: string, offset: number): number {
  return /^.\p{M}*/su.exec(text.slice(offset))?.[0].length ?? 1;
}

/** The characters that may not be signed, in the order of the text. */
export function hiddenCharactersOf(state: EditorState): readonly HiddenCharacter[] {
  return key.getState(state)?.characters ?? [];
}

/**
 * The step that takes them out, or null when there are none: what hides is deleted, what is not composed is composed (NFC).
 * Every other character stays the one it was, with its author.
 */
export function withoutHiddenCharacters(state: EditorState): Transaction | null {
  const { tr } = state;
  // Each look finds only the first place of a text that is not composed, so it looks again until nothing is left.
  for (let found = charactersIn(tr.doc); found.length > 0; found = charactersIn(tr.doc)) {
    const steps = tr.steps.length;
    // From the end, so that the places before stay what they were.
    for (const { from, to, violation } of found.toReversed()) {
      const now = tr.doc.textBetween(from, to);
      if (violation.rule === "not-normalized") tr.insertText(now.normalize("NFC"), from, to);
      else tr.delete(from, from + String.fromCodePoint(now.codePointAt(0) ?? 0).length);
    }
    if (tr.steps.length === steps) break;
  }
  return tr.docChanged ? tr : null;
}

/** Says above the text that there are such characters, leads to the first, and takes all of them out. */
export function HiddenCharacters({ editor, canEdit }: { editor: Editor | null; canEdit: boolean }) {
  const count = useEditorState({
    editor,
    selector: ({ editor: now }) => (now && !now.isDestroyed ? hiddenCharactersOf(now.state).length : 0),
  });
  if (!editor || !count) return null;
  const remove = () => {
    const step = withoutHiddenCharacters(editor.state);
    if (step) makeStep(editor, step);
    editor.view.focus();
  };
  return (
    <Notice
      tone="wait"
      title={count === 1 ? "One character cannot be signed" : `${count} characters cannot be signed`}
      role="status"
    >
      <p>
        They hide, reorder or look like what they are not, and stop the text from being frozen. Each is marked with its
        code where it stands.
      </p>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button onClick={() => goToPosition(editor, hiddenCharactersOf(editor.state)[0]?.from ?? 0)}>
          Go to the first
        </Button>
        {canEdit ? <Button onClick={remove}>Take them out</Button> : null}
      </div>
    </Notice>
  );
}
