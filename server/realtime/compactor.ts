import { resolve } from "node:path";
import { Worker } from "node:worker_threads";
import { z } from "zod";
import type { RoomLog } from "#lib/data/room-log.ts";

/** In the project folder, which is the working folder of every process of ours; bundled or not, it is this file. */
const threadFile = resolve("server", "realtime", "compaction-worker.mjs");

const Answer = z.union([
  z.object({ id: z.number(), state: z.instanceof(Uint8Array) }),
  z.object({ id: z.number(), failure: z.string() }),
]);

/** Makes one state of a room's updates in a thread of its own, which is started when it is first needed. */
export class Compactor {
  #thread: Worker | undefined;
  #next = 0;
  readonly #waiting = new Map<number, { resolve(state: Uint8Array): void; reject(error: Error): void }>();

  /** The state that a log ends in, loaded again and compared. @throws {Error} when it does not read as the log does. */
  compact({ snapshot, updates }: Pick<RoomLog, "snapshot" | "updates">): Promise<Uint8Array> {
    this.#next += 1;
    const id = this.#next;
    return new Promise((accept, reject) => {
      this.#waiting.set(id, { resolve: accept, reject });
      this.#thread ??= this.#start();
      this.#thread.postMessage({ id, snapshot, updates: updates.map((update) => update.payload) });
    });
  }

  async close(): Promise<void> {
    const thread = this.#thread;
    this.#thread = undefined;
    await thread?.terminate();
    this.#giveUp("The server is restarting.");
  }

  #start(): Worker {
    const thread = new Worker(threadFile);
    // It must not keep the process alive.
    thread.unref();
    thread.on("message", (message: unknown) => {
      const answer = Answer.parse(message);
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if ("state" in answer) waiting?.resolve(answer.state);
      else waiting?.reject(new Error(answer.failure));
    });
    const end = (reason: string) => {
      if (this.#thread === thread) this.#thread = undefined;
      this.#giveUp(reason);
    };
    thread.on("error", (error) => end(error.message));
    thread.on("exit", () => end("The thread that makes states ended."));
    return thread;
  }

  #giveUp(reason: string): void {
    for (const { reject } of this.#waiting.values()) reject(new Error(reason));
    this.#waiting.clear();
  }
}
