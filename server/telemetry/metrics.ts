import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type pg from "pg";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Figures } from "#server/realtime/figures.ts";

/** What `/metrics` tells, as Prometheus reads it. */
export type Metrics = {
  /** Adds what the realtime server of this process counts. */
  addRealtime(figures: Figures): void;
  readonly contentType: string;
  /** All figures as of now. */
  text(): Promise<string>;
};

/** The figures of a process: its own (CPU, memory, lag of the event loop) and those of its connections to the database. */
export function openMetrics(pool: pg.Pool): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  gauge(registers, "concordat_pool_connections", "Connections to the database.", () => pool.totalCount);
  gauge(registers, "concordat_pool_idle", "Connections to the database that nobody uses.", () => pool.idleCount);
  gauge(registers, "concordat_pool_waiting", "Callers that wait for a connection.", () => pool.waitingCount);
  const waits = new Histogram({
    name: "concordat_pool_wait_seconds",
    help: "From asking for a connection to the database to having it.",
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  });
  timeWaits(pool, (seconds) => waits.observe(seconds));
  return {
    addRealtime: (figures) => addRealtime(registry, figures),
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}

type Connected = (error: Error | undefined, client?: pg.PoolClient, done?: (error?: unknown) => void) => void;

/** Everyone asks the pool through its `connect`, its own `query` too. */
function timeWaits(pool: pg.Pool, observe: (seconds: number) => void): void {
  // The form with a callback, which the other one stands on.
  const ask = pool.connect.bind(pool) as (connected: Connected) => void;
  const timed = (connected: Connected): void => {
    const asked = performance.now();
    ask((...given) => {
      observe((performance.now() - asked) / 1_000);
      connected(...given);
    });
  };
  const connect = (connected?: Connected) =>
    connected
      ? timed(connected)
      : new Promise<pg.PoolClient>((resolve, reject) => {
          timed((error, client) => (client ? resolve(client) : reject(error)));
        });
  Object.assign(pool, { connect });
}

function addRealtime(registry: Registry, figures: Figures): void {
  const registers = [registry];
  gauge(registers, "concordat_realtime_connections", "Open sockets.", () => figures.connections);
  gauge(registers, "concordat_realtime_rooms", "Rooms in memory.", () => figures.rooms);
  gauge(
    registers,
    "concordat_realtime_oldest_unacknowledged_seconds",
    "How long the oldest edit waits for its COMMIT; 0 when none does.",
    async () => (await figures.oldestUnacknowledgedMs()) / 1_000,
  );
  counter(registers, "concordat_realtime_updates_total", "Edits committed.", () => figures.updates);
  counter(registers, "concordat_realtime_outages_total", "Writes the database did not take.", () => figures.outages);
  counter(
    registers,
    "concordat_realtime_debts_total",
    "How often the frames of one person had cost more than one may take, so that the next ones waited.",
    () => figures.debts,
  );
  new Counter({
    name: "concordat_realtime_refusals_total",
    help: "Updates, frames and people that were refused, by the rule.",
    labelNames: ["reason"],
    registers,
    collect() {
      this.reset();
      for (const [reason, count] of figures.refusals) this.inc({ reason }, count);
    },
  });
  registry.registerMetric(figures.acknowledgedSeconds);
  registry.registerMetric(figures.batchUpdates);
}

function gauge(registers: Registry[], name: string, help: string, read: () => number | Promise<number>): void {
  new Gauge({
    name,
    help,
    registers,
    async collect() {
      this.set(await read());
    },
  });
}

function counter(registers: Registry[], name: string, help: string, read: () => number): void {
  new Counter({
    name,
    help,
    registers,
    collect() {
      this.reset();
      this.inc(read());
    },
  });
}

const forwarded = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"] as const;

/**
 * Whether somebody may read the figures: with the token, where there is one; otherwise only from this machine itself, and not through a proxy
 * that says it is one.
 */
export function mayReadMetrics(
  request: Pick<IncomingMessage, "headers" | "socket">,
  token: string | undefined,
): boolean {
  if (token !== undefined) {
    const given = Buffer.from(request.headers.authorization ?? "");
    const wanted = Buffer.from(`Bearer ${token}`);
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }
  const from = request.socket.remoteAddress ?? "";
  const isHere = from === "::1" || /^(?:::ffff:)?127\./.test(from);
  return isHere && forwarded.every((name) => request.headers[name] === undefined);
}
