import { createHash, createHmac, randomBytes } from "node:crypto";
import { PrismaAdapter } from "@auth/prisma-adapter";
import type { NextApiRequest, NextApiResponse } from "next";
import type { AuthOptions } from "next-auth";
import type { Adapter, AdapterSession } from "next-auth/adapters";
import nextAuthModule from "next-auth/next";
import { tellNextAuth } from "#lib/config/env.ts";
import type { Doors, Site } from "#lib/config/site.ts";
import { announceRightsChange } from "#lib/data/rights-change.ts";
import { type Db, type Tx, transaction } from "#lib/data/store.ts";
import { localPath } from "#lib/domain/local-path.ts";
import { parseMailAddress } from "#lib/domain/mail-address.ts";
import { cookieAttributes, cookieNames } from "./cookies.ts";
import { emailProviderId, providersOf } from "./providers.ts";
import { sessionAbsoluteMs } from "./session-limits.ts";
import { storedSessionToken } from "./session-token.ts";

/** What next-auth works on, taken from the request by our doors. */
export type NextAuthCall = {
  readonly db: Db;
  readonly site: Site;
  readonly doors: Doors;
  readonly cookies: Readonly<Record<string, string>>;
  readonly userAgent: string | null;
};

/**
 * Signs in whoever proved to read mail at `email`: by next-auth's own callback, with a token made here and used at once. The
 * answer redirects to `next` and sets the cookie of a fresh session; a former session of this browser ends.
 */
export async function finishMailSignIn(call: NextAuthCall, email: string, next: string): Promise<Response> {
  const token = randomBytes(32).toString("base64url");
  await call.db.verificationToken.create({
    data: { identifier: email, token: hashOf(token, call.site), expires: new Date(Date.now() + 60_000) },
  });
  return run(call, "POST", ["callback", emailProviderId], { token, email, callbackUrl: localPath(next, "/home") }, {});
}

/** Begins a sign-in at another provider. The caller has checked that the request came from a page of ours. */
export async function beginProviderSignIn(call: NextAuthCall, providerId: string, next: string): Promise<Response> {
  return run(call, "POST", ["signin", providerId], {}, { callbackUrl: localPath(next, "/home") });
}

/** Takes the answer of another provider; its state, nonce and PKCE verifier are checked against this browser's cookies. */
export async function finishProviderSignIn(
  call: NextAuthCall,
  providerId: string,
  query: Readonly<Record<string, string>>,
): Promise<Response> {
  return run(call, "GET", ["callback", providerId], query, {});
}

/** Runs one action of next-auth by the door it has for plain Node requests, and gives back a web Response. */
async function run(
  call: NextAuthCall,
  method: "GET" | "POST",
  action: string[],
  query: Readonly<Record<string, string>>,
  body: Readonly<Record<string, string>>,
): Promise<Response> {
  tellNextAuth(call.site.publicUrl);
  const options = optionsFor(call);
  const csrf = randomBytes(32).toString("hex");
  const { [cookieNames(call.site).session]: _former, ...cookies } = call.cookies;
  const request = {
    method,
    query: { ...query, nextauth: action },
    // Our doors compare the Origin of every POST; this pair only tells next-auth so in its own way.
    body: { ...body, csrfToken: csrf },
    cookies: { ...cookies, [csrfCookie]: `${csrf}|${hashOf(csrf, call.site)}` },
    headers: {},
  };
  const answer = new CollectedAnswer();
  await handler(
    // next-auth reads these five members of a request and no others.
    request as unknown as NextApiRequest,
    answer as unknown as NextApiResponse,
    options,
  );
  return answer.response(call.site);
}

// Bundlers and Node disagree about the default export of a CommonJS module.
const handler = "default" in nextAuthModule ? (nextAuthModule.default as typeof nextAuthModule) : nextAuthModule;

const csrfCookie = "concordat.csrf";

function optionsFor(call: NextAuthCall): AuthOptions {
  const attributes = cookieAttributes(call.site);
  const brief = { ...attributes, maxAge: 15 * 60 };
  const prefix = attributes.secure ? "__Host-" : "";
  return {
    secret: secretOf(call.site),
    providers: providersOf(call.doors.providers),
    adapter: adapterFor(call),
    session: {
      strategy: "database",
      maxAge: sessionAbsoluteMs / 1000,
      generateSessionToken: () => randomBytes(32).toString("base64url"),
    },
    pages: { signIn: "/signin", error: "/signin", verifyRequest: "/signin", signOut: "/account" },
    cookies: {
      sessionToken: { name: cookieNames(call.site).session, options: attributes },
      callbackUrl: { name: `${prefix}concordat.next`, options: brief },
      csrfToken: { name: csrfCookie, options: brief },
      pkceCodeVerifier: { name: `${prefix}concordat.pkce`, options: brief },
      state: { name: `${prefix}concordat.state`, options: brief },
      nonce: { name: `${prefix}concordat.nonce`, options: brief },
    },
    callbacks: {
      signIn: ({ user }) => isPlainAddress(user.email),
      redirect: ({ url, baseUrl }) => {
        const path = url.startsWith(`${baseUrl}/`) ? url.slice(baseUrl.length) : url;
        return baseUrl + localPath(path, "/home");
      },
    },
    logger: {
      error: (code) => console.error(JSON.stringify({ level: "error", where: "next-auth", code })),
      warn() {},
      debug() {},
    },
  };
}

/** next-auth's tables through our client. A fresh session remembers the browser's words and ends the one it replaces. */
function adapterFor(call: NextAuthCall): Adapter {
  // The adapter is typed for a client generated at Prisma's usual place; ours has the same tables elsewhere.
  const adapter = PrismaAdapter(call.db as unknown as Parameters<typeof PrismaAdapter>[0]) as unknown as Adapter;
  const former = call.cookies[cookieNames(call.site).session];
  return {
    ...adapter,
    // Mail is proven by reading it, and other providers are only believed when they say that the address is verified.
    createUser: (user: Parameters<NonNullable<Adapter["createUser"]>>[0]) =>
      adapter.createUser({ ...user, email: parseMailAddress(user.email), emailVerified: new Date() }),
    async createSession(session: AdapterSession) {
      const sessionToken = storedSessionToken(session.sessionToken);
      await transaction(call.db, async (tx) => {
        if (former) await endFormer(tx, former);
        await tx.session.create({
          data: { ...session, sessionToken, userAgent: call.userAgent?.slice(0, 300) ?? null },
        });
      });
      return session;
    },
  };
}

/** The session that this browser had, with the sockets that it holds open. */
async function endFormer(tx: Tx, token: string): Promise<void> {
  const former = await tx.session.findUnique({ where: { sessionToken: storedSessionToken(token) } });
  if (!former) return;
  await tx.session.deleteMany({ where: { id: former.id } });
  await announceRightsChange(tx, { userId: former.userId });
}

function isPlainAddress(email: string | null | undefined): boolean {
  try {
    return parseMailAddress(email ?? "") === (email ?? "").toLowerCase();
  } catch {
    return false;
  }
}

function secretOf(site: Site): string {
  return createHmac("sha256", site.secret).update("next-auth").digest("hex");
}

/** A token as next-auth keeps it. */
function hashOf(token: string, site: Site): string {
  return createHash("sha256")
    .update(`${token}${secretOf(site)}`)
    .digest("hex");
}

/** As much of a Node response as next-auth writes. */
class CollectedAnswer {
  private code = 200;
  private text: string | null = null;
  private readonly headers = new Map<string, string | string[]>();

  status(code: number): this {
    this.code = code;
    return this;
  }
  getHeader(name: string): string | string[] | undefined {
    return this.headers.get(name.toLowerCase());
  }
  setHeader(name: string, value: string | string[]): this {
    this.headers.set(name.toLowerCase(), value);
    return this;
  }
  end(): void {}
  json(value: unknown): void {
    this.text = JSON.stringify(value);
  }
  send(value: unknown): void {
    this.text = typeof value === "string" ? value : JSON.stringify(value);
  }

  response(site: Pick<Site, "publicUrl">): Response {
    const headers = new Headers({ "cache-control": "private, no-store" });
    for (const [name, value] of this.headers) for (const one of [value].flat()) headers.append(name, one);
    // next-auth sends refusals to a page of its own, which here is the page for signing in.
    const [, reason] = (headers.get("location") ?? "").split(`${site.publicUrl}/api/auth/error`);
    if (reason !== undefined) headers.set("location", `${site.publicUrl}/signin${reason}`);
    // A POST that redirects is followed by a GET, whatever it was.
    return new Response(this.text, { status: this.code === 302 ? 303 : this.code, headers });
  }
}
