import { ClauseKind } from "#lib/domain/charter-text.ts";
import { ClauseId } from "#lib/domain/ids.ts";

/** The elements a draft may hold, with what may stand directly in them and the attributes they may carry. */
export type ElementName = "charterTitle" | "clause" | "clauseHeading" | "paragraph" | "point" | "clauseReference";

type Shape = {
  readonly children: ReadonlySet<string>;
  readonly holdsText: boolean;
  readonly attributes: ReadonlyMap<string, (value: unknown) => boolean>;
};

const none: ReadonlyMap<string, (value: unknown) => boolean> = new Map();
const isClauseId = (value: unknown) => ClauseId.safeParse(value).success;
const isLevel = (least: number) => (value: unknown) =>
  Number.isInteger(value) && Number(value) >= least && Number(value) <= 3;

/** What the root may hold. */
export const rootChildren: ReadonlySet<string> = new Set(["charterTitle", "clause"]);

/**
 * The shape of a draft as Yjs holds it: the same nodes as `nodeSpecs`, read from below. A room's guard accepts an
 * element, a text or an attribute only where this table has it; everything else is refused before it is stored.
 */
export const shapes: ReadonlyMap<string, Shape> = new Map<ElementName, Shape>([
  ["charterTitle", { children: new Set(), holdsText: true, attributes: none }],
  [
    "clause",
    {
      children: new Set(["clauseHeading", "paragraph", "point"]),
      holdsText: false,
      attributes: new Map([
        ["id", isClauseId],
        ["kind", (value: unknown) => ClauseKind.safeParse(value).success],
        ["level", isLevel(0)],
      ]),
    },
  ],
  ["clauseHeading", { children: new Set(), holdsText: true, attributes: none }],
  ["paragraph", { children: new Set(["clauseReference"]), holdsText: true, attributes: none }],
  ["point", { children: new Set(["clauseReference"]), holdsText: true, attributes: new Map([["level", isLevel(1)]]) }],
  ["clauseReference", { children: new Set(), holdsText: false, attributes: new Map([["target", isClauseId]]) }],
]);
