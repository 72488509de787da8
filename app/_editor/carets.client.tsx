"use client";

/** Who a caret belongs to, as the server set it in the awareness; anything else is drawn without a name. */
type CaretUser = Readonly<Record<string, unknown>>;

/** How long the label of a caret stays after its last movement. */
const labelMs = 3_000;

/** Another person's cursor: a line in their organization's colour, and a label with name and organization. */
export function renderCaret(user: CaretUser, colourOf: (organizationId: string) => number): HTMLElement {
  const caret = document.createElement("span");
  const label = document.createElement("span");
  caret.className = `remote-caret org-${colourOf(textIn(user, "organizationId"))}`;
  label.className = "remote-caret-label no-print";
  label.textContent = [textIn(user, "name"), textIn(user, "organization")].filter(Boolean).join(" · ");
  caret.setAttribute("aria-hidden", "true");
  // A zero-width joiner on both sides keeps the line from being eaten at the edges of a text.
  caret.dataset.user = textIn(user, "id");
  showLabel(caret);
  caret.append(document.createTextNode("\u2060"), label, document.createTextNode("\u2060"));
  return caret;
}

/** Shows the labels of somebody's carets again for three seconds, since they have just moved. */
export function freshenCarets(root: ParentNode, userId: string): void {
  for (const caret of root.querySelectorAll(".remote-caret"))
    if (caret instanceof HTMLElement && caret.dataset.user === userId) showLabel(caret);
}

const hiding = new WeakMap<HTMLElement, ReturnType<typeof setTimeout>>();

function showLabel(caret: HTMLElement): void {
  clearTimeout(hiding.get(caret));
  caret.classList.add("is-fresh");
  hiding.set(
    caret,
    setTimeout(() => caret.classList.remove("is-fresh"), labelMs),
  );
}

/** The look of another person's selection. */
export function renderSelection(user: CaretUser, colourOf: (organizationId: string) => number): { class: string } {
  return { class: `remote-selection org-${colourOf(textIn(user, "organizationId"))}` };
}

function textIn(user: CaretUser, key: string): string {
  const value = user[key];
  return typeof value === "string" ? value : "";
}
