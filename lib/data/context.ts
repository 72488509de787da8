import type { Actor } from "#lib/domain/actor.ts";
import type { Db } from "./store.ts";

/** What every command and query is given: who asks, when, by what chance, on which database and installation. */
export type Context = {
  readonly db: Db;
  readonly actor: Actor;
  /** The server's clock at the start of the request. */
  readonly now: Date;
  /** Fills the array with random bytes and returns it. */
  readonly random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;
  readonly site: Site;
};

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
  /** HMAC key for codes and tokens, kept outside the database. 32 bytes. */
  readonly secret: Uint8Array;
};
