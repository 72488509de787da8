import { isLoopback } from "#lib/config/env.ts";

/** What our listener writes on every request before anything else reads it; whatever arrived under these names is dropped. */
export const requestMarks = { client: "x-concordat-client", direct: "x-concordat-direct" } as const;

const forwardingHeaders = [
  "forwarded",
  "via",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-forwarded-port",
  "x-real-ip",
];

/**
 * Marks a request with the address it came from and whether it came without a proxy between. To be called by the listener, on
 * the raw headers: the web framework adds forwarding headers of its own to every request.
 */
export function markRequest(headers: Record<string, string | string[] | undefined>, clientAddress: string): void {
  headers[requestMarks.client] = clientAddress || "unknown";
  headers[requestMarks.direct] = forwardingHeaders.every((name) => headers[name] === undefined) ? "yes" : "no";
}

/**
 * Whether this request may use what exists in the demo world alone: sign-in by one click and the mail page. Only in a demo
 * world that listens on a loopback address, asked for under a loopback name, without a proxy between.
 */
export function isDemoDoor(
  headers: { get(name: string): string | null },
  site: { readonly isDemo: boolean },
  doors: { readonly host: string },
): boolean {
  const asked = headers.get("host") ?? "";
  return (
    site.isDemo &&
    isLoopback(doors.host) &&
    isLoopbackName(asked.replace(/:\d+$/, "")) &&
    headers.get(requestMarks.direct) === "yes"
  );
}

function isLoopbackName(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, "");
  return isLoopback(name) || name.endsWith(".localhost");
}
