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
