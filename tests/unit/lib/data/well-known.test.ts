import type { ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fetchWellKnown, isPublicAddress, type WellKnownDoors, wellKnownDoors } from "#lib/data/well-known.ts";
import { testSite } from "#tests/support/certificate.ts";

const { domain } = testSite;
let server: Server;
let doors: WellKnownDoors;
let answer: (response: ServerResponse) => void;
const asked: { host: string | undefined; path: string | undefined }[] = [];

/** A site on this machine under its own name and certificate; only here may a connection to this machine be made. */
beforeAll(async () => {
  const { key, certificate } = testSite;
  server = createServer({ key, cert: certificate }, (request, response) => {
    asked.push({ host: request.headers.host, path: request.url });
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const lookup = async () => [{ address: "127.0.0.1", family: 4 }];
  doors = { lookup, isAllowed: () => true, port, ca: certificate, timeoutMs: 30_000 };
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe("the file of an organization", () => {
  test("is read over TLS from the address that was looked up", async () => {
    answer = (response) => response.end('{"v":1}');
    expect(await fetchWellKnown(domain, doors)).toEqual({ address: "127.0.0.1", text: '{"v":1}' });
    expect(asked.at(-1)).toMatchObject({ path: "/.well-known/concordat.json" });
    expect(asked.at(-1)?.host).toContain(domain);
  });

  test.each<[string, (response: ServerResponse) => void, RegExp]>([
    ["a redirect", (to) => to.writeHead(302, { location: "http://169.254.169.254/" }).end(), /leads elsewhere/],
    ["no such file", (to) => to.writeHead(404).end(), /answers 404/],
    ["a file without end", (to) => to.write("x".repeat(20_000)), /larger than/],
    ["bytes that are no text", (to) => to.end(Buffer.from([0xff, 0xfe])), /not a text/],
  ])("%s is refused in one sentence", async (_, made, words) => {
    answer = made;
    await expect(fetchWellKnown(domain, doors)).rejects.toThrow(words);
  });

  test.each<[string, (response: ServerResponse) => void, RegExp]>([
    ["a server that says nothing", () => undefined, /too long/],
    ["a file that drips", (to) => to.write("{"), /too long|no answer/],
  ])("%s is refused in one sentence, and not waited for", async (_, made, words) => {
    answer = made;
    await expect(fetchWellKnown(domain, { ...doors, timeoutMs: 1000 })).rejects.toThrow(words);
  });

  test("another name's certificate is refused", async () => {
    answer = (response) => response.end("{}");
    await expect(fetchWellKnown("southdark.example.org", doors)).rejects.toThrow(/certificate/);
  });

  test("an address of this machine or of a private network is never asked, even as one of several", async () => {
    const before = asked.length;
    const { isAllowed } = wellKnownDoors;
    for (const address of ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1"]) {
      const lookup = async () => [
        { address: "8.8.8.8", family: 4 },
        { address, family: address.includes(":") ? 6 : 4 },
      ];
      await expect(fetchWellKnown(domain, { ...doors, lookup, isAllowed })).rejects.toThrow(
        /not on the public internet/,
      );
    }
    expect(asked).toHaveLength(before);
  });
});

test.each([
  ["8.8.8.8", true],
  ["2606:4700::1111", true],
  ["0.0.0.0", false],
  ["100.64.0.1", false],
  ["172.31.255.255", false],
  ["192.168.0.1", false],
  ["255.255.255.255", false],
  ["::ffff:127.0.0.1", false],
  ["::ffff:7f00:1", false],
  ["64:ff9b::7f00:1", false],
  ["fc00::1", false],
  ["fe80::1%eth0", false],
  ["2002:7f00:1::", false],
  ["not an address", false],
])("%s is public: %s", (address, isPublic) => {
  expect(isPublicAddress(address)).toBe(isPublic);
});
