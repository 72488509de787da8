import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type pg from "pg";
import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
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
  return {
    addRealtime: (figures) => addRealtime(registry, figures),
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
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
