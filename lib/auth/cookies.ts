import type { Site } from "#lib/config/site.ts";

/** Names of our cookies; over https they carry the prefix that binds them to the host and to TLS. */
export function cookieNames(site: Pick<Site, "publicUrl">): { readonly session: string; readonly browser: string } {
  const prefix = isSecure(site) ? "__Host-" : "";
  return { session: `${prefix}concordat.session`, browser: `${prefix}concordat.browser` };
}

/** Attributes that every cookie of ours has. */
export function cookieAttributes(site: Pick<Site, "publicUrl">): {
  readonly httpOnly: true;
  readonly sameSite: "lax";
  readonly path: "/";
  readonly secure: boolean;
} {
  return { httpOnly: true, sameSite: "lax", path: "/", secure: isSecure(site) };
}

/** The session token in a `Cookie` header, or undefined. For socket upgrades, which no framework parses for us. */
export function sessionTokenIn(cookieHeader: string | undefined, site: Pick<Site, "publicUrl">): string | undefined {
  return cookieIn(cookieHeader, cookieNames(site).session);
}

/** The value of one cookie in a `Cookie` header; the first one when a name comes twice. Malformed escapes count as absent. */
export function cookieIn(cookieHeader: string | undefined, name: string): string | undefined {
  for (const part of (cookieHeader ?? "").split(";")) {
    const [key, ...rest] = part.split("=");
    if (key?.trim() !== name) continue;
    try {
      return decodeURIComponent(rest.join("=").trim());
    } catch {
      return undefined;
    }
  }
  return undefined;
}

/** Whether the installation is reached by https. */
export function isSecure(site: Pick<Site, "publicUrl">): boolean {
  return site.publicUrl.startsWith("https://");
}

/** A fresh nonce that tells one browser from another. */
export function newBrowserNonce(ctx: { random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> }): string {
  return Buffer.from(ctx.random(new Uint8Array(24))).toString("base64url");
}

/** The `Set-Cookie` line that keeps a browser's nonce for a day; it names nobody. */
export function browserCookie(site: Pick<Site, "publicUrl">, nonce: string): string {
  const secure = isSecure(site) ? "; Secure" : "";
  return `${cookieNames(site).browser}=${nonce}; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax${secure}`;
}

/** The name of the cookie that carries a refused mail address back into its field. */
export function typedCookieName(site: Pick<Site, "publicUrl">): string {
  return `${isSecure(site) ? "__Host-" : ""}concordat.typed`;
}

/**
 * The `Set-Cookie` line that keeps a refused mail address in the browser that typed it, for two minutes. In the address of
 * the page it would stand in logs and histories.
 */
export function typedCookie(site: Pick<Site, "publicUrl">, typed: string): string {
  const secure = isSecure(site) ? "; Secure" : "";
  const value = encodeURIComponent(typed.replaceAll(/\p{Cs}/gu, ""));
  return `${typedCookieName(site)}=${value}; Path=/; Max-Age=120; HttpOnly; SameSite=Lax${secure}`;
}

/** The `Set-Cookie` line that takes the session cookie away. */
export function endedSessionCookie(site: Pick<Site, "publicUrl">): string {
  const secure = isSecure(site) ? "; Secure" : "";
  return `${cookieNames(site).session}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax${secure}`;
}

/** The name of the cookie that keeps a handover to the signing host in one browser. */
export function handoverCookieName(site: Pick<Site, "publicUrl">): string {
  return `${isSecure(site) ? "__Host-" : ""}concordat.handover`;
}

/** The `Set-Cookie` line that keeps the nonce of a handover, for as long as one may take. */
export function handoverCookie(site: Pick<Site, "publicUrl">, nonce: string): string {
  const secure = isSecure(site) ? "; Secure" : "";
  return `${handoverCookieName(site)}=${nonce}; Path=/; Max-Age=600; HttpOnly; SameSite=Lax${secure}`;
}

/** The `Set-Cookie` line of a session on the signing host; it ends with the browser, and before that with the session. */
export function newSessionCookie(token: string, isOverTls: boolean): string {
  const site = { publicUrl: isOverTls ? "https://" : "http://" };
  return `${cookieNames(site).session}=${token}; Path=/; HttpOnly; SameSite=Lax${isOverTls ? "; Secure" : ""}`;
}
