import { ed25519PublicKey } from "#ledger-crypto";
import { encodeUtf8, hmacSha256 } from "#lib/ledger/hash.ts";
import { keeperName } from "#lib/ledger/promise.ts";
import { formatVkey, noteKey } from "#lib/ledger/signed-note.ts";
import type { Site } from "./context.ts";

/** The keeper's Ed25519 key, which countersigns what is received. It is not the key of the log, which the signer alone holds. */
export type Keeper = { readonly secretKey: Uint8Array; readonly vkey: string };

/**
 * The keeper's key of an installation. It follows from the installation's secret, so that every process that receives
 * statements has the same one. Whoever knows it can claim that a statement was received, but can not change the log.
 */
export function keeperOf(site: Pick<Site, "secret" | "logOrigin">): Keeper {
  const known = keepers.get(site.secret);
  if (known?.logOrigin === site.logOrigin) return known.keeper;
  const secretKey = hmacSha256(site.secret, encodeUtf8("concordat/keeper-key/v1"));
  const vkey = formatVkey(noteKey(keeperName(site.logOrigin), ed25519PublicKey(secretKey)));
  const keeper = { secretKey, vkey };
  keepers.set(site.secret, { logOrigin: site.logOrigin, keeper });
  return keeper;
}

/** By the secret of an installation, so that every signature does not make the key again. */
const keepers = new WeakMap<Uint8Array, { readonly logOrigin: string; readonly keeper: Keeper }>();
