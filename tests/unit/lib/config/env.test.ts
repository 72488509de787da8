import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { isLoopback, parseEnv, publicUrlOf, variableNames } from "#lib/config/env.ts";

const real = { DATABASE_URL: "postgresql://db.example.org/concordat", SMTP_URL: "smtp://mail.example.org" };

test("with no variable at all it is the demo world on this machine, with everything in one process", () => {
  const env = parseEnv({});
  expect(env).toMatchObject({ port: 3000, host: "127.0.0.1", isDemo: true, databaseUrl: undefined, providers: [] });
  expect(env.roles).toEqual(["web", "realtime", "signer", "jobs"]);
  expect(env.dataFolder).toBe(resolve(".data"));
  expect(publicUrlOf(env)).toBe("http://localhost:3000");
});

test("an empty variable counts as not given", () => {
  expect(parseEnv({ PORT: "", DEMO: " ", DATABASE_URL: "" })).toEqual(parseEnv({}));
});

test("a database of the operator's own switches the demo world off, unless it is asked for", () => {
  expect(parseEnv(real).isDemo).toBe(false);
  expect(parseEnv({ ...real, DEMO: "1" }).isDemo).toBe(true);
});

test.each([
  [{ PORT: "eighty" }, "PORT must be a number from 0 to 65535."],
  [{ PORT: "70000" }, "PORT must be a number from 0 to 65535."],
  [{ HOST: "a b" }, "HOST must be an address"],
  [{ TRUSTED_PROXIES: "proxy.example.org" }, "TRUSTED_PROXIES must be a list of addresses and ranges"],
  [{ TRUSTED_PROXIES: "10.0.0.0/33" }, "TRUSTED_PROXIES must be a list of addresses and ranges"],
  [{ TRUSTED_PROXIES: "10.0.0.0/8,,::1" }, "TRUSTED_PROXIES must be a list of addresses and ranges"],
  [{ TRUSTED_PROXIES: "10.0.0.0/8/8" }, "TRUSTED_PROXIES must be a list of addresses and ranges"],
  [{ CONCORDAT_ROLES: "web,signing" }, "CONCORDAT_ROLES must be a list of"],
  [{ CONCORDAT_ROLE: "web" }, "CONCORDAT_ROLE is not a variable"],
  [{ CONCORDAT_SECRET: "short" }, "at least 32 characters"],
  [{ DATABASE_URL: "mysql://db.example.org" }, "DATABASE_URL must start with postgresql://"],
  [{ DEMO: "yes" }, "DEMO must be 0 or 1."],
  [{ DEMO: "1", HOST: "0.0.0.0" }, "DEMO=1 lets anybody sign in"],
  [{ HOST: "0.0.0.0" }, "PUBLIC_URL is missing"],
  [{ ...real, PUBLIC_URL: "http://charters.example.org" }, "PUBLIC_URL must start with https://"],
  [{ ...real, PUBLIC_URL: "https://charters.example.org/app" }, "PUBLIC_URL must be an address without path"],
  [{ ...real, SIGN_ORIGIN: "http://sign.example.org" }, "SIGN_ORIGIN must start with https://"],
  [{ DATABASE_URL: real.DATABASE_URL }, "SMTP_URL is missing"],
  [{ SMTP_URL: "mail.example.org" }, "SMTP_URL must look like"],
  [{ MAIL_FROM: "a@b\r\nBcc: c@d" }, "MAIL_FROM must be one mail address."],
  [{ LOG_LEVEL: "loud" }, "LOG_LEVEL must be"],
  [{ GITHUB_CLIENT_ID: "x" }, "GITHUB_CLIENT_SECRET is missing"],
  [
    { OIDC_CLIENT_ID: "x", OIDC_CLIENT_SECRET: "y" },
    "OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET belong together",
  ],
])("%j is refused in one sentence that names the variable", (variables, sentence) => {
  let message = "";
  try {
    parseEnv(variables);
  } catch (error) {
    if (error instanceof Error) message = error.message;
  }
  expect(message).toContain(sentence);
  expect(message).toMatch(/^[^\n]+\.$/);
});

test("sign-in providers appear exactly when their variables are given", () => {
  const env = parseEnv({
    OIDC_ISSUER: "https://id.example.org",
    OIDC_CLIENT_ID: "a",
    OIDC_CLIENT_SECRET: "b",
    GOOGLE_CLIENT_ID: "c",
    GOOGLE_CLIENT_SECRET: "d",
  });
  expect(env.providers.map((provider) => provider.id)).toEqual(["oidc", "google"]);
});

test("nobody's word on where a request comes from is taken but this machine's, until proxies are named", () => {
  const trusts = (given: Record<string, string>, address: string) =>
    parseEnv(given).trustedProxies.check(address, address.includes(":") ? "ipv6" : "ipv4");
  for (const address of ["127.0.0.1", "::1", "::ffff:127.0.0.1"]) expect(trusts({}, address), address).toBe(true);
  for (const address of ["172.18.0.1", "10.0.0.1", "fd00::1"]) expect(trusts({}, address), address).toBe(false);
  const named = { TRUSTED_PROXIES: "172.16.0.0/12, fd00::/8" };
  for (const address of ["172.18.0.1", "::ffff:172.18.0.1", "fd00::1"]) expect(trusts(named, address)).toBe(true);
  expect(trusts(named, "127.0.0.1")).toBe(false);
});

test("the shipped docker-compose trusts the networks of Docker only while it publishes its port to this machine alone", async () => {
  const compose = await readFile("docker-compose.yml", "utf8");
  const app = compose.slice(0, compose.indexOf("\n  postgres:"));
  expect([...app.matchAll(/^ +- "([^"]+:3000)"$/gm)].map((match) => match[1])).toEqual(["127.0.0.1:3000:3000"]);
  const [, ranges] = /TRUSTED_PROXIES: \$\{TRUSTED_PROXIES:-([^}]+)\}/.exec(app) ?? [];
  const { trustedProxies } = parseEnv({ TRUSTED_PROXIES: ranges });
  for (const gateway of ["172.18.0.1", "172.31.0.1", "192.168.16.1"]) expect(trustedProxies.check(gateway)).toBe(true);
  expect(trustedProxies.check("203.0.113.7")).toBe(false);
});

test("only loopback addresses count as this machine alone", () => {
  expect(["127.0.0.1", "127.9.9.9", "::1", "localhost"].every(isLoopback)).toBe(true);
  expect(["0.0.0.0", "::", "127.0.0.1.example.org", "10.0.0.1", "localhost.example.org"].some(isLoopback)).toBe(false);
});

test(".env.example lists every variable and no other", async () => {
  const example = await readFile(".env.example", "utf8");
  const listed = [...example.matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1]);
  expect(listed.toSorted()).toEqual([...variableNames].toSorted());
});
