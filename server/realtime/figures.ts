import { Histogram } from "prom-client";

/** What the realtime server counts, for `/metrics`. */
export class Figures {
  connections = 0;
  rooms = 0;
  outages = 0;
  /** How often somebody's frames had to wait, since those before had cost more than one person may take. */
  debts = 0;
  updates = 0;
  batches = 0;
  readonly refusals = new Map<string, number>();
  /** How long the oldest edit in any room waits for its COMMIT; 0 when none does. */
  oldestUnacknowledgedMs: () => Promise<number> = async () => 0;
  readonly acknowledgedSeconds = new Histogram({
    name: "concordat_realtime_acknowledged_seconds",
    help: "From the arrival of an edit to its acknowledgement, after the COMMIT.",
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5],
    registers: [],
  });
  readonly batchUpdates = new Histogram({
    name: "concordat_realtime_batch_updates",
    help: "Edits of one room that were committed together.",
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
    registers: [],
  });

  committed(updates: number): void {
    this.batches += 1;
    this.updates += updates;
    this.batchUpdates.observe(updates);
  }

  refused(detail: string): void {
    this.refusals.set(detail, (this.refusals.get(detail) ?? 0) + 1);
  }

  acknowledged(ms: number): void {
    this.acknowledgedSeconds.observe(ms / 1_000);
  }
}
