import type pg from "pg";
import { rightsChannel } from "#lib/data/rights-change.ts";
import { controlChannel } from "#lib/data/room-control.ts";

/** What a listener tells. */
export type Heard = {
  readonly onMessage: (channel: string, payload: string) => void;
  /** Messages may have been lost: whoever depends on them asks again. */
  readonly onGap: () => void;
  readonly onOutage: (error: unknown) => void;
};

/**
 * Hears control messages and changes of rights on a connection of its own. PostgreSQL tells them once, so the connection is asked every
 * `checkMs` whether it still answers: one that is silent while the database answers others is given up, and everything that may
 * have been said meanwhile counts as lost. Gives the way to stop.
 */
export async function listen(pool: pg.Pool, heard: Heard, checkMs: number): Promise<() => Promise<void>> {
  const listening = new Listening(pool, heard, checkMs);
  await listening.connect();
  return () => listening.stop();
}

class Listening {
  readonly #pool: pg.Pool;
  readonly #heard: Heard;
  readonly #checkMs: number;
  readonly #timer: NodeJS.Timeout;
  #client: pg.PoolClient | undefined;
  /** When the connection was asked something that it has not answered yet. */
  #askedAt: number | undefined;
  #isDoubting = false;
  #isStopped = false;

  constructor(pool: pg.Pool, heard: Heard, checkMs: number) {
    this.#pool = pool;
    this.#heard = heard;
    this.#checkMs = checkMs;
    this.#timer = setInterval(() => this.#check(), checkMs);
  }

  async connect(): Promise<void> {
    const client = await this.#pool.connect();
    try {
      client.on("notification", ({ channel, payload }) => this.#heard.onMessage(channel, payload ?? ""));
      client.on("error", (error) => this.#drop(client, error));
      await client.query(`LISTEN ${controlChannel}; LISTEN ${rightsChannel}`);
    } catch (error) {
      client.release(true);
      throw error;
    }
    this.#askedAt = undefined;
    this.#client = client;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    this.#client?.release(true);
    this.#client = undefined;
  }

  #check(): void {
    const client = this.#client;
    if (!client) return;
    if (this.#askedAt === undefined) {
      this.#askedAt = performance.now();
      client.query("SELECT 1").then(
        () => {
          if (client === this.#client) this.#askedAt = undefined;
        },
        (error: unknown) => this.#drop(client, error),
      );
    } else if (!this.#isDoubting && performance.now() - this.#askedAt > this.#checkMs * 1.5) {
      this.#isDoubting = true;
      void this.#doubt(client).finally(() => {
        this.#isDoubting = false;
      });
    }
  }

  /** A database that answers nobody has told nobody anything; then there is nothing to make up for. */
  async #doubt(client: pg.PoolClient): Promise<void> {
    try {
      await this.#pool.query("SELECT 1");
    } catch {
      return;
    }
    // After a pause of the whole database both answers are on their way.
    await new Promise((resolve) => setTimeout(resolve, this.#checkMs / 4));
    if (client === this.#client && this.#askedAt !== undefined)
      this.#drop(client, new Error("The connection that hears of changes no longer answers."));
  }

  #drop(client: pg.PoolClient, error: unknown): void {
    if (client !== this.#client) return;
    this.#client = undefined;
    this.#askedAt = undefined;
    client.release(true);
    if (this.#isStopped) return;
    this.#heard.onOutage(error);
    void this.#reconnect();
  }

  async #reconnect(): Promise<void> {
    for (let attempt = 0; !this.#isStopped; attempt += 1) {
      try {
        await this.connect();
        if (this.#isStopped) await this.stop();
        // Whatever was said meanwhile is lost.
        else this.#heard.onGap();
        return;
      } catch (error) {
        this.#heard.onOutage(error);
        await new Promise((resolve) => setTimeout(resolve, Math.min(1_000, 50 * 2 ** attempt)));
      }
    }
  }
}
