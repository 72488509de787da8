import type { Sql } from "./room-rows.ts";

/**
 * Gives every open room a new generation when the database is not where it was: restored from a dump, or from a backup up to an earlier
 * instant. Browsers then open a fresh copy and keep their own words beside it, instead of bringing back what the backup does not know.
 * The place is the cluster's identity, its timeline and the database's number; a copy of a data folder has the same, so that after
 * such a restore the operator says so himself (`isRestored`).
 *
 * @returns how many rooms there are of it; 0 at the first start and when nothing moved.
 */
export async function renewGenerations(sql: Sql, isRestored = false): Promise<number> {
  // Two servers that start at once: the row of the setting lets one of them see the change.
  const { rows } = await sql.query(
    `WITH place AS (
       SELECT concat_ws('/', s.system_identifier, c.timeline_id, d.oid) AS value
       FROM pg_control_system() s, pg_control_checkpoint() c, pg_database d WHERE d.datname = current_database()),
     moved AS (
       INSERT INTO setting (key, value) SELECT 'room-place', value FROM place
       ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE setting.value <> excluded.value OR $1::boolean
       RETURNING xmax <> 0 AS is_moved),
     renewed AS (
       UPDATE room SET generation = generation + 1 FROM moved WHERE (moved.is_moved OR $1::boolean) AND closed_at IS NULL RETURNING id)
     SELECT count(*)::text AS count FROM renewed`,
    [isRestored],
  );
  return Number(rows[0]?.count ?? 0);
}
