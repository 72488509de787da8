import type { Site } from "#lib/data/context.ts";
import { keeperOf } from "#lib/data/keeper.ts";
import { openLog } from "#lib/data/log.ts";
import { type Db, transaction } from "#lib/data/store.ts";
import { formatVkey, noteKey } from "#lib/ledger/signed-note.ts";

/**
 * Opens the public log of an installation with its first entries, which name the log, the key that signs it and the keeper's
 * key. Does nothing when it is open. Nothing can become public before.
 *
 * @throws {Refusal} conflict when the log in the database belongs to another name or key.
 */
export async function openPublicLog(
  db: Db,
  site: Pick<Site, "logOrigin" | "secret">,
  publicKey: Uint8Array,
  now: Date,
): Promise<void> {
  const vkey = formatVkey(noteKey(site.logOrigin, publicKey));
  const log = { origin: site.logOrigin, vkey, keeperVkey: keeperOf(site).vkey };
  await transaction(db, (tx) => openLog(tx, log, now));
}
