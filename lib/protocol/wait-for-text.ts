import type { WebsocketProvider } from "y-websocket";
import { patienceMsMax } from "./limits.ts";

/** The stock provider closes a socket that has brought no whole message for this long. */
const stockSilenceMsMax = 30_000;

/**
 * Makes the stock provider hold an open socket for `patienceMsMax` until the text is there. Over a slow line the first text, which is one message,
 * takes longer than its own patience; closed and asked again, it would never come.
 */
export function waitForText(provider: WebsocketProvider): void {
  let lastAt = provider.wsLastMessageReceived;
  Object.defineProperty(provider, "wsLastMessageReceived", {
    get: () => (provider.synced ? lastAt : lastAt + patienceMsMax - stockSilenceMsMax),
    set: (at: number) => {
      lastAt = at;
    },
  });
}
