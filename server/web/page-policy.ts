import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Env, publicUrlOf } from "#lib/config/env.ts";
import { scopesOf } from "./page-cache-paths.ts";

/** Answers a request from the pages. */
type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** What the policy depends on beside the request. */
export type PagePolicy = {
  readonly publicUrl: string;
  readonly providerOrigins: readonly string[];
  /** Where keys sign, when that is a host of its own: a sign-in may lead on to it, and signing out leads back. */
  readonly signOrigin?: string | undefined;
};

/** Where a form may lead on to beside ourselves: browsers apply `form-action` also to the redirect that answers it. */
const origins = { github: "https://github.com", google: "https://accounts.google.com" } as const;

/** The policy of an installation. A provider's own sign-in page must lie under the origin of its OIDC_ISSUER. */
export function policyOf(env: Env): PagePolicy {
  return {
    publicUrl: publicUrlOf(env),
    signOrigin: env.signOrigin,
    providerOrigins: env.providers.map(({ id, issuer }) =>
      id === "oidc" ? new URL(issuer ?? publicUrlOf(env)).origin : origins[id],
    ),
  };
}

/**
 * Gives every answer of the app a Content-Security-Policy with a nonce of its own, so that a script which somebody
 * smuggled into a page does not run. Next reads the nonce from the request's header of the same name and puts it on its
 * scripts; whatever arrived under that name is dropped. Public pages get theirs from the page cache: no script at all.
 */
export function withPagePolicy(handle: Handle, policy: PagePolicy): Handle {
  return async (request, response) => {
    delete request.headers["content-security-policy-report-only"];
    delete request.headers["content-security-policy"];
    if (isPage(request)) {
      const value = contentSecurityPolicy(randomBytes(16).toString("base64"), policy);
      request.headers["content-security-policy"] = value;
      response.setHeader("content-security-policy", value);
    }
    await handle(request, response);
  };
}

/** Files are no pages; the verifier's page under /verify/ carries its own policy, because it also runs saved on a disk. */
function isPage(request: IncomingMessage): boolean {
  const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
  if (path.startsWith("/_next/") || path.startsWith("/verify/")) return false;
  const isRead = request.method === "GET" || request.method === "HEAD";
  return !isRead || request.headers.rsc !== undefined || scopesOf(path) === undefined;
}

/** The header's value. Styles may be inline: editors set them while people type, and a style runs nothing. */
export function contentSecurityPolicy(nonce: string, policy: PagePolicy): string {
  const { publicUrl, providerOrigins, signOrigin } = policy;
  const sockets = publicUrl.replace(/^http/, "ws");
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self' ${sockets}`,
    "object-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    ["form-action 'self'", ...(signOrigin ? [publicUrl, signOrigin] : []), ...providerOrigins].join(" "),
  ].join("; ");
}
