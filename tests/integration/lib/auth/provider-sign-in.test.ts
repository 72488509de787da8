import { afterAll, beforeAll, expect, test } from "vitest";
import { actorOfSession } from "#lib/auth/actor-of.ts";
import { cookieIn } from "#lib/auth/cookies.ts";
import { beginProviderSignIn, finishProviderSignIn, type NextAuthCall } from "#lib/auth/next-auth.ts";
import { type Claims, type Issuer, openIssuer } from "#tests/support/issuer.ts";
import { createWorld, type World } from "#tests/support/world.ts";

const client = { clientId: "concordat", clientSecret: "between-the-two" };

let world: World;
let issuer: Issuer;
beforeAll(async () => {
  world = await createWorld();
  issuer = await openIssuer(client);
});
afterAll(async () => {
  await issuer?.close();
  await world?.close();
});

function call(cookies: Record<string, string> = {}): NextAuthCall {
  const { db, site } = world.as(null);
  const provider = { id: "oidc", name: "Harbour Sign-in", issuer: issuer.url, ...client } as const;
  return { db, site, doors: { host: "127.0.0.1", providers: [provider] }, cookies, userAgent: "A browser" };
}

/** The way a browser goes: to the provider, where `person` has signed in, and back with what it was given. */
async function wayThere(person: Claims): Promise<{ cookies: Record<string, string>; query: Record<string, string> }> {
  const begun = await beginProviderSignIn(call(), "oidc", "/drafts/new");
  const cookies = Object.fromEntries(
    begun.headers.getSetCookie().map((line) => {
      const [name = ""] = line.split("=");
      return [name, cookieIn(line.split(";")[0], name) ?? ""];
    }),
  );
  issuer.person = person;
  const there = await fetch(begun.headers.get("location") ?? "", { redirect: "manual" });
  const back = new URL(there.headers.get("location") ?? "");
  expect(back.pathname).toBe("/api/auth/callback/oidc");
  return { cookies, query: Object.fromEntries(back.searchParams) };
}

async function personOf(response: Response) {
  const line = response.headers.getSetCookie().find((one) => one.startsWith("concordat.session="));
  const token = cookieIn(line?.split(";")[0], "concordat.session");
  return actorOfSession(world.store.db, token, new Date());
}

test("who signs in at another provider is signed in here, under the address it has verified, and goes on where they were", async () => {
  const { cookies, query } = await wayThere({
    sub: "1",
    name: "Ines Duarte",
    email: "Ines@example.org",
    email_verified: true,
  });
  const response = await finishProviderSignIn(call(cookies), "oidc", query);
  expect(response.headers.get("location")).toBe("http://localhost:3000/drafts/new");
  expect(await personOf(response)).toMatchObject({ kind: "person", name: "Ines Duarte", email: "ines@example.org" });
});

test("an address that the provider has not verified opens nobody's account", async () => {
  const owner = await world.person(null);
  const { cookies, query } = await wayThere({ sub: "2", email: owner.email, email_verified: false });
  const response = await finishProviderSignIn(call(cookies), "oidc", query);
  expect(response.headers.get("location")).toMatch(/^http:\/\/localhost:3000\/signin\?error=/);
  expect((await personOf(response)).kind).toBe("visitor");
});

test("an answer that this browser did not ask for signs nobody in", async () => {
  const mallory = await wayThere({ sub: "3", email: "mallory@example.org", email_verified: true });
  const other = await wayThere({ sub: "4", email: "victor@example.org", email_verified: true });
  for (const cookies of [{}, other.cookies]) {
    const response = await finishProviderSignIn(call(cookies), "oidc", mallory.query);
    expect((await personOf(response)).kind).toBe("visitor");
  }
});

test("an answer works once", async () => {
  const { cookies, query } = await wayThere({ sub: "5", email: "once@example.org", email_verified: true });
  expect((await personOf(await finishProviderSignIn(call(cookies), "oidc", query))).kind).toBe("person");
  expect((await personOf(await finishProviderSignIn(call(cookies), "oidc", query))).kind).toBe("visitor");
});

test("an address that has an account by mail is not taken over by another provider, and its owner is told the way in", async () => {
  const owner = await world.person(null);
  const { cookies, query } = await wayThere({ sub: "6", email: owner.email, email_verified: true });
  const response = await finishProviderSignIn(call(cookies), "oidc", query);
  expect(response.headers.get("location")).toBe("http://localhost:3000/signin?error=OAuthAccountNotLinked");
  expect((await personOf(response)).kind).toBe("visitor");
});
