import type { Server, ServerResponse } from "node:http";
import type { Part } from "./house.ts";

const drainTimeoutMs = 20_000;

/** What has been opened, so that it can be closed in the opposite order: by a signal, or when a later step of the boot fails. */
export class Closing {
  readonly #steps: { name: string; close: () => Promise<void> }[] = [];
  #begun: Promise<void> | undefined;

  /** Whether the drain is under way: no new work should be sent here. */
  get hasBegun(): boolean {
    return this.#begun !== undefined;
  }

  /** Remembers how to close something that was just opened. */
  add(name: string, close: () => Promise<void>): void {
    this.#steps.push({ name, close });
  }

  /** The same for a part of the server. */
  addPart(name: string, part: Part): void {
    this.add(name, () => part.drain());
  }

  /** The same for the listener: nobody new comes in, answers under way are finished. Sockets are the realtime part's to close. */
  addListener(server: Server): void {
    const underWay = new Set<ServerResponse>();
    server.prependListener("request", (_request, response: ServerResponse) => {
      underWay.add(response);
      response.once("close", () => underWay.delete(response));
    });
    this.add("listener", async () => {
      server.close();
      server.closeIdleConnections();
      await Promise.all([...underWay].map((response) => new Promise((resolve) => response.once("close", resolve))));
    });
  }

  /** Closes everything, once, whoever asks and however often; a step that fails is reported and does not keep the others. */
  run(): Promise<void> {
    this.#begun ??= this.#closeAll();
    return this.#begun;
  }

  /** From now on SIGTERM and SIGINT drain and end the process; a second one ends it at once, which loses nothing committed. */
  onSignals(say: (line: string) => void): void {
    const onSignal = () => {
      if (this.hasBegun) process.exit(1);
      say("Stopping …");
      void this.run().then(() => process.exit(0));
    };
    process.on("SIGTERM", onSignal);
    process.on("SIGINT", onSignal);
  }

  async #closeAll(): Promise<void> {
    for (const { name, close } of this.#steps.toReversed()) {
      await within(drainTimeoutMs, close()).catch((error: unknown) => {
        console.error(JSON.stringify({ level: "error", where: `closing ${name}`, detail: String(error) }));
      });
    }
  }
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${ms} ms`)), ms);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
