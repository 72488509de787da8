import { z } from "zod";
import { RowId } from "./ids.ts";
import { Refusal } from "./refusal.ts";
import { instantOf, TimeZone, WallTime } from "./zoned-time.ts";

/** When a version opens: at once, or when the clocks of a zone show a time. */
export const OpeningTime = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("now") }),
  z.strictObject({ kind: z.literal("at"), wallTime: WallTime, zone: TimeZone }),
]);
export type OpeningTime = z.infer<typeof OpeningTime>;

/** The opening of one version, as it is asked for. */
export const OpenForSignature = z.strictObject({ versionId: RowId, opening: OpeningTime });
export type OpenForSignature = z.infer<typeof OpenForSignature>;

/** Where a version stands after its opening was set or done. */
export type OpeningView = {
  readonly versionId: string;
  readonly state: "OPEN_SEALED" | "OPEN";
  readonly opensAt: Date | null;
};

/** Two years: a later opening is more likely a slip of the pen. */
const openingAheadMaxMs = 2 * 366 * 86_400_000;

/**
 * The instant of a planned opening.
 *
 * @throws {Refusal} malformed when it has passed, lies more than two years ahead, or never occurs in the zone.
 */
export function futureInstant(opening: Extract<OpeningTime, { kind: "at" }>, now: Date): Date {
  const instant = instantOf(opening.wallTime, opening.zone);
  if (instant <= now) throw new Refusal("malformed", "This time has passed already; choose one to come, or open now.");
  if (instant.getTime() - now.getTime() > openingAheadMaxMs) {
    throw new Refusal("malformed", "Choose a time within the next two years.");
  }
  return instant;
}
