import { openPublicLog } from "#lib/commands/open-log.ts";
import type { House, Part } from "../house.ts";
import { repeat } from "../repeat.ts";
import { loadLogKey } from "./log-key.ts";
import { createSigner, LogDoubt } from "./signer.ts";

/** How often the log is looked at; a checkpoint is published within a second of its growth. */
const pollMs = 250;

/**
 * Starts the signer: it opens the public log if it is empty, and from now on the growth of the log gets the log's
 * signature, once it is checked.
 *
 * @throws {Error} in one sentence when the log belongs to another installation, or its key can not be used.
 */
export async function startSigner({ env, site, store }: House): Promise<Part> {
  const key = await loadLogKey(env.logKeyFile);
  await openPublicLog(store.db, site, key.publicKey, new Date());
  const signer = createSigner(store.db, { origin: site.logOrigin, key, folder: env.dataFolder, isDemo: env.isDemo });
  let isStopped = false;
  return repeat(pollMs, "signer", async () => {
    if (isStopped) return false;
    try {
      await signer.signGrowth();
    } catch (error) {
      // The pages stay up and say that no newer checkpoint is there; only an operator can settle this.
      isStopped = error instanceof LogDoubt;
      throw error;
    }
    return false;
  });
}
