import pg from "pg";

/** The role that the program itself connects as. It owns nothing, so it can switch off no trigger. */
export const appRole = "concordat_app";

/**
 * Gives `role` what the program needs on the database of `ownerUrl`, and no more: what is append-only by a trigger it may read and
 * add to, the text of a version it may not touch, and it is no owner. With a password the role is made where it is missing.
 * Safe to repeat; done after every migration, so that new tables are covered too.
 *
 * @throws {Error} in PostgreSQL's words, when the role of `ownerUrl` does not own the tables.
 */
export async function grantToApp(ownerUrl: string, role: string, password?: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000 });
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query("BEGIN");
    // Two servers that start at once would grant at once, and PostgreSQL refuses the second.
    await client.query("SELECT pg_advisory_xact_lock(0x67726e74)");
    if (password !== undefined) await makeRole(client, role, password);
    await grant(client, client.escapeIdentifier(role));
    await client.query("COMMIT");
  } finally {
    await client.end().catch(() => {});
  }
}

/**
 * Makes the role that `url` signs in as, with its password, on the server of `ownerUrl`; one that is there stays as it is.
 *
 * @throws {Error} in PostgreSQL's words, when the role of `ownerUrl` may not make roles.
 */
export async function makeMissingRole(ownerUrl: string, url: string): Promise<void> {
  const { username, password } = new URL(url);
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000 });
  client.on("error", () => {});
  await client.connect();
  try {
    const role = decodeURIComponent(username);
    if (!(await isThere(client, role))) await makeRole(client, role, decodeURIComponent(password));
  } finally {
    await client.end().catch(() => {});
  }
}

/** Whether the role of `url` could rewrite the record: it owns its tables, or nothing binds it. */
export async function mayRewrite(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on("error", () => {});
  await client.connect();
  try {
    const { rows } = await client.query<{ may: boolean }>(
      `SELECT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
           OR pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = 'act'::regclass), 'MEMBER')
           OR has_table_privilege('act', 'UPDATE, DELETE, TRUNCATE') AS may`,
    );
    return rows[0]?.may === true;
  } finally {
    await client.end().catch(() => {});
  }
}

async function isThere(client: pg.Client, role: string): Promise<boolean> {
  const { rowCount } = await client.query("SELECT 1 FROM pg_roles WHERE rolname = $1", [role]);
  return rowCount !== 0;
}

async function makeRole(client: pg.Client, role: string, password: string): Promise<void> {
  const name = client.escapeIdentifier(role);
  if (!(await isThere(client, role))) await client.query(`CREATE ROLE ${name}`);
  await client.query(
    `ALTER ROLE ${name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS
       PASSWORD ${client.escapeLiteral(password)}`,
  );
}

async function grant(client: pg.Client, role: string): Promise<void> {
  await client.query(`
    REVOKE CREATE ON SCHEMA public FROM PUBLIC;
    GRANT USAGE ON SCHEMA public TO ${role};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role};
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO ${role}`);
  // The triggers are the list: what a migration makes append-only is append-only for the program, too.
  const { rows } = await client.query<{ name: string }>(
    `SELECT DISTINCT tgrelid::regclass::text AS name FROM pg_trigger
      WHERE tgfoid = 'refuse_change'::regproc AND NOT tgisinternal`,
  );
  const appendOnly = [...rows.map((row) => row.name), "checkpoint", "_prisma_migrations"].join(", ");
  await client.query(`
    REVOKE UPDATE, DELETE ON ${appendOnly} FROM ${role};
    REVOKE INSERT ON _prisma_migrations FROM ${role};
    REVOKE UPDATE, DELETE ON charter_version FROM ${role};
    GRANT UPDATE (${versionColumns.join(", ")}) ON charter_version TO ${role};
    REVOKE DELETE ON correction, log_head FROM ${role}`);
}

/** What moves with a version. Everything else of it is its text, or what the text was made from. */
const versionColumns = [
  ...["state", "adopted_at", "adoption", "asked_again_at", "opens_at", "opens_zone"],
  ...["opened_at", "effective_at", "closed_at"],
];
