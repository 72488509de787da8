import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appendServerUpdate } from "#lib/data/room-log.ts";
import { openStore, type Store } from "#lib/data/store.ts";
import { startCluster } from "#server/database/embedded.ts";
import { migrate } from "#server/database/migrate.ts";
import { PublicRecord } from "#tests/support/public-record.ts";
import { cpuOf } from "./servers.ts";

/** How many people there are to be signed in. */
export const peopleCount = 2_000;

/** A database with people, their sessions, and a charter in drafting that all of them may edit. */
export type World = {
  readonly folder: string;
  readonly url: string;
  readonly origin: string;
  readonly store: Store;
  cookieOf(person: number): string;
  /** A room that holds these updates, and for Hocuspocus a row of the same name that holds `state`. */
  room(updates: readonly Uint8Array[], state: Uint8Array): Promise<string>;
  /** Bytes in the logs of all rooms. */
  loggedBytes(): Promise<number>;
  /** CPU seconds PostgreSQL has used so far. */
  databaseCpu(): Promise<number>;
  close(): Promise<void>;
};

/** Opens a PostgreSQL of the bench's own in a temporary folder, and fills it. */
export async function openWorld(): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), "concordat-bench-"));
  const cluster = await startCluster(join(folder, "data"));
  const url = await cluster.database("bench");
  await migrate(url);
  const store = openStore(url);
  const { pool } = store;
  const { organizationId, charterId, draftRoundId } = await fill(store);
  await pool.query("CREATE TABLE bench_text (name text PRIMARY KEY, state bytea NOT NULL)");
  const origin = "http://localhost:3000";
  return {
    folder,
    url,
    origin,
    store,
    cookieOf: (person) => `concordat.session=${tokenOf(person % peopleCount)}`,
    async room(updates, state) {
      const id = randomUUID();
      await pool.query("INSERT INTO room (id, charter_id, draft_round_id) VALUES ($1, $2, $3)", [
        id,
        charterId,
        draftRoundId,
      ]);
      for (const update of updates)
        await appendServerUpdate(pool, id, update, { userId: null, organizationId, via: "seed" });
      await pool.query("INSERT INTO bench_text (name, state) VALUES ($1, $2)", [id, Buffer.from(state)]);
      return id;
    },
    async loggedBytes() {
      const { rows } = await pool.query<{ sum: string }>(
        "SELECT coalesce(sum(length(payload)), 0)::text AS sum FROM room_update",
      );
      return Number(rows[0]?.sum);
    },
    async databaseCpu() {
      const { rows } = await pool.query<{ pid: number }>("SELECT pid FROM pg_stat_activity");
      return rows.reduce((sum, { pid }) => sum + cpuOf(pid), 0);
    },
    async close() {
      await store.close();
      await cluster.stop();
      await rm(cluster.folder, { recursive: true, force: true });
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function fill(store: Store) {
  const { pool } = store;
  const { id: organizationId } = await new PublicRecord(store).organization({ name: "Harbour Forum" });
  const [charterId, draftRoundId] = [randomUUID(), randomUUID()];
  await pool.query(
    `INSERT INTO "user" (id, name, email, current_organization_id)
     SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Person ' || n, 'person' || n || '@example.org', $2::uuid FROM generate_series(0, $1::int - 1) n`,
    [peopleCount, organizationId],
  );
  // As lib/auth/session-token.ts keeps them: by their SHA-256.
  await pool.query(
    `INSERT INTO session (id, session_token, user_id, expires)
     SELECT gen_random_uuid(), rtrim(translate(encode(sha256(convert_to('bench-session-' || right(id::text, 12), 'UTF8')), 'base64'), '+/', '-_'), '='), id, now() + interval '1 day' FROM "user" WHERE email LIKE 'person%'`,
  );
  await pool.query(
    `INSERT INTO membership (id, organization_id, user_id, roles) SELECT gen_random_uuid(), $1::uuid, id, '{drafter}' FROM "user" WHERE email LIKE 'person%'`,
    [organizationId],
  );
  await pool.query(
    `INSERT INTO charter (id, title, template, policy, convenor_organization_id, depositary_organization_id, created_by)
     VALUES ($1, 'Accord', 'multi-party', '{}', $2, $2, $2)`,
    [charterId, organizationId],
  );
  await pool.query("INSERT INTO participant (id, charter_id, organization_id, is_editor) VALUES ($1, $2, $3, true)", [
    randomUUID(),
    charterId,
    organizationId,
  ]);
  await pool.query(
    `INSERT INTO policy_acknowledgement (charter_id, user_id, organization_id, policy_sha256) SELECT $1::uuid, id, $2::uuid, '\\x00' FROM "user" WHERE email LIKE 'person%'`,
    [charterId, organizationId],
  );
  await pool.query("INSERT INTO draft_round (id, charter_id, number, state) VALUES ($1, $2, 1, 'DRAFTING')", [
    draftRoundId,
    charterId,
  ]);
  await pool.query("ANALYZE");
  return { organizationId, charterId, draftRoundId };
}

function tokenOf(person: number): string {
  return `bench-session-${String(person).padStart(12, "0")}`;
}
