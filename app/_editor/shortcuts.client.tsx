"use client";

/** A way to do something from the keyboard, in the words of the shortcut sheet. `keys` is a ProseMirror key name. */
export type Shortcut = { readonly keys: string; readonly does: string };

/** Every shortcut of the editor; the sheet and the menus show these. */
export const shortcuts = {
  addClause: { keys: "Mod-Enter", does: "New clause after this one" },
  splitClause: { keys: "Mod-Shift-Enter", does: "Split the clause at the cursor" },
  moveUp: { keys: "Alt-ArrowUp", does: "Move the clause up" },
  moveDown: { keys: "Alt-ArrowDown", does: "Move the clause down" },
  indent: { keys: "Tab", does: "Make it a sub-clause, or the point one level deeper" },
  outdent: { keys: "Shift-Tab", does: "One level up" },
  togglePoint: { keys: "Mod-Shift-8", does: "Point of a list, or back to a paragraph" },
  heading: { keys: "Mod-Alt-1", does: "Write the clause's heading" },
  reference: { keys: "Mod-Shift-l", does: "Refer to another clause" },
  comment: { keys: "Mod-Alt-m", does: "Comment on the clause" },
  authors: { keys: "Mod-Alt-w", does: "See who wrote the clause" },
  deleteClause: { keys: "Mod-Shift-Backspace", does: "Delete the clause" },
  undo: { keys: "Mod-z", does: "Undo" },
  redo: { keys: "Mod-Shift-z", does: "Redo" },
  leave: { keys: "Escape", does: "Leave the text for the outline" },
  palette: { keys: "Mod-k", does: "Find a command or a clause" },
  news: { keys: "Mod-Alt-n", does: "Hear who is here and what is saved" },
  sheet: { keys: "Mod-/", does: "This list (outside the text also ?)" },
} as const satisfies Record<string, Shortcut>;

/** A key name as people read it here: "Ctrl+Shift+Enter", or "⌘⇧Enter" on Apple keyboards. */
export function keyWords(keys: string, isApple: boolean = isAppleKeyboard()): string {
  const words: Record<string, string> = isApple
    ? { Mod: "⌘", Shift: "⇧", Alt: "⌥", ArrowUp: "↑", ArrowDown: "↓", Backspace: "⌫", Escape: "Esc" }
    : { Mod: "Ctrl", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc" };
  const parts = keys.split("-").map((part) => words[part] ?? (part.length === 1 ? part.toUpperCase() : part));
  return parts.join(isApple ? "" : "+");
}

function isAppleKeyboard(): boolean {
  return typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent);
}
