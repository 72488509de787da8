import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { afterEach, expect, test } from "vitest";
import type { WebSocket } from "ws";
import { usualLimits } from "#server/realtime/limits.ts";
import { frameOf, Outlet } from "#server/realtime/outlet.ts";
import { FakeSocket } from "#tests/fuzz/memory-room.ts";
import { until } from "#tests/support/until.ts";

const mebibyte = 1024 * 1024;
const turn = () => new Promise((resolve) => setImmediate(resolve));

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanups.splice(0)) cleanUp();
});

/** Both ends of a TCP connection. */
async function twoEnds(): Promise<{ here: Socket; there: Socket }> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("There is no port.");
  const there = connect(address.port, "127.0.0.1");
  const [here]: Socket[] = await once(server, "connection");
  if (!here) throw new Error("Nobody came.");
  cleanups.push(() => {
    there.destroy();
    here.destroy();
    server.close();
  });
  return { here, there };
}

test("a text that leaves in one piece over a slow line counts as read while it goes, and as unread once it stands still", async () => {
  const { here, there } = await twoEnds();
  there.pause();
  const socket = new FakeSocket();
  Object.defineProperty(socket, "bufferedAmount", { get: () => here.writableLength });
  // Far more than the operating system takes by itself.
  const text = frameOf(new Uint8Array(64 * mebibyte));
  const limits = { ...usualLimits, bufferedBytesMax: 128 * mebibyte };
  const outlet = new Outlet(socket as unknown as WebSocket, here, limits);
  outlet.sendFrame(text);
  await until(() => here.writableLength > 0);
  outlet.lag();
  let read = 0;
  there.on("data", (bytes: Buffer) => {
    read += bytes.length;
    if (read >= goal) there.pause();
  });
  there.pause();
  let goal = 0;
  let now = performance.now();
  // More than any buffer on the way can hold back for three looks.
  for (let look = 0; look < 6; look += 1) {
    goal = read + 6 * mebibyte;
    there.resume();
    await until(() => read >= goal);
    now += 10_000;
    expect(outlet.judgeLag(now), `after ${read} bytes`).toBe("none");
    expect(here.writableLength).toBe(text.length);
  }
  // The system may have taken some more since.
  now += 10_000;
  outlet.judgeLag(now);
  now += 60_000;
  expect(outlet.judgeLag(now)).toBe("hopeless");
});

test("who is busy with a large text need not answer before a slow line has brought it; who got little must, at the next look", async () => {
  const [slow, dead] = [new FakeSocket(), new FakeSocket()];
  const outletOf = (socket: FakeSocket) =>
    // It has all that an outlet uses of both.
    new Outlet(socket as unknown as WebSocket, socket as unknown as Duplex, usualLimits);
  const [busy, idle] = [outletOf(slow), outletOf(dead)];
  busy.sendFrame(frameOf(new Uint8Array(1.5 * mebibyte)));
  idle.sendFrame(frameOf(new Uint8Array(1_000)));
  await turn();
  const start = performance.now();
  const isHeld = (outlet: Outlet, seconds: number) =>
    outlet.keepAlive(start + seconds * 1_000, usualLimits.keepAliveMs, () => new Uint8Array(2));
  expect(isHeld(idle, 20)).toBe(true);
  expect(isHeld(idle, 40)).toBe(false);
  for (const seconds of [20, 40, 60, 80]) expect(isHeld(busy, seconds), `after ${seconds} s`).toBe(true);
  slow.emit("pong");
  // From here on it is asked as everybody is.
  expect(isHeld(busy, 85)).toBe(true);
  expect(isHeld(busy, 105)).toBe(false);
});

test("a dead line is given up though a large text was sent over it", async () => {
  const socket = new FakeSocket();
  const outlet = new Outlet(socket as unknown as WebSocket, socket as unknown as Duplex, usualLimits);
  for (let text = 0; text < 100; text += 1) outlet.sendFrame(frameOf(new Uint8Array(1.5 * mebibyte)));
  await turn();
  const start = performance.now();
  const isHeld = (seconds: number) =>
    outlet.keepAlive(start + seconds * 1_000, usualLimits.keepAliveMs, () => new Uint8Array(2));
  expect(isHeld(20)).toBe(true);
  expect(isHeld(302)).toBe(false);
});
