import { expect, test } from "vitest";
import { browserCookie, cookieIn, cookieNames, endedSessionCookie, sessionTokenIn } from "#lib/auth/cookies.ts";

const local = { publicUrl: "http://localhost:3000" };
const secure = { publicUrl: "https://charters.example.org" };

test("beyond this machine cookies are bound to the host and to TLS", () => {
  expect(cookieNames(secure).session).toBe("__Host-concordat.session");
  expect(browserCookie(secure, "abc")).toContain("; Secure");
  expect(endedSessionCookie(secure)).toMatch(/^__Host-concordat\.session=; Path=\/; Max-Age=0;.*Secure/);
  expect(cookieNames(local).session).toBe("concordat.session");
});

test("a socket upgrade finds the session among other cookies", () => {
  expect(sessionTokenIn("a=1; concordat.session=tok%2Ben; b=2", local)).toBe("tok+en");
  expect(sessionTokenIn("xconcordat.session=no", local)).toBeUndefined();
  expect(sessionTokenIn("concordat.session=over-http", secure)).toBeUndefined();
  expect(sessionTokenIn(undefined, local)).toBeUndefined();
});

test("the first of two cookies of one name counts, and broken escapes count as none", () => {
  expect(cookieIn("a=1; a=2", "a")).toBe("1");
  expect(cookieIn("a=%E0%A4%A", "a")).toBeUndefined();
});
