import { Worker } from "node:worker_threads";
import { z } from "zod";

const Answer = z.union([
  z.object({ id: z.number(), answer: z.unknown() }),
  z.object({ id: z.number(), failure: z.string() }),
]);

/**
 * A thread beside the one that serves people, for what takes long. It is started when it is first asked, and again when it ended. It answers each
 * question `{ id, … }` with `{ id, answer }` or `{ id, failure }`.
 */
export class Thread {
  readonly #file: string;
  readonly #workerData: unknown;
  readonly #waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
  #worker: Worker | undefined;
  #next = 0;

  /** `file` is JavaScript; `workerData` is what the thread finds under that name. */
  constructor(file: string, workerData?: unknown) {
    this.#file = file;
    this.#workerData = workerData;
  }

  /** @throws {Error} with what the thread says is wrong, or that it ended; nothing is known then of what it did. */
  ask(question: Readonly<Record<string, unknown>>): Promise<unknown> {
    this.#next += 1;
    const id = this.#next;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker ??= this.#start();
      this.#worker.postMessage({ ...question, id });
    });
  }

  /** Ends it; what it was asked meanwhile fails. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
    this.#giveUp("The server is restarting.");
  }

  #start(): Worker {
    const worker = new Worker(this.#file, { workerData: this.#workerData });
    // It must not keep the process alive.
    worker.unref();
    worker.on("message", (message: unknown) => {
      const said = Answer.parse(message);
      const waiting = this.#waiting.get(said.id);
      this.#waiting.delete(said.id);
      if ("failure" in said) waiting?.reject(new Error(said.failure));
      else waiting?.resolve(said.answer);
    });
    const end = (reason: string) => {
      // What came to an end may have been followed by another already.
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      this.#giveUp(reason);
    };
    worker.on("error", (error) => end(error.message));
    worker.on("exit", () => end("The thread ended."));
    return worker;
  }

  #giveUp(reason: string): void {
    for (const { reject } of this.#waiting.values()) reject(new Error(reason));
    this.#waiting.clear();
  }
}
