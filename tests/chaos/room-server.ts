import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { recordRevisions } from "#lib/commands/record-revisions.ts";
import { openStore } from "#lib/data/store.ts";
import type { Access } from "#server/realtime/access.ts";
import { attachRealtime } from "#server/realtime/attach.ts";
import { origin } from "#tests/support/room-client.ts";

/**
 * The realtime server in a process of its own, to be killed. Everyone may write; the cookie is the user's id. With
 * SABOTAGE=early it acknowledges before the COMMIT, which the judge must catch.
 */
const store = openStore(process.env.DATABASE_URL ?? "", Number(process.env.POOL ?? 4));
if (process.env.SABOTAGE === "early") acknowledgeEarly();
const http = createServer();
const realtime = await attachRealtime(http, {
  pool: store.pool,
  allowedOrigins: [origin],
  clock: Date.now,
  recordHistory: (roomId) => recordRevisions(store.db, { roomId, now: new Date() }),
  logger: { info: () => {}, warn: () => {}, error: (fields, message) => console.error(message, fields) },
  limits: { failedAttemptsPerMinuteMax: 100_000, upgradesPerMinuteMax: 100_000 },
  authorize: async (request) => {
    const userId = request.headers.cookie ?? "";
    return accessOf(userId);
  },
  sessionOf: (request) => request.headers.cookie,
  // As in the product, a database that does not answer confirms nobody.
  accessNow: async (held) => {
    await store.pool.query("SELECT 1");
    return held.map(({ sessionId }) => accessOf(sessionId));
  },
});
http.listen(Number(process.env.PORT ?? 0), "127.0.0.1", () => {
  // A listening TCP server has an address with a port.
  process.send?.((http.address() as AddressInfo).port);
});
process.on("SIGTERM", () => {
  http.close();
  void realtime.close().then(() => process.exit(0));
});
process.on("disconnect", () => process.exit(1));

function accessOf(userId: string): Access {
  const actor = { userId, name: "Writer", organizationId: userId, organizationName: "Writers" };
  return { actor, sessionId: userId, mode: "write" };
}

function acknowledgeEarly(): void {
  const query = store.pool.query.bind(store.pool) as (...given: unknown[]) => Promise<unknown>;
  let last: Promise<unknown> = Promise.resolve();
  const early = (config: unknown, values?: unknown): Promise<unknown> => {
    if (!JSON.stringify(config).includes("INSERT INTO room_update")) return last.then(() => query(config, values));
    const rows = (JSON.stringify(config).match(/::text, /g) ?? []).length;
    last = last.then(() => new Promise((resolve) => setTimeout(resolve, 150))).then(() => query(config, values));
    last.catch(() => undefined);
    return Promise.resolve({ rowCount: rows, rows: [] });
  };
  Object.assign(store.pool, { query: early });
}
