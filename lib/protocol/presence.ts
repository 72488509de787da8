import { z } from "zod";
import { ClauseId } from "#lib/domain/ids.ts";

const Id = z.strictObject({ client: z.int().min(0), clock: z.int().min(0) });
const Position = z.strictObject({
  type: Id.nullish(),
  tname: z.string().max(40).nullish(),
  item: Id.nullish(),
  assoc: z.int().min(-1).max(0).nullish(),
});

/**
 * What a client may say of itself. Everything else it sends is left out; who it is comes from the session. `moving` is
 * the clause it is about to move, which others then leave alone.
 */
export const OwnPresence = z.object({
  cursor: z.object({ anchor: Position, head: Position }).nullish().catch(null),
  clause: ClauseId.nullish().catch(null),
  moving: ClauseId.nullish().catch(null),
});
export type OwnPresence = z.infer<typeof OwnPresence>;

/** Who somebody in the room is, as the server says it. */
export type PresentUser = {
  readonly id: string;
  readonly name: string;
  readonly organizationId: string;
  readonly organization: string;
  /** One of eight colours with enough contrast on white; never the only sign. */
  readonly color: string;
  readonly mode: "write" | "read";
};

const colours = ["#1d4ed8", "#b45309", "#047857", "#9d174d", "#6d28d9", "#0e7490", "#a16207", "#b91c1c"] as const;

/** The colour of an organization: the same for all its people and on every screen. */
export function colourOf(organizationId: string): string {
  let sum = 0;
  for (const letter of organizationId) sum = (sum * 31 + letter.charCodeAt(0)) % 997;
  return colours[sum % colours.length] ?? colours[0];
}
