import type pg from "pg";

/** Whether the database answers within `withinMs`; one that hangs, and a pool without a free connection, do not. */
export async function answers(pool: Pick<pg.Pool, "query">, withinMs = 2_000): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), withinMs);
  });
  const asked = pool.query("SELECT 1").then(
    () => true,
    () => false,
  );
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}
