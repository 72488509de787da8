/**
 * `npm run bench:public`: the public pages of a record with 200 charters and 10,000 signatories, served by the built
 * server, beside a bare Node http server with the same bytes from memory in the same run. Bounded in count and in time,
 * and only ever on 127.0.0.1.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore, type Store } from "#lib/data/store.ts";
import type { Clause } from "#lib/domain/charter-text.ts";
import { startCluster } from "#server/database/embedded.ts";
import { migrate } from "#server/database/migrate.ts";
import { PublicRecord, type RecordedCharter, type RecordedVersion } from "#tests/support/public-record.ts";
import { startServer } from "#tests/support/server.ts";
import { type Figures, flood, pace, quantile } from "./load.ts";

const charterCount = 200;
const manySignatories = 10_000;
const fewSignatories = 100;
const connections = 16;
const roundMs = 1_500;
const roundCountMax = 20_000;
const paced = { perSecond: 50, ms: 4_000 };

type Filled = {
  readonly record: PublicRecord;
  readonly large: RecordedCharter;
  readonly small: RecordedCharter;
  /** The version of `small`. */
  readonly version: RecordedVersion;
};

const folder = await mkdtemp(join(tmpdir(), "concordat-bench-"));
const cluster = await startCluster(join(folder, "data"));
try {
  const url = await cluster.database("bench");
  await migrate(url);
  const store = openStore(url);
  const filled = await fill(store);
  // No mail ever leaves: nothing here sends one, and nobody listens at that address.
  const only = { DEMO: "0", CONCORDAT_ROLES: "web", HOST: "127.0.0.1", SMTP_URL: "smtp://127.0.0.1:9" };
  const server = await startServer({ DATABASE_URL: url, ...only });
  try {
    await compare(server.port, filled);
    await cold(server.port, filled);
    await visible(server.port, filled);
  } finally {
    await server.remove();
    await store.close();
  }
} finally {
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
}

async function fill(store: Store): Promise<Filled> {
  const started = performance.now();
  const record = new PublicRecord(store);
  const convenor = await record.organization({ name: "Harbour Forum" });
  const countries = ["DE", "FR", "CL", "JP", "KE", "US", "GB", "BR", "IN", "NO"];
  const classes = ["company", "civil-society", "academia", "state"];
  const organizations = await record.organizations(
    Array.from({ length: manySignatories }, (_, at) => ({
      name: `Organization ${at + 1}`,
      slug: `organization-${at + 1}`,
      country: countries[at % countries.length] ?? "DE",
      class: classes[at % classes.length] ?? "company",
    })),
  );
  const make = async (slug: string, signatories: number) => {
    const charter = await record.charter({ slug, convenor, purpose: "Organizations deal fairly with one another." });
    const version = await record.version(charter, { title: `Accord ${slug}`, clauses: clauses(24) });
    await record.signMany(charter, version, organizations.slice(0, signatories), new Date("2025-02-01T00:00:00.000Z"));
    return { charter, version };
  };
  const { charter: large } = await make("many", manySignatories);
  const { charter: small, version } = await make("few", fewSignatories);
  for (let at = 2; at < charterCount; at += 1) await make(`accord-${at}`, 3);
  await store.pool.query("ANALYZE");
  say(`Filled ${charterCount} charters and ${manySignatories} signatories in ${seconds(started)}.\n`);
  return { record, large, small, version };
}

async function compare(port: number, { large, small }: Filled): Promise<void> {
  const lists = ({ slug }: RecordedCharter) => `/c/${slug}/signatories`;
  const paths = [
    ["charter page, 10,000", `/c/${large.slug}`],
    ["charter page, 100", `/c/${small.slug}`],
    ["list, 10,000", lists(large)],
    ["list, 100", lists(small)],
    ["filtered list, 10,000", `${lists(large)}?country=CL&sort=name`],
    ["filtered list, 100", `${lists(small)}?country=CL&sort=name`],
    ["API list, 10,000", `/api/v1/charters/${large.slug}/signatories`],
    ["API list, 100", `/api/v1/charters/${small.slug}/signatories`],
    ["directory", "/charters"],
  ] as const;
  const files: string[] = [];
  const weights: { plain: number; packed: number }[] = [];
  for (const [, path] of paths) {
    const plain = await bytesOf(port, path, "identity");
    const packed = await bytesOf(port, path, "gzip");
    const file = join(folder, `body-${files.length}`);
    await writeFile(file, packed);
    files.push(file);
    weights.push({ plain: plain.length, packed: packed.length });
  }
  const bare = await startBare(files);
  try {
    say("warm            ours req/s   bare req/s   ratio    p50 ms   p99 ms   at 50/s: p50     p99    weight (gzip)");
    for (const [at, [name, path]] of paths.entries()) {
      const theirs: Figures[] = [];
      const ours: Figures[] = [];
      for (let round = 0; round < 2; round += 1) {
        theirs.push(await flood({ port: bare.port, path: `/${at}` }, connections, roundMs, roundCountMax));
        ours.push(await flood({ port, path }, connections, roundMs, roundCountMax));
      }
      const best = fastest(ours);
      const steady = await pace({ port, path }, paced.perSecond, paced.ms);
      const ratio = best.perSecond / fastest(theirs).perSecond;
      const cells = [best.perSecond.toFixed(0), fastest(theirs).perSecond.toFixed(0), ratio.toFixed(2)];
      const times = [best.p50, best.p99, steady.p50, steady.p99].map((ms) => ms.toFixed(2).padStart(8));
      const weight = `${kilo(weights[at]?.plain ?? 0)} (${kilo(weights[at]?.packed ?? 0)})`;
      say(`${name.padEnd(22)}${cells.map((cell) => cell.padStart(9)).join("")}${times.join(" ")}    ${weight}`);
    }
  } finally {
    bare.process.kill();
  }
}

/** Pages that nobody asked for before: what one load costs, and how it grows with the list. */
async function cold(port: number, { large, small }: Filled): Promise<void> {
  say("\ncold (each address for the first time), median of 15");
  for (const [name, charter] of [
    ["10,000", large],
    ["100", small],
  ] as const) {
    for (const [kind, path] of [
      ["filtered list", `/c/${charter.slug}/signatories`],
      ["API list", `/api/v1/charters/${charter.slug}/signatories`],
    ] as const) {
      const times: number[] = [];
      for (let count = 0; count < 15; count += 1) {
        const started = performance.now();
        await bytesOf(port, `${path}?q=Organization+${count + 1}`, "gzip");
        times.push(performance.now() - started);
      }
      say(`${`${kind}, ${name}`.padEnd(24)}${quantile(times, 0.5).toFixed(1)} ms`);
    }
  }
}

/** How long after its commit by this process an act is on the pages of the other one. */
async function visible(port: number, { record, small, version }: Filled): Promise<void> {
  const times: number[] = [];
  for (let count = 0; count < 5; count += 1) {
    const name = `Latecomer ${count}`;
    const path = `/c/${small.slug}/signatories?sort=-date`;
    await bytesOf(port, path, "identity");
    const organization = await record.organization({ name });
    await record.sign(small, version, organization, new Date());
    const committed = performance.now();
    while (!(await bytesOf(port, path, "identity")).includes(name)) {
      if (performance.now() - committed > 5_000) throw new Error("The act did not show within five seconds.");
    }
    times.push(performance.now() - committed);
  }
  say(`\nan act of another process is on the list after ${times.map((ms) => `${ms.toFixed(0)} ms`).join(", ")}`);
}

async function bytesOf(port: number, path: string, encoding: "gzip" | "identity"): Promise<Buffer> {
  const { request } = await import("node:http");
  return new Promise((resolve, reject) => {
    const headers = { "accept-encoding": encoding, host: `localhost:${port}` };
    request({ host: "127.0.0.1", port, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        if (response.statusCode === 200) resolve(Buffer.concat(chunks));
        else reject(new Error(`${path} answered ${response.statusCode}.`));
      });
    })
      .on("error", reject)
      .end();
  });
}

async function startBare(files: readonly string[]): Promise<{ port: number; process: ChildProcess }> {
  const child = spawn(process.execPath, [join("bench", "bare-server.mjs"), ...files], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const port = await new Promise<number>((resolve) =>
    child.stdout.once("data", (line: Buffer) => resolve(Number(line.toString("utf8")))),
  );
  return { port, process: child };
}

function clauses(count: number): Clause[] {
  const words = "The organizations that sign this accord say what they do, do what they say, and report on it. ";
  return Array.from({ length: count }, (_, at) => ({
    id: `clause${String(at).padStart(6, "0")}`,
    kind: at % 6 === 0 ? "section" : "clause",
    level: at % 6 === 0 ? 0 : 1,
    heading: at % 6 === 0 ? `Part ${at / 6 + 1}` : "",
    body: at % 6 === 0 ? [] : [{ kind: "p", text: words.repeat(2).trim() }],
  }));
}

function fastest(rounds: readonly Figures[]): Figures {
  return rounds.reduce((best, one) => (one.perSecond > best.perSecond ? one : best));
}

function kilo(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KB`;
}

function seconds(started: number): string {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}

function say(line: string): void {
  console.log(line);
}
