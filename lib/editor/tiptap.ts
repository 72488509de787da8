import type { AnyExtension, Node as TiptapNode } from "@tiptap/core";
import { Node } from "@tiptap/core";
import type { NodeName } from "./schema.ts";
import { nodeNames, nodeSpecs } from "./schema.ts";

/**
 * The nodes of `nodeSpecs` as Tiptap extensions, so that the editor's schema is the plain one. The screen may
 * `.extend` them with node views and shortcuts; content, attributes and HTML come from here.
 */
export function tiptapNodes(): Record<NodeName, TiptapNode> {
  const nodes: Partial<Record<NodeName, TiptapNode>> = {};
  for (const name of nodeNames) nodes[name] = tiptapNode(name);
  // Every name was just set.
  return nodes as Record<NodeName, TiptapNode>;
}

/** The same as a plain list of extensions. */
export function charterExtensions(): AnyExtension[] {
  return Object.values(tiptapNodes());
}

function tiptapNode(name: NodeName): TiptapNode {
  const spec = nodeSpecs[name];
  return Node.create({
    name,
    topNode: name === "doc",
    ...(spec.content === undefined ? {} : { content: spec.content }),
    ...(spec.group === undefined ? {} : { group: spec.group }),
    inline: spec.inline ?? false,
    atom: spec.atom ?? false,
    defining: spec.defining ?? false,
    isolating: spec.isolating ?? false,
    marks: "",
    addAttributes: () =>
      Object.fromEntries(
        Object.entries(spec.attrs ?? {}).map(([key, attr]) => [key, { default: attr.default, rendered: false }]),
      ),
    parseHTML: () => [...(spec.parseDOM ?? [])],
    // Text has no element of its own.
    ...(spec.toDOM ? { renderHTML: ({ node }) => spec.toDOM?.(node) ?? ["span", 0] } : {}),
  });
}
