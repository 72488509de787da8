/** What the realtime server counts, for `/metrics`. */
export class Figures {
  connections = 0;
  rooms = 0;
  outages = 0;
  updates = 0;
  batches = 0;
  readonly refusals = new Map<string, number>();
  /** Acknowledged latency: how many took at most so many milliseconds; the last bucket takes the rest. */
  readonly latencyBucketsMs = [2, 5, 10, 20, 50, 100, 250, 1_000, Number.POSITIVE_INFINITY] as const;
  readonly latencies: number[] = this.latencyBucketsMs.map(() => 0);
  commitMsSum = 0;

  committed(updates: number, ms: number): void {
    this.batches += 1;
    this.updates += updates;
    this.commitMsSum += ms;
  }

  refused(detail: string): void {
    this.refusals.set(detail, (this.refusals.get(detail) ?? 0) + 1);
  }

  acknowledged(ms: number): void {
    const at = this.latencyBucketsMs.findIndex((bound) => ms <= bound);
    this.latencies[at] = (this.latencies[at] ?? 0) + 1;
  }
}
