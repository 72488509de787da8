import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { parseProxies } from "#lib/config/trusted-proxies.ts";
import { clientAddress } from "#server/client-address.ts";

const docker = parseProxies("172.16.0.0/12,10.0.0.5,fd00::/8");

function addressOf(remoteAddress: string | undefined, forwarded?: string, trusted = docker): string {
  const headers = forwarded === undefined ? {} : { "x-forwarded-for": forwarded };
  // All that is read of a request.
  return clientAddress({ headers, socket: { remoteAddress } } as unknown as IncomingMessage, trusted);
}

test.each([
  ["without a proxy it is the other end of the socket", "203.0.113.7", undefined, "203.0.113.7"],
  ["a stranger can not name another", "203.0.113.7", "198.51.100.9", "203.0.113.7"],
  ["a proxy in a container's network names who asks", "172.18.0.1", "203.0.113.7", "203.0.113.7"],
  ["the same where the socket speaks IPv6", "::ffff:172.18.0.1", "::ffff:203.0.113.7", "203.0.113.7"],
  ["a proxy by IPv6 too", "fd00::1", "2001:db8::7", "2001:db8::7"],
  [
    "what a stranger wrote stands left of what the proxy wrote",
    "172.18.0.1",
    "198.51.100.9, 203.0.113.7",
    "203.0.113.7",
  ],
  ["two proxies are walked through", "172.18.0.1", "198.51.100.9, 203.0.113.7, 10.0.0.5", "203.0.113.7"],
  ["where all are proxies it is the first of them", "172.18.0.1", "172.18.0.9, 10.0.0.5", "172.18.0.9"],
  ["garbage is ignored, and so is what stands behind it", "172.18.0.1", "198.51.100.9, unknown", "172.18.0.1"],
  ["an empty header says nothing", "172.18.0.1", "", "172.18.0.1"],
  ["a header of commas says nothing", "172.18.0.1", ",,,", "172.18.0.1"],
  ["a socket that is gone comes from nowhere", undefined, "203.0.113.7", ""],
])("%s", (_what, remote, forwarded, expected) => {
  expect(addressOf(remote, forwarded)).toBe(expected);
});

test("nobody but this machine is believed when no proxies are named", () => {
  const request = (remoteAddress: string) =>
    // All that is read of a request.
    ({ headers: { "x-forwarded-for": "203.0.113.7" }, socket: { remoteAddress } }) as unknown as IncomingMessage;
  for (const here of ["127.0.0.1", "::1", "::ffff:127.0.0.1"]) expect(clientAddress(request(here))).toBe("203.0.113.7");
  for (const other of ["172.18.0.1", "10.0.0.5", "192.168.0.1"]) expect(clientAddress(request(other))).toBe(other);
});
