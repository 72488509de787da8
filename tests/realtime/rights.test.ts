import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as Y from "yjs";
import { storedSessionToken } from "#lib/auth/session-token.ts";
import { AcknowledgingProvider } from "#lib/protocol/acknowledging-provider.ts";
import { attachRealtime, type Realtime } from "#server/realtime/attach.ts";
import { seating } from "#server/realtime/seating.ts";
import { origin, socketOf, typeIn } from "#tests/support/room-client.ts";
import { until } from "#tests/support/until.ts";
import { createWorld, type World } from "#tests/support/world.ts";

/** Rights as the product decides them, and a database that says nothing when they change. */
let world: World;
let http: Server;
let realtime: Realtime;
let url: string;
let questions = 0;
beforeAll(async () => {
  world = await createWorld();
  http = createServer();
  const { pool } = world.store;
  const counted = new Proxy(pool, {
    get: (target, key) => {
      if (key === "query") questions += 1;
      const value: unknown = Reflect.get(target, key);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  realtime = await attachRealtime(http, {
    pool: counted,
    allowedOrigins: [origin],
    clock: Date.now,
    recordHistory: async () => undefined,
    logger: { info: () => {}, warn: () => {}, error: () => {} },
    ...seating(counted, { publicUrl: "http://localhost:3000" }),
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  // A listening TCP server has an address with a port.
  url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/realtime`;
});
afterAll(async () => {
  await realtime.close();
  http.closeAllConnections();
  http.close();
  await world.close();
});

/** Somebody who writes in a charter of their own, through a session of their own. */
async function openEditor() {
  const { charterId, roomId, convenor } = await world.charter();
  const token = randomUUID();
  const expires = new Date(Date.now() + 3_600_000);
  const { id: sessionId } = await world.store.db.session.create({
    data: { sessionToken: storedSessionToken(token), userId: convenor.userId, expires },
  });
  const doc = new Y.Doc({ gc: false });
  const provider = new AcknowledgingProvider({
    url,
    roomId,
    doc,
    socket: socketOf(`concordat.session=${token}`),
    newClientId: () => Math.floor(Math.random() * 2 ** 32),
    onEvent: () => {},
  });
  await until(() => provider.state.kind === "saved", { what: "the editor to be in sync" });
  return { charterId, roomId, userId: convenor.userId, sessionId, doc, provider };
}

const losses = [
  ["the session was ended", "DELETE FROM session WHERE id = $1", "sessionId", "signed-out"],
  ["the session ran out", "UPDATE session SET expires = now() WHERE id = $1", "sessionId", "signed-out"],
  ["the person was erased", 'UPDATE "user" SET erased_at = now() WHERE id = $1', "userId", "signed-out"],
  ["the membership ended", "UPDATE membership SET ended_at = now() WHERE user_id = $1", "userId", "refused"],
  ["the role is only to look on", "UPDATE membership SET roles = '{observer}' WHERE user_id = $1", "userId", "refused"],
  ["the seat is no editor's", "UPDATE participant SET is_editor = false WHERE charter_id = $1", "charterId", "refused"],
  ["the organization left", "UPDATE participant SET left_at = now() WHERE charter_id = $1", "charterId", "refused"],
] as const;

describe("a right that is lost without a message", () => {
  test.concurrent.each(losses)(
    "T-revoke-live: %s: within two seconds no update is accepted",
    async (_name, sql, of, state) => {
      const editor = await openEditor();
      const { pool } = world.store;
      typeIn(editor.doc, " before", 1);
      await until(() => editor.provider.state.kind === "saved");
      await pool.query(sql, [editor[of]]);
      const { rows: clock } = await pool.query<{ at: Date }>("SELECT clock_timestamp() AS at");
      // They go on writing all the time.
      const isOut = () => {
        if (["signed-out", "refused", "read-only"].includes(editor.provider.state.kind)) return true;
        typeIn(editor.doc, " more", 1);
        return false;
      };
      await until(isOut, { what: "the loss to be noticed", everyMs: 50 });
      // Whoever may still read comes back as a reader, whose words are then refused.
      await until(() => editor.provider.state.kind === state, { what: `the editor to be ${state}` });
      const { rows } = await pool.query<{ at: Date }>(
        "SELECT created_at AS at FROM room_update WHERE room_id = $1 AND via = 'socket' ORDER BY seq DESC LIMIT 1",
        [editor.roomId],
      );
      expect(rows).toHaveLength(1);
      const last = (rows[0]?.at.getTime() ?? 0) - (clock[0]?.at.getTime() ?? 0);
      // A slow machine may take its time for a COMMIT of what came in before.
      expect(last).toBeLessThan(2_000 + 3_000);
      editor.provider.destroy();
    },
    120_000,
  );
});

test("coming in asks the database a handful of questions, and holding a socket open hardly any", async () => {
  const editor = await openEditor();
  const before = questions;
  editor.provider.provider.disconnect();
  editor.provider.provider.connect();
  await until(() => editor.provider.state.kind === "saved");
  // The seat, the lease, the leases; the rest is what the server asks by itself meanwhile.
  expect(questions - before).toBeLessThan(12);
  editor.provider.destroy();
});
