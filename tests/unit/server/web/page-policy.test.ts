import type { IncomingMessage, ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { parseEnv } from "#lib/config/env.ts";
import { contentSecurityPolicy, policyOf, withPagePolicy } from "#server/web/page-policy.ts";

const policy = { publicUrl: "https://charters.example.org", providerOrigins: ["https://github.com"] };

test("a page may run the scripts that Next marks, load from us alone, and be framed by nobody", () => {
  const value = contentSecurityPolicy("abc", policy);
  expect(value.split("; ")).toEqual([
    "default-src 'self'",
    "script-src 'self' 'nonce-abc' 'strict-dynamic'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self' wss://charters.example.org",
    "object-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self' https://github.com",
  ]);
});

test("a form may lead on to the providers that are configured, and to no other", () => {
  const base = { SMTP_URL: "smtp://mail.example.org" };
  expect(policyOf(parseEnv(base)).providerOrigins).toEqual([]);
  const issuer = "https://login.example.org/realms/one";
  const env = parseEnv({ ...base, OIDC_ISSUER: issuer, OIDC_CLIENT_ID: "id", OIDC_CLIENT_SECRET: "secret" });
  expect(policyOf(env).providerOrigins).toEqual(["https://login.example.org"]);
});

test("Next learns the nonce of this answer, and never one that the request brought along", async () => {
  const first = await answer("/signin", { "content-security-policy": "script-src 'nonce-planted'" });
  const second = await answer("/signin");
  expect(first.toNext).toBe(first.toReader);
  expect(first.toNext).toMatch(/'nonce-[A-Za-z0-9+/]{22}=='/);
  expect(first.toNext).not.toContain("planted");
  expect(second.toNext).not.toBe(first.toNext);
});

test.each(["/_next/static/chunks/a.js", "/verify/verify.html", "/charters", "/c/some-charter"])(
  "%s gets no nonce: files need none, public pages have the policy of the page cache",
  async (path) => {
    const planted = await answer(path, { "content-security-policy": "script-src 'nonce-planted'" });
    expect(planted).toEqual({ toNext: undefined, toReader: undefined });
  },
);

async function answer(url: string, headers: Record<string, string> = {}): Promise<Record<string, unknown>> {
  const request = { method: "GET", url, headers: { ...headers } };
  const sent = new Map<string, string>();
  let toNext: unknown;
  const handle = withPagePolicy(async (given) => {
    toNext = given.headers["content-security-policy"];
  }, policy);
  // The two that are used of each; a real pair would need a socket.
  await handle(request as unknown as IncomingMessage, { setHeader: sent.set.bind(sent) } as unknown as ServerResponse);
  return { toNext, toReader: sent.get("content-security-policy") };
}
