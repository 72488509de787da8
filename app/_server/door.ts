import "server-only";
import { cookies, headers } from "next/headers";
import type { z } from "zod";
import { cookieNames, typedCookieName } from "#lib/auth/cookies.ts";
import { isDemoDoor, requestMarks } from "#lib/auth/demo-door.ts";
import type { NextAuthCall } from "#lib/auth/next-auth.ts";
import { type SignInProvider, sharedDoors, sharedSite } from "#lib/config/site.ts";
import { parse } from "#lib/domain/parse.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { asResponse } from "./as-response.ts";
import { contextFor } from "./context.ts";
import { reportFailure } from "./report-failure.ts";
import { requireSameOrigin } from "./same-origin.ts";

/** Whether this request may use what exists in the demo world alone. */
export async function isDemoRequest(): Promise<boolean> {
  return isDemoDoor(await headers(), sharedSite(), sharedDoors());
}

/** The providers that people may sign in with, beside mail. */
export function signInProviders(): readonly Pick<SignInProvider, "id" | "name">[] {
  return sharedDoors().providers.map(({ id, name }) => ({ id, name }));
}

/** The nonce of this browser for codes by mail; undefined when it never asked. */
export async function browserNonce(): Promise<string | undefined> {
  return (await cookies()).get(cookieNames(sharedSite()).browser)?.value;
}

/** The mail address that this browser typed a moment ago and that was refused; "" when there is none. */
export async function typedAddress(): Promise<string> {
  const kept = (await cookies()).get(typedCookieName(sharedSite()))?.value ?? "";
  return kept.slice(0, 400);
}

/** The network address a request came from, as our listener saw it. */
export function clientOf(request: Request): string {
  return request.headers.get(requestMarks.client) ?? "unknown";
}

/** What next-auth is given for this request. */
export async function nextAuthCall(request: Request): Promise<NextAuthCall> {
  const all = (await cookies()).getAll().map((one) => [one.name, one.value] as const);
  const { db, site } = contextFor({ kind: "visitor" });
  return {
    db,
    site,
    doors: sharedDoors(),
    cookies: Object.fromEntries(all),
    userAgent: request.headers.get("user-agent"),
  };
}

/**
 * The fields of a plain form post from one of our pages.
 *
 * @throws {Refusal} not-permitted for other origins, too-large, malformed.
 */
export async function readForm<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  requireSameOrigin(request);
  if (!(request.headers.get("content-type") ?? "").startsWith("application/x-www-form-urlencoded")) {
    throw new Refusal("malformed", "A form is expected here.");
  }
  const body = await request.text();
  if (body.length > 8192) throw new Refusal("too-large", "This form is too large.");
  return parse(schema, Object.fromEntries(new URLSearchParams(body)));
}

/** What a sign-in page says when a form of plain HTML was refused. Codes travel in the address, sentences do not. */
const problems: Readonly<Record<string, string>> = {
  malformed: "That is not a mail address we can use. It looks like name@example.org, in plain characters.",
  "not-permitted": "This form came from another site. Please send it again from here.",
  expired: "This code was used, has run out or was tried too often. Ask for a new one.",
  "wrong-code":
    "That is not the code of the mail, or it was asked for in another browser. Compare the six digits and try again.",
  "too-many": "There were too many mails or tries. Use the latest mail, or wait a quarter of an hour.",
  OAuthAccountNotLinked: "There is an account with this address already. Sign in by mail.",
  AccessDenied: "The other site gave no verified mail address. Sign in by mail.",
};
const failed = "Something failed on our side. Please try again.";

/** The sentence for a problem code in an address; undefined without one. */
export function problemSentence(code: string | undefined): string | undefined {
  return code === undefined ? undefined : (problems[code] ?? failed);
}

/** Where a refused form leads back to, and a cookie that brings back what was typed. */
export type WayBack = { readonly path: string; readonly setCookie?: string };

/**
 * Runs the work of a plain form post. Browsers are led back to `back`, which says why it was refused; other clients get the
 * refusal itself. A function is asked after the work, when it knows what was typed.
 */
export async function asFormResponse(
  request: Request,
  back: string | (() => WayBack),
  work: () => Promise<Response>,
): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    const isBrowser = (request.headers.get("accept") ?? "").includes("text/html");
    if (!isBrowser) {
      return asResponse(() => {
        throw error;
      });
    }
    if (!(error instanceof Refusal)) reportFailure(error, "form");
    const code = error instanceof Refusal ? error.code : "failed";
    const { path, setCookie }: WayBack = typeof back === "string" ? { path: back } : back();
    return seeOther(`${path}${path.includes("?") ? "&" : "?"}problem=${code}`, setCookie);
  }
}

/** Leads the browser on to a path of ours, by GET. */
export function seeOther(path: string, setCookie?: string): Response {
  const headers = new Headers({ location: `${sharedSite().publicUrl}${path}`, "cache-control": "private, no-store" });
  if (setCookie) headers.append("set-cookie", setCookie);
  return new Response(null, { status: 303, headers });
}
