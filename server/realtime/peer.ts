import type { Watcher } from "./presence.ts";
import type { Origin } from "./store.ts";

/** Whoever edits or reads a room: a socket, as the room sees it. */
export type Peer = Watcher & {
  readonly origin: Origin;
  /** Whether it has the text, and so wants what is added to it. */
  readonly isSubscribed: boolean;
  holds(clientId: number): boolean;
  /** Takes a whole frame, made once for everyone. */
  sendUpdate(frame: Uint8Array): void;
  sendEvent(frame: Uint8Array): void;
  /** The room can not go on: come back. `code` says why its edits were refused, when they were. */
  dismiss(why: Dismissal): void;
};

/** Why peers are sent away. */
export type Dismissal =
  | { readonly kind: "closed"; readonly code: "frozen" | "not-drafting" }
  | { readonly kind: "reload" }
  | { readonly kind: "rights" }
  | { readonly kind: "restart" };
