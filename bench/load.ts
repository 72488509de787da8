import { connect, type Socket } from "node:net";

/** One request as bytes, written again and again on kept connections. */
export type Target = { readonly port: number; readonly path: string };

/** What came of a load: requests per second, and times in milliseconds. */
export type Figures = {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly count: number;
};

/**
 * As many requests as `connections` can make one after the other, for `ms` at most and `countMax` at most. Speaks HTTP by
 * hand, so that the asking costs less than the answering. Only ever to 127.0.0.1.
 *
 * @throws {Error} on any answer but 200.
 */
export async function flood(target: Target, connections: number, ms: number, countMax: number): Promise<Figures> {
  const times: number[] = [];
  const started = performance.now();
  const workers = Array.from({ length: connections }, async () => {
    const line = await openLine(target);
    while (performance.now() - started < ms && times.length < countMax) times.push(await line.ask());
    line.close();
  });
  await Promise.all(workers);
  return figures(times, performance.now() - started);
}

/** Requests at a steady pace, whether or not the earlier ones were answered; times count from when each was due. */
export async function pace(target: Target, perSecond: number, ms: number): Promise<Figures> {
  const lines = await Promise.all(Array.from({ length: 20 }, () => openLine(target)));
  const free = [...lines];
  const times: number[] = [];
  const running: Promise<void>[] = [];
  const started = performance.now();
  const total = Math.floor((perSecond * ms) / 1000);
  for (let count = 0; count < total; count += 1) {
    const due = started + (count * 1000) / perSecond;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    const line = free.pop();
    if (!line) throw new Error(`${target.path} falls behind ${perSecond} requests a second.`);
    running.push(
      line.ask().then(() => {
        times.push(performance.now() - due);
        free.push(line);
      }),
    );
  }
  await Promise.all(running);
  const taken = performance.now() - started;
  for (const line of lines) line.close();
  return figures(times, taken);
}

/** The value below which that share of the numbers lies. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function figures(times: readonly number[], taken: number): Figures {
  return {
    perSecond: (times.length * 1000) / taken,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    count: times.length,
  };
}

type Line = { ask(): Promise<number>; close(): void };

/** A kept connection. Of an answer no more is read than its status and its length, or the asking would be what is measured. */
async function openLine({ port, path }: Target): Promise<Line> {
  const socket = await opened(port);
  const question = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nAccept-Encoding: gzip\r\n\r\n`);
  let answered: (error?: Error) => void = () => {};
  let missing = -1;
  let head: Buffer = Buffer.alloc(0);
  socket.on("close", () => answered(new Error(`${path}: the connection closed.`)));
  socket.on("data", (chunk: Buffer) => {
    if (missing === -1) {
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
      const end = head.indexOf("\r\n\r\n");
      if (end === -1) return;
      const words = head.toString("latin1", 0, end);
      const length = /\r\ncontent-length: (\d+)/i.exec(words)?.[1];
      if (!words.startsWith("HTTP/1.1 200") || length === undefined) {
        return answered(new Error(`${path}: ${words.slice(0, 40)}, length ${length}.`));
      }
      missing = end + 4 + Number(length) - head.length;
      head = Buffer.alloc(0);
    } else {
      missing -= chunk.length;
    }
    if (missing > 0) return;
    missing = -1;
    answered();
  });
  return {
    ask: () =>
      new Promise((resolve, reject) => {
        const started = performance.now();
        answered = (error) => (error ? reject(error) : resolve(performance.now() - started));
        socket.write(question);
      }),
    close: () => {
      answered = () => {};
      socket.destroy();
    },
  };
}

async function opened(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket));
    socket.setNoDelay(true);
    socket.once("error", reject);
  });
}
