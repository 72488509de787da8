import type pg from "pg";

/** A transaction that never began, because there was no connection for it: nothing was asked, so it may be begun again. */
export class NotBegun extends Error {
  override readonly name = "NotBegun";
}

/**
 * Runs `work` in a transaction on a connection of its own. What `work` throws rolls everything back; so does a question that the database
 * refused, even when `work` goes on as if nothing had happened. A transaction that is not over after `timeoutMs` is rolled back
 * and takes no further questions; nor does one wait longer for a lock.
 *
 * @throws {NotBegun} when the pool gave no connection.
 */
export async function ownTransaction<T>(
  pool: pg.Pool,
  work: (transaction: OwnTransaction) => Promise<T>,
  timeoutMs: number,
): Promise<T> {
  const client = await pool.connect().catch((cause: unknown) => {
    throw new NotBegun("There was no connection for a transaction.", { cause });
  });
  const transaction = new OwnTransaction(client, timeoutMs);
  // Without a listener the loss of the connection would end this process.
  const onLost = (error: Error) => transaction.fail(error);
  client.on("error", onLost);
  const timer = setTimeout(() => transaction.giveUp(timeoutMs), timeoutMs);
  try {
    const result = await work(transaction);
    await transaction.commit();
    return result;
  } catch (error) {
    await transaction.rollBack();
    throw error;
  } finally {
    clearTimeout(timer);
    client.off("error", onLost);
    client.release(transaction.isBroken);
  }
}

type Question = pg.QueryConfig & { readonly types?: pg.CustomTypesConfig };

/** The connection of one transaction, from its begin to its end. Nothing in it waits longer than `lockMs` for one lock. */
export class OwnTransaction {
  readonly #client: pg.PoolClient;
  /** Why no further question would count; undefined as long as they do. */
  #failure: unknown;
  #end: Promise<pg.QueryResult> | undefined;
  /** Whether nobody knows what the connection is in the middle of: it goes back to no pool. */
  isBroken = false;

  constructor(client: pg.PoolClient, lockMs: number) {
    this.#client = client;
    // Who waits longer for a lock would get it after the transaction was given up, and keep the connection until then. Not waited
    // for: it leaves in one write with the first questions, which fail where it does.
    this.ask({ text: `BEGIN; SET LOCAL lock_timeout = ${lockMs}` }).catch(() => {});
  }

  /**
   * Asks, behind everything that was asked before. What is asked in one go leaves in one write.
   *
   * @throws {Error} what the database refused first: whatever is asked behind that fails because of it, and says so; and when the
   *   transaction is over, by its commit or because it took too long.
   */
  async ask(question: Question): Promise<pg.QueryResult> {
    // What is asked from here on would come behind the end, and count for itself.
    if (this.#end !== undefined)
      throw this.#failure ?? new Error("The transaction is over; it takes no further questions.");
    const { stream } = this.#client.connection;
    stream.cork();
    process.nextTick(() => stream.uncork());
    return this.#client.query(question).catch((error: unknown) => {
      this.fail(error);
      throw this.#failure;
    });
  }

  /** From here on nothing of this transaction counts. */
  fail(error: unknown): void {
    this.#failure ??= error;
  }

  /** @throws {Error} when something failed before, or the database rolled back instead; or did not answer: then nobody knows. */
  async commit(): Promise<void> {
    if (this.#end !== undefined || this.#failure !== undefined) throw this.#failure;
    this.#end = this.#client.query("COMMIT");
    const { command } = await this.#end;
    // PostgreSQL answers so where a question was refused before.
    if (command !== "COMMIT") throw this.#failure ?? new Error("The database rolled the transaction back.");
  }

  /** Never throws: a connection that cannot roll back is given up, and the database rolls back by itself. */
  async rollBack(): Promise<void> {
    this.#end ??= this.#client.query("ROLLBACK");
    await this.#end.catch(() => {
      this.isBroken = true;
    });
  }

  /** Rolls back behind the question that is being answered; `work` learns of it with its next one. */
  giveUp(afterMs: number): void {
    if (this.#end !== undefined) return;
    this.fail(new Error(`The transaction took more than ${afterMs} ms and was rolled back.`));
    void this.rollBack();
  }

  /** The connection as Prisma gets it, to ask in the middle of this transaction: what it says of beginning and ending is said already. */
  lend(): pg.PoolClient {
    const query = async (...asked: readonly unknown[]): Promise<unknown> => {
      if (isBeginOrEnd(asked[0])) return { rows: [], fields: [], rowCount: 0 };
      if (this.#end !== undefined)
        throw this.#failure ?? new Error("The transaction is over; it takes no further questions.");
      try {
        return await Reflect.apply(this.#client.query, this.#client, asked);
      } catch (error) {
        this.fail(error);
        throw error;
      }
    };
    const members: Readonly<Record<string | symbol, unknown>> = { query, release: () => {} };
    return new Proxy(this.#client, {
      get(target, key) {
        const member: unknown = members[key] ?? Reflect.get(target, key);
        return typeof member === "function" && !members[key] ? member.bind(target) : member;
      },
    });
  }
}

function isBeginOrEnd(question: unknown): boolean {
  const text = typeof question === "object" && question !== null && "text" in question ? question.text : question;
  return text === "BEGIN" || text === "COMMIT" || text === "ROLLBACK";
}
