// @ts-check
/** Hocuspocus as its documentation sets it up: the database extension, one row for each text, its default debounce. */
import { Database } from "@hocuspocus/extension-database";
import { Server } from "@hocuspocus/server";
import pg from "pg";

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
await pool.query("CREATE TABLE IF NOT EXISTS bench_text (name text PRIMARY KEY, state bytea NOT NULL)");
const server = new Server({
  address: "127.0.0.1",
  port: Number(process.env.PORT),
  quiet: true,
  stopOnSignals: false,
  extensions: [
    new Database({
      fetch: async ({ documentName }) => {
        const { rows } = await pool.query("SELECT state FROM bench_text WHERE name = $1", [documentName]);
        return rows[0]?.state ?? null;
      },
      store: async ({ documentName, state }) => {
        await pool.query(
          "INSERT INTO bench_text (name, state) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET state = $2",
          [documentName, state],
        );
      },
    }),
  ],
});
await server.listen();
