import { Worker } from "node:worker_threads";
import { z } from "zod";

const Answer = z.union([
  z.object({ id: z.number(), answer: z.unknown() }),
  z.object({ id: z.number(), failure: z.string() }),
]);

/** A thread that is asked and says nothing for so long will not say anything: what it does for one question takes seconds. */
const usualSilenceMs = 120_000;

const closedReason = "The server is restarting.";

/**
 * A thread beside the one that serves people, for what takes long. It is started when it is first asked, and again when it ended. It answers each
 * question `{ id, … }` with `{ id, answer }` or `{ id, failure }`. One that answers nobody for `silenceMs` is ended, so that nobody waits for ever.
 */
export class Thread {
  readonly #file: string;
  readonly #workerData: unknown;
  readonly #silenceMs: number;
  readonly #waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
  #worker: Worker | undefined;
  /** Runs while somebody waits, from the first question or the last answer on. */
  #silence: NodeJS.Timeout | undefined;
  #next = 0;
  #isClosed = false;

  /** `file` is JavaScript; `workerData` is what the thread finds under that name. */
  constructor(file: string, workerData?: unknown, silenceMs = usualSilenceMs) {
    this.#file = file;
    this.#workerData = workerData;
    this.#silenceMs = silenceMs;
  }

  /** @throws {Error} with what the thread says is wrong, or that it ended; nothing is known then of what it did. */
  ask(question: Readonly<Record<string, unknown>>): Promise<unknown> {
    this.#next += 1;
    const id = this.#next;
    return new Promise((resolve, reject) => {
      if (this.#isClosed) throw new Error(closedReason);
      this.#worker ??= this.#start();
      this.#worker.postMessage({ ...question, id });
      this.#waiting.set(id, { resolve, reject });
      if (this.#silence === undefined) this.#listen();
    });
  }

  /** Ends it for good; what it was asked meanwhile fails. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
    this.#giveUp(closedReason);
  }

  /** The silence begins anew, or ends where nobody waits. */
  #listen(): void {
    clearTimeout(this.#silence);
    this.#silence = undefined;
    if (this.#waiting.size === 0) return;
    this.#silence = setTimeout(() => {
      const worker = this.#worker;
      this.#worker = undefined;
      this.#giveUp(`The thread said nothing for ${this.#silenceMs} ms and was ended.`);
      void worker?.terminate();
    }, this.#silenceMs);
    this.#silence.unref();
  }

  #start(): Worker {
    const worker = new Worker(this.#file, { workerData: this.#workerData });
    // It must not keep the process alive.
    worker.unref();
    worker.on("message", (message: unknown) => {
      const said = Answer.parse(message);
      const waiting = this.#waiting.get(said.id);
      this.#waiting.delete(said.id);
      if (this.#worker === worker) this.#listen();
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
    this.#listen();
  }
}
