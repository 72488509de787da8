import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { expect, test } from "vitest";
import { closeCodes } from "#lib/protocol/messages.ts";
import type { RealtimeDeps } from "#server/realtime/deps.ts";
import { Door, type House } from "#server/realtime/door.ts";
import { Figures } from "#server/realtime/figures.ts";
import { usualLimits } from "#server/realtime/limits.ts";

const roomId = "00000000-0000-4000-8000-000000000000";

/** A door onto one room, which has just been discarded whenever somebody comes in. */
async function openDoor() {
  const actor = { userId: "mallory", name: "Mallory", organizationId: "evil", organizationName: "Evil" };
  const door = new Door(
    {
      allowedOrigins: ["http://ours"],
      authorize: async () => ({ actor, sessionId: "mallory", mode: "write" }),
      sessionOf: () => undefined,
      logger: { info() {}, warn() {}, error() {} },
    } as unknown as RealtimeDeps,
    {
      limits: usualLimits,
      figures: new Figures(),
      connections: new Set(),
      rooms: { open: async () => ({ mode: "discarded", row: { id: roomId, generation: 1 } }) },
      store: { enter: async () => ({ outcome: "yours", held: [] }) },
      // All that the door asks of them before it lets somebody in.
    } as unknown as House,
  );
  const http = createServer();
  http.on("upgrade", (request, socket, head) => void door.upgrade(request, socket, head));
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  // A listening TCP server has an address with a port.
  return { http, port: (http.address() as AddressInfo).port };
}

test("whoever comes in the instant in which a room ends, and says what is no frame, ends nothing but their own socket", async () => {
  const { http, port } = await openDoor();
  const socket = connect(port, "127.0.0.1");
  const ended = once(socket, "close");
  const heard: Buffer[] = [];
  socket.on("data", (bytes: Buffer) => heard.push(bytes));
  socket.on("error", () => {});
  socket.write(
    `GET /realtime/${roomId}?clientId=1 HTTP/1.1\r\nHost: x\r\nOrigin: http://ours\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
  );
  // Bits that no frame has; an error that nobody hears would end the process, and fails this test's run.
  socket.write(Uint8Array.of(0xff, 0xff, 0xff, 0xff));
  await ended;
  const close = Buffer.concat(heard);
  expect(close.toString("latin1")).toContain("101 Switching Protocols");
  expect(close.readUInt16BE(close.lastIndexOf("reloaded") - 2)).toBe(closeCodes.roomReloaded);
  http.close();
});
