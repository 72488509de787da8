import type { LateText } from "#lib/protocol/messages.ts";
import type { GuardReason } from "./guard.ts";

/** What became of an update that a peer handed in. */
export type Acceptance =
  | { readonly kind: "pending"; readonly late: readonly LateText[] }
  | { readonly kind: "nothing" }
  | { readonly kind: "unleased"; readonly clients: readonly number[] }
  | { readonly kind: "refused"; readonly reason: GuardReason | "too-large" | "over-share" | "read-only" | "held" }
  | { readonly kind: "closed"; readonly code: "frozen" | "not-drafting" | "damaged" };

/**
 * `open` takes edits; `held` does not for the seconds of a freeze; `closed` never will again; `damaged` shows the last good
 * state; `discarded` is a room whose memory can no longer be trusted: everyone comes back to a fresh one.
 */
export type RoomMode =
  | { readonly kind: "open" }
  | { readonly kind: "held" }
  | { readonly kind: "closed"; readonly code: "frozen" | "not-drafting" }
  | { readonly kind: "damaged" }
  | { readonly kind: "discarded" };

/** What a room in this mode says to every edit; undefined where it takes edits. */
export function refusalIn(mode: RoomMode): Acceptance | undefined {
  switch (mode.kind) {
    case "open":
      return undefined;
    case "held":
      return { kind: "refused", reason: "held" };
    case "closed":
      return { kind: "closed", code: mode.code };
    case "damaged":
      return { kind: "closed", code: "damaged" };
    default:
      return { kind: "refused", reason: "unknown-origin" };
  }
}
