import { Crowd, type Tally } from "./crowd.ts";
import type { Running } from "./servers.ts";
import { endsOf, smallText } from "./texts.ts";
import type { World } from "./world.ts";

/** What typing at a steady pace feels like. */
export type Latency = {
  readonly peer: Quantiles;
  /** From an edit to its acknowledgement; undefined where there is none. */
  readonly taken: Quantiles | undefined;
};
export type Quantiles = { readonly p50: number; readonly p99: number };

/** What a server does for one second of a processor. */
export type Throughput = {
  readonly perCpuSecond: number;
  /** The same with what PostgreSQL used added. */
  readonly perCpuSecondWithDatabase: number;
  readonly perSecond: number;
  readonly serverCpu: number;
  readonly driverCpu: number;
  readonly taken: Quantiles | undefined;
};

/** Lets everybody into rooms of their own text. */
async function gather(world: World, server: Running, rooms: number, clients: number, tally: Tally): Promise<Crowd[]> {
  const crowds: Crowd[] = [];
  for (let at = 0; at < rooms; at += 1) {
    const text = smallText(clients);
    const ends = endsOf(text);
    const crowd = new Crowd(await world.room([text], text), server.protocol, tally);
    // y-websocket begins with nothing: the first one brings the text.
    await crowd.enter(server, ends, at * clients, server.protocol.confirmsByEcho ? text : undefined);
    crowds.push(crowd);
  }
  return crowds;
}

/** Everybody types so many letters a second, evenly spread, for `ms`. */
export async function latency(
  world: World,
  server: Running,
  { rooms, clients, perSecond, ms }: { rooms: number; clients: number; perSecond: number; ms: number },
): Promise<Latency> {
  const tally = freshTally();
  const crowds = await gather(world, server, rooms, clients, tally);
  const typists = crowds.flatMap((crowd) => crowd.members);
  const total = (typists.length * perSecond * (ms + 2_000)) / 1_000;
  const started = performance.now();
  for (let sent = 0; sent < total; ) {
    const due = Math.min(total, ((performance.now() - started) / 1_000) * typists.length * perSecond);
    // Two seconds to warm up.
    if (!tally.peerMs && performance.now() - started > 2_000) Object.assign(tally, { peerMs: [], takenMs: [] });
    for (; sent < due; sent += 1) typists[(sent * 7) % typists.length]?.type();
    await pause(1);
  }
  await pause(300);
  for (const crowd of crowds) crowd.leave();
  return {
    peer: quantiles(tally.peerMs ?? []),
    taken: server.protocol.confirmsByEcho ? undefined : quantiles(tally.takenMs ?? []),
  };
}

/**
 * Everybody keeps `window` letters under way that the server has not taken yet, for `ms`. With 32 each server has
 * work before it at all times, up to what ours takes of one client in a second; with 8 a fast one waits for letters between two answers.
 * `warmMs` is until its code is compiled for what it does most: servers run for weeks.
 */
export async function saturate(
  world: World,
  server: Running,
  {
    rooms,
    clients,
    window,
    warmMs,
    ms,
  }: { rooms: number; clients: number; window: number; warmMs: number; ms: number },
): Promise<Throughput> {
  const tally = freshTally();
  const crowds = await gather(world, server, rooms, clients, tally);
  const typists = crowds.flatMap((crowd) => crowd.members);
  tally.window = window;
  for (const typist of typists) typist.fillWindow();
  await pause(warmMs);
  tally.takenMs = [];
  const before = {
    cpu: server.cpu(),
    driver: process.cpuUsage(),
    database: await world.databaseCpu(),
    at: performance.now(),
    deliveries: tally.deliveries,
  };
  await pause(ms);
  const deliveries = tally.deliveries - before.deliveries;
  const serverCpu = server.cpu() - before.cpu;
  const driver = process.cpuUsage(before.driver);
  const databaseCpu = (await world.databaseCpu()) - before.database;
  const seconds = (performance.now() - before.at) / 1_000;
  for (const crowd of crowds) crowd.leave();
  return {
    perCpuSecond: deliveries / serverCpu,
    perCpuSecondWithDatabase: deliveries / (serverCpu + Math.max(0, databaseCpu)),
    perSecond: deliveries / seconds,
    serverCpu: serverCpu / seconds,
    driverCpu: (driver.user + driver.system) / 1e6 / seconds,
    taken: quantiles(tally.takenMs),
  };
}

function freshTally(): Tally {
  return { deliveries: 0, taken: 0, peerMs: undefined, takenMs: undefined, window: 0 };
}

function quantiles(values: readonly number[]): Quantiles {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

/** Resolves after so many milliseconds. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
