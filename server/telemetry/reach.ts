import type pg from "pg";

/** How long one look at the disk of the database holds. */
const lookMs = 5_000;

/**
 * Whether the database is there for work, asked again with every call: it answers within `withinMs`, takes writes (a standby and a
 * database set to read only do not), and has room on its disk. One that hangs, and a pool without a free connection, do not answer.
 */
export function readinessOf(
  pool: Pick<pg.Pool, "query">,
  withinMs = 2_000,
  roomHoldsMs = lookMs,
): () => Promise<boolean> {
  let look: { readonly at: number; readonly hasRoom: Promise<boolean> } | undefined;
  /** At most one look in `roomHoldsMs`, for all who ask meanwhile. */
  const hasRoom = (): Promise<boolean> => {
    if (!look || performance.now() - look.at >= roomHoldsMs)
      look = { at: performance.now(), hasRoom: within(withinMs, hasRoomOnDisk(pool)) };
    return look.hasRoom;
  };
  return async () => (await within(withinMs, takesWrites(pool))) && (await hasRoom());
}

/** A standby in recovery has every transaction read only, too. */
async function takesWrites(pool: Pick<pg.Pool, "query">): Promise<boolean> {
  const { rows } = await pool.query<{ readOnly: string }>(
    `SELECT current_setting('transaction_read_only') AS "readOnly"`,
  );
  return rows[0]?.readOnly === "off";
}

/**
 * Has the database write some 600 KB where it keeps its data, by counting more rows than the least working memory holds: that fails when its disk is
 * full, needs no right, and leaves nothing behind, neither a row nor a line in its journal. A row written over another would succeed on a full disk.
 */
async function hasRoomOnDisk(pool: Pick<pg.Pool, "query">): Promise<boolean> {
  // Without parameters both go as one message, which is one transaction, to which SET LOCAL is bound.
  await pool.query("SET LOCAL work_mem = '64kB'; SELECT count(*) FROM generate_series(1, 20000)");
  return true;
}

/** The answer, if it comes in time; an error is none. */
async function within(ms: number, asked: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const answered = asked.catch(() => false);
  return Promise.race([answered, late]).finally(() => clearTimeout(timer));
}
