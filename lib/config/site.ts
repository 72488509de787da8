/** The installation as its own records name it. */
export type Site = {
  /** Address without a trailing slash, e.g. "https://charters.example.org". */
  readonly publicUrl: string;
  /** The origin line of the public log, e.g. "charters.example.org/log"; a demo world's says so. */
  readonly logOrigin: string;
  /** The origin and rpId under which passkeys sign. */
  readonly signOrigin: string;
  readonly signRpId: string;
  readonly isDemo: boolean;
  /** The name server that domains are asked through, such as "192.0.2.53:53"; undefined for those of the machine. */
  readonly nameServer?: string;
  /** The file that remembers erasures outside the database; undefined where nothing outlives the database (tests). */
  readonly erasureList?: string;
  /** HMAC key for codes and tokens, kept outside the database. 32 bytes. */
  readonly secret: Uint8Array;
};

/** A sign-in provider beside mail. `issuer` is given for "oidc" alone. */
export type SignInProvider = {
  readonly id: "oidc" | "github" | "google";
  readonly name: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly issuer?: string;
};

/** How people get in: the address we listen on decides about the demo door, the providers about further buttons. */
export type Doors = { readonly host: string; readonly providers: readonly SignInProvider[] };

const holder = globalThis as typeof globalThis & { concordatSite?: Site; concordatDoors?: Doors };

/** Makes these the site and the doors of this process. Called once by the boot, after the environment is parsed. */
export function shareSite(site: Site, doors: Doors): void {
  holder.concordatSite = site;
  holder.concordatDoors = doors;
}

/**
 * The site of this process. It hangs on `globalThis` because the web build is a second module graph beside the server.
 *
 * @throws {Error} when nobody called `shareSite` yet; a caller's bug.
 */
export function sharedSite(): Site {
  if (!holder.concordatSite) throw new Error("The site is not known yet.");
  return holder.concordatSite;
}

/**
 * The doors of this process.
 *
 * @throws {Error} when nobody called `shareSite` yet; a caller's bug.
 */
export function sharedDoors(): Doors {
  if (!holder.concordatDoors) throw new Error("The doors are not known yet.");
  return holder.concordatDoors;
}
