import type { Node as ProseNode } from "@tiptap/pm/model";
import type { Command } from "@tiptap/pm/state";
import { EditorState, TextSelection } from "@tiptap/pm/state";
import type { Block, CharterText, Clause, ClauseKind } from "#lib/domain/charter-text.ts";
import { clausesOf } from "#lib/editor/commands.ts";
import { attributesOf, charterSchema, levelFor } from "#lib/editor/schema.ts";
import { tidyPlugin } from "#lib/editor/tidy.ts";

/** Ids that count up, so that tests can name the next one. */
export function countingIds(): () => string {
  let next = 0;
  return () => `fresh${String(++next).padStart(7, "0")}`;
}

export function clause(
  id: string,
  heading: string,
  body: readonly (string | Block)[] = [],
  kind: ClauseKind = "clause",
  level = 1,
): Clause {
  return {
    id: id.padEnd(12, "0"),
    kind,
    level: levelFor(kind, level),
    heading,
    body: body.map((block) => (typeof block === "string" ? { kind: "p", text: block } : block)),
  };
}

export function charter(title: string, ...clauses: Clause[]): CharterText {
  return { title, language: "en", clauses };
}

/** The text as an editor's document. A "|" in a heading or a block is where the cursor stands. */
export function editorOn(text: CharterText, newId = countingIds()): EditorState {
  const { charterTitle, clause, clauseHeading, paragraph, point } = charterSchema.nodes;
  const inline = (value: string) => (value === "" ? null : charterSchema.text(value));
  const doc = charterSchema.node("doc", null, [
    charterTitle.create(null, inline(text.title)),
    ...text.clauses.map((one) =>
      clause.create({ id: one.id, kind: one.kind, level: one.level }, [
        clauseHeading.create(null, inline(one.heading)),
        ...one.body.map((block) =>
          block.kind === "p"
            ? paragraph.create(null, inline(block.text))
            : point.create({ level: block.level }, inline(block.text)),
        ),
      ]),
    ),
  ]);
  const state = EditorState.create({ doc, plugins: [tidyPlugin(newId)] });
  let cursor = -1;
  doc.descendants((node, pos) => {
    if (node.isText && node.text?.includes("|")) cursor = pos + node.text.indexOf("|");
  });
  if (cursor < 0) return state;
  const tr = state.tr.delete(cursor, cursor + 1);
  return state.apply(tr.setSelection(TextSelection.create(tr.doc, cursor)));
}

/** The state after the command, or undefined when it says that it does not apply. It must say the same without doing it. */
export function applied(state: EditorState, command: Command): EditorState | undefined {
  let next: EditorState | undefined;
  const applies = command(state, (tr) => {
    next = state.apply(tr);
  });
  if (applies !== command(state)) throw new Error("The command answers differently when it is only asked.");
  return applies ? next : undefined;
}

/** The document in short lines: "c1 clause 1 Heading / block / * point". */
export function lines(doc: ProseNode): string[] {
  return clausesOf(doc).map(({ node }) => {
    const { id, kind, level } = attributesOf(node);
    const parts: string[] = [];
    node.forEach((child) => {
      parts.push(
        child.type.name === "point"
          ? `${"*".repeat(attributesOf(child).level)} ${child.textContent}`
          : child.textContent,
      );
    });
    return `${(id ?? "none").replace(/0+$/, "")} ${kind} ${level} ${parts.join(" / ")}`;
  });
}
