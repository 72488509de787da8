import type { RefusalCode } from "#lib/domain/refusal.ts";
import { closeCodes, refusalCloseCodes } from "#lib/protocol/messages.ts";

/** How a connection that can not go on is ended: with a notice, or, without one, only with a code. */
export type Farewell =
  | { readonly kind: "refuse"; readonly code: RefusalCode; readonly message: string; readonly closeCode: number }
  | { readonly kind: "close"; readonly closeCode: number };

/** What the author of an update hears that the guard or the room did not take. */
export function farewellTo(reason: string): Farewell {
  switch (reason) {
    case "gap":
    case "unknown-origin":
      return refuse(
        "conflict",
        "This copy no longer fits the text on the server. Your own words are kept.",
        closeCodes.outOfStep,
      );
    case "held":
      // A freeze is being decided: the edit stays with its author, who comes back and hears how it went.
      return { kind: "close", closeCode: closeCodes.roomReloaded };
    case "too-large":
      return refuse(
        "too-large",
        "The text has reached its largest size and takes only deletions. Your own words are kept.",
      );
    case "over-share":
      return refuse(
        "too-large",
        "Your organization has written half of what this text can hold, and what is left is kept for the others. Your own words are kept.",
      );
    case "read-only":
      return refuse("not-permitted", "You may read this text, but not change it. Your own words are kept.");
    default:
      return refuse("malformed", "The server could not accept this change.");
  }
}

/** What the author of an update hears that came after the end of writing. */
export function farewellToLate(code: "frozen" | "not-drafting" | "damaged"): Farewell {
  switch (code) {
    case "frozen":
      return refuse(code, "The text was frozen before this edit arrived. Your own words are kept.");
    case "not-drafting":
      return refuse(code, "The text is under review and is not edited now. Your own words are kept.");
    default:
      return refuse(
        "unavailable",
        "The stored text needs repair and can only be read for now. Your own words are kept.",
        refusalCloseCodes.frozen,
      );
  }
}

function refuse(code: RefusalCode, message: string, closeCode: number = refusalCloseCodes[code]): Farewell {
  return { kind: "refuse", code, message, closeCode };
}
