import { resolve } from "node:path";
import { z } from "zod";
import type { RoomLog } from "#lib/data/room-log.ts";
import { Thread } from "./thread.ts";

/** Makes one state of a room's updates in a thread of its own. */
export class Compactor {
  /** In the project folder, which is the working folder of every process of ours; bundled or not, it is this file. */
  readonly #thread = new Thread(resolve("server", "realtime", "compaction-worker.mjs"));

  /** The state that a log ends in, loaded again and compared. @throws {Error} when it does not read as the log does. */
  async compact({ snapshot, updates }: Pick<RoomLog, "snapshot" | "updates">): Promise<Uint8Array> {
    const state = await this.#thread.ask({ snapshot, updates: updates.map((update) => update.payload) });
    return z.instanceof(Uint8Array).parse(state);
  }

  close(): Promise<void> {
    return this.#thread.close();
  }
}
