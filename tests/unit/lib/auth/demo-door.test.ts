import { describe, expect, test } from "vitest";
import { isDemoDoor, markRequest } from "#lib/auth/demo-door.ts";

/** The request as the pages see it: marked by the listener, then decorated by the web framework. */
function arriving(given: Record<string, string>): Headers {
  const raw: Record<string, string | string[] | undefined> = { host: "localhost:3000", ...given };
  markRequest(raw, "127.0.0.1");
  const headers = new Headers(Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, String(value)])));
  headers.set("x-forwarded-for", "127.0.0.1");
  return headers;
}

const demo = { isDemo: true };
const loopback = { host: "127.0.0.1" };

describe("the demo door", () => {
  test("is open on this machine, in the demo world", () => {
    expect(isDemoDoor(arriving({}), demo, loopback)).toBe(true);
    expect(isDemoDoor(arriving({ host: "127.0.0.1:3000" }), demo, { host: "localhost" })).toBe(true);
    expect(isDemoDoor(arriving({ host: "[::1]:3000" }), demo, { host: "::1" })).toBe(true);
  });

  test("does not exist outside a demo world", () => {
    expect(isDemoDoor(arriving({}), { isDemo: false }, loopback)).toBe(false);
  });

  test("does not exist where others can reach the listener", () => {
    expect(isDemoDoor(arriving({}), demo, { host: "0.0.0.0" })).toBe(false);
    expect(isDemoDoor(arriving({}), demo, { host: "192.0.2.7" })).toBe(false);
  });

  test.each([["x-forwarded-for"], ["x-forwarded-host"], ["x-forwarded-proto"], ["forwarded"], ["via"], ["x-real-ip"]])(
    "is closed to requests that came by a proxy (%s)",
    (name) => {
      expect(isDemoDoor(arriving({ [name]: "192.0.2.7" }), demo, loopback)).toBe(false);
    },
  );

  test("is closed to pages of other names that resolve to this machine", () => {
    expect(isDemoDoor(arriving({ host: "evil.example:3000" }), demo, loopback)).toBe(false);
    expect(isDemoDoor(arriving({ host: "localhost.evil.example" }), demo, loopback)).toBe(false);
  });

  test("cannot be opened by a header the client made up", () => {
    const headers = arriving({ "x-concordat-direct": "yes", "x-forwarded-for": "192.0.2.7" });
    expect(isDemoDoor(headers, demo, loopback)).toBe(false);
    expect(isDemoDoor(new Headers({ host: "localhost" }), demo, loopback)).toBe(false);
  });
});
