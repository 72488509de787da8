"use client";

import type { Node as ProseNode } from "@tiptap/pm/model";
import type { Decoration, NodeView, ViewMutationRecord } from "@tiptap/pm/view";
import { nameOfRow } from "#lib/editor/outline.ts";
import { attributesOf, targetOf } from "#lib/editor/schema.ts";
import type { ClauseMargin } from "./margin.client.tsx";

/** What the buttons beside a clause ask the page to do. */
export type ClauseTools = {
  readonly openMenu: (clauseId: string, button: HTMLElement) => void;
  readonly openComments: (clauseId: string) => void;
  readonly copyLink: (clauseId: string) => void;
  readonly startDrag: (clauseId: string, event: PointerEvent) => void;
  readonly goTo: (clauseId: string) => void;
};

/**
 * A clause on the page: its number in the margin, its text, and quiet tools that show when it is pointed at or written
 * in. The tools are for the pointer; the keyboard has the same by shortcut, outline and palette.
 */
export class ClauseView implements NodeView {
  readonly dom = document.createElement("section");
  readonly contentDOM = document.createElement("div");
  private readonly margin = document.createElement("div");
  private readonly number = document.createElement("span");
  private readonly tools = document.createElement("div");
  private readonly handle: HTMLButtonElement;
  private readonly badge: HTMLButtonElement;
  private readonly comment: HTMLButtonElement;
  private readonly menu: HTMLButtonElement;
  private clauseId: string;

  constructor(node: ProseNode, decorations: readonly Decoration[], tools: ClauseTools) {
    this.clauseId = attributesOf(node).id ?? "";
    this.dom.className = "clause";
    this.contentDOM.className = "clause-body";
    this.margin.className = "clause-margin";
    this.tools.className = "clause-tools no-print";
    this.margin.contentEditable = "false";
    this.tools.contentEditable = "false";
    this.number.className = "clause-number";
    this.handle = toolButton("clause-handle no-print", "⠿", (event) => tools.startDrag(this.clauseId, event));
    const link = toolButton("", "¶", () => tools.copyLink(this.clauseId));
    link.title = "Copy a link to this clause";
    link.setAttribute("aria-label", link.title);
    this.comment = toolButton("", "Comment", () => tools.openComments(this.clauseId));
    this.badge = toolButton("clause-badge no-print", "", () => tools.openComments(this.clauseId));
    this.badge.contentEditable = "false";
    this.menu = toolButton("", "⋯", () => tools.openMenu(this.clauseId, this.menu));
    this.menu.setAttribute("aria-haspopup", "menu");
    this.margin.append(this.handle, this.number);
    this.tools.append(this.comment, link, this.menu);
    this.dom.append(this.margin, this.contentDOM, this.badge, this.tools);
    this.draw(node, decorations);
  }

  update(node: ProseNode, decorations: readonly Decoration[]): boolean {
    if (node.type.name !== "clause") return false;
    this.draw(node, decorations);
    return true;
  }

  /** What happens on the tools is none of the editor's business. */
  stopEvent(event: Event): boolean {
    return event.target instanceof Node && !this.contentDOM.contains(event.target);
  }

  ignoreMutation(mutation: ViewMutationRecord): boolean {
    if (mutation.type === "selection") return false;
    return !this.contentDOM.contains(mutation.target) || mutation.target === this.dom;
  }

  private draw(node: ProseNode, decorations: readonly Decoration[]): void {
    const { id, kind, level } = attributesOf(node);
    const margin = marginIn(decorations);
    this.clauseId = id ?? "";
    this.dom.id = `c-${this.clauseId}`;
    this.dom.dataset.clause = this.clauseId;
    this.dom.dataset.kind = kind;
    this.dom.dataset.level = String(level);
    this.dom.classList.toggle("is-current", margin?.isCurrent ?? false);
    this.dom.classList.toggle("is-changed", margin?.isChanged ?? false);
    const name = nameOfRow({ kind, number: margin?.number ?? "" });
    this.number.textContent = margin?.number ?? "";
    this.margin.title = margin?.isChanged ? `${name}: changed since you last looked` : name;
    this.handle.setAttribute("aria-label", `Drag ${name} to another place`);
    this.menu.setAttribute("aria-label", `What can be done with ${name}`);
    const count = margin?.comments ?? 0;
    this.comment.setAttribute("aria-label", `Comment on ${name}`);
    this.badge.hidden = count === 0;
    this.badge.textContent = String(count);
    this.badge.title = `${count} open comment${count === 1 ? "" : "s"}`;
    this.badge.setAttribute("aria-label", `${this.badge.title} on ${name}`);
  }
}

/** A cross-reference in running text; its words follow the number of the clause it points to. */
export class ReferenceView implements NodeView {
  readonly dom = document.createElement("span");

  constructor(node: ProseNode, decorations: readonly Decoration[], tools: ClauseTools) {
    this.dom.addEventListener("click", (event) => {
      const target = this.dom.dataset.clauseReference;
      if (target && (event.ctrlKey || event.metaKey)) tools.goTo(target);
    });
    this.draw(node, decorations);
  }

  update(node: ProseNode, decorations: readonly Decoration[]): boolean {
    if (node.type.name !== "clauseReference") return false;
    this.draw(node, decorations);
    return true;
  }

  ignoreMutation(): boolean {
    return true;
  }

  private draw(node: ProseNode, decorations: readonly Decoration[]): void {
    const label = decorations.map((one) => one.spec.label).find((one) => typeof one === "string");
    this.dom.className = label ? "clause-reference" : "clause-reference is-missing";
    this.dom.dataset.clauseReference = targetOf(node) ?? "";
    this.dom.textContent = label || "a clause that is gone";
    this.dom.title = label ? "Ctrl-click to go there" : "The clause this points to was deleted; point it to another.";
  }
}

function marginIn(decorations: readonly Decoration[]): ClauseMargin | undefined {
  // Only the margin plugin gives node decorations of clauses a `number`.
  return decorations.map((one) => one.spec).find((spec): spec is ClauseMargin => typeof spec?.number === "string");
}

function toolButton(className: string, words: string, act: (event: PointerEvent) => void): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.tabIndex = -1;
  button.className = `clause-tool ${className}`;
  button.textContent = words;
  const isHandle = className.includes("clause-handle");
  // The press must not take the selection away from the text.
  button.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    if (isHandle) act(event);
  });
  button.addEventListener("mousedown", (event) => event.preventDefault());
  if (!isHandle) button.addEventListener("click", (event) => act(event));
  return button;
}
