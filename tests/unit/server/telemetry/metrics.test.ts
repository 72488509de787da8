import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { mayReadMetrics } from "#server/telemetry/metrics.ts";

const token = "a-token-of-enough-characters";

test.each([
  ["this machine reads them without a token", "127.0.0.1", {}, undefined, true],
  ["so does this machine in the new numbers", "::1", {}, undefined, true],
  ["another machine does not", "192.0.2.7", {}, undefined, false],
  ["nor does one behind a proxy on this machine", "127.0.0.1", { "x-forwarded-for": "192.0.2.7" }, undefined, false],
  ["where there is a token, this machine needs it too", "127.0.0.1", {}, token, false],
  ["whoever has it reads them from anywhere", "192.0.2.7", { authorization: `Bearer ${token}` }, token, true],
  ["a wrong one is refused", "192.0.2.7", { authorization: `Bearer ${token.replace("a", "b")}` }, token, false],
] as const)("%s", (_what, remoteAddress, headers, given, may) => {
  // All that is looked at of a request.
  const request = { headers, socket: { remoteAddress } } as unknown as IncomingMessage;
  expect(mayReadMetrics(request, given)).toBe(may);
});
