/**
 * `npm run bench:public`: the public pages of a record with 200 charters and 10,000 signatories, served by the built
 * server, beside a bare Node http server with the same bytes from memory in the same run: headers and body alike, and once
 * more with three headers only. The sides take turns, and the median round of each counts. Bounded in count and in time, and
 * only ever on 127.0.0.1.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { openStore, type Store } from "#lib/data/store.ts";
import type { Clause } from "#lib/domain/charter-text.ts";
import { startCluster } from "#server/database/embedded.ts";
import { migrate } from "#server/database/migrate.ts";
import { PublicRecord, type RecordedCharter, type RecordedVersion } from "#tests/support/public-record.ts";
import { startServer } from "#tests/support/server.ts";
import { type Figures, flood, pace, quantile, type Target } from "./load.ts";

const charterCount = 200;
const manySignatories = 10_000;
const fewSignatories = 100;
const connections = 16;
const roundCount = 5;
const roundMs = 1_000;
const roundCountMax = 20_000;
const paced = { perSecond: 50, ms: 6_000 };

type Filled = {
  readonly record: PublicRecord;
  readonly large: RecordedCharter;
  readonly small: RecordedCharter;
  readonly versions: { readonly large: RecordedVersion; readonly small: RecordedVersion };
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
  const server = await startServer({ DATABASE_URL: url, ...only }, { world: "new" });
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
      // Padded, so that a search finds as many of the first hundred as of all.
      name: `Organization ${String(at + 1).padStart(5, "0")}`,
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
  const large = await make("many", manySignatories);
  const small = await make("few", fewSignatories);
  for (let at = 2; at < charterCount; at += 1) await make(`accord-${at}`, 3);
  await store.pool.query("ANALYZE");
  say(`Filled ${charterCount} charters and ${manySignatories} signatories in ${seconds(started)}.\n`);
  const versions = { large: large.version, small: small.version };
  return { record, large: large.charter, small: small.charter, versions };
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
  for (const [at, [, path]] of paths.entries()) {
    const plain = await answerOf(port, path, "identity");
    const packed = await answerOf(port, path, "gzip");
    const [body, headers] = [join(folder, `body-${at}`), join(folder, `headers-${at}`)];
    await writeFile(body, packed.body);
    await writeFile(headers, JSON.stringify(packed.headers));
    files.push(body, headers);
    weights.push({ plain: plain.body.length, packed: packed.body.length });
  }
  const bare = await startBare(files);
  try {
    say(`load of this machine before: ${loadavg()[0]?.toFixed(2)}`);
    say(
      "warm                  ours    bare   ratio   short   ratio |  p50    p99 ms | at 50/s ours p50, p99 | bare p50, p99 | KB (gzip)",
    );
    for (const [at, [name, path]] of paths.entries()) {
      const row = await rounds([
        { port, path },
        { port: bare.port, path: `/${at}` },
        { port: bare.port, path: `/${at}/short` },
      ]);
      const [ours, same, short] = row;
      const steady = await pace({ port, path }, paced.perSecond, paced.ms);
      const control = await pace({ port: bare.port, path: `/${at}` }, paced.perSecond, paced.ms);
      const ratio = (theirs: Figures) => (ours.perSecond / theirs.perSecond).toFixed(2);
      const rates = [ours.perSecond.toFixed(0), same.perSecond.toFixed(0), ratio(same)];
      const cells = [...rates, short.perSecond.toFixed(0), ratio(short)].map((cell) => cell.padStart(8)).join("");
      const times = [ours.p50, ours.p99, steady.p50, steady.p99, control.p50, control.p99];
      const weight = `${kilo(weights[at]?.plain ?? 0)} (${kilo(weights[at]?.packed ?? 0)})`;
      say(`${name.padEnd(22)}${cells} ${times.map((ms) => ms.toFixed(2).padStart(8)).join("")}   ${weight}`);
    }
    say(`load of this machine after: ${loadavg()[0]?.toFixed(2)}`);
  } finally {
    bare.process.kill();
  }
}

/** Each target `roundCount` times, taking turns, so that what else the machine does meets all alike; the median round of each. */
async function rounds(targets: readonly [Target, Target, Target]): Promise<[Figures, Figures, Figures]> {
  const all: [Figures[], Figures[], Figures[]] = [[], [], []];
  for (const target of targets) await flood(target, connections, roundMs / 4, roundCountMax);
  for (let round = 0; round < roundCount; round += 1) {
    for (const at of round % 2 === 0 ? ([0, 1, 2] as const) : ([2, 1, 0] as const)) {
      all[at].push(await flood(targets[at], connections, roundMs, roundCountMax));
    }
  }
  return [median(all[0]), median(all[1]), median(all[2])];
}

/**
 * Pages that nobody asked for before: what one load costs, and how it grows with the list. Both lists are asked for the same
 * number of rows: ten, by a search, and a whole first page.
 */
async function cold(port: number, { large, small }: Filled): Promise<void> {
  say("\ncold (each address for the first time), median and slowest, the lists of 10,000 and of 100 in turn");
  const orders = ["date", "-date", "name", "-name", "country", "-country"];
  const searches = Array.from({ length: 10 }, (_, at) => `q=Organization+000${at}`);
  const wholes = ["joined=initial", "status=standing", "version=1"].flatMap((all) =>
    orders.map((order) => `${all}&sort=${order}`),
  );
  for (const [kind, pathOf] of [
    ["list", ({ slug }: RecordedCharter) => `/c/${slug}/signatories`],
    ["API", ({ slug }: RecordedCharter) => `/api/v1/charters/${slug}/signatories`],
  ] as const) {
    for (const [what, queries] of [
      ["search, 10 rows", searches],
      ["first page, 100 rows", wholes],
    ] as const) {
      const times: [number[], number[]] = [[], []];
      for (const query of queries) {
        for (const at of [0, 1] as const) {
          const started = performance.now();
          await answerOf(port, `${pathOf(at === 0 ? large : small)}?${query}`, "gzip");
          times[at].push(performance.now() - started);
        }
      }
      const [many, few] = times.map((all) => `${quantile(all, 0.5).toFixed(1)} (${Math.max(...all).toFixed(1)}) ms`);
      say(`${`${kind}, ${what}`.padEnd(26)}10,000: ${many}   100: ${few}`);
    }
  }
}

/** How long after its commit by this process an act is on the pages of the other one. */
async function visible(port: number, { record, large, small, versions }: Filled): Promise<void> {
  for (const [name, charter, version] of [
    ["10,000", large, versions.large],
    ["100", small, versions.small],
  ] as const) {
    const path = `/c/${charter.slug}/signatories?sort=-date`;
    const times: number[] = [];
    let slowest = 0;
    for (let count = 0; count < 5; count += 1) {
      const late = `Latecomer ${name} ${count}`;
      await answerOf(port, path, "identity");
      const organization = await record.organization({ name: late });
      await record.sign(charter, version, organization, new Date());
      const committed = performance.now();
      for (let asked = committed; ; asked = performance.now()) {
        const { body } = await answerOf(port, path, "identity");
        slowest = Math.max(slowest, performance.now() - asked);
        if (body.includes(late)) break;
        if (performance.now() - committed > 5_000) throw new Error("The act did not show within five seconds.");
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      times.push(performance.now() - committed);
    }
    const shown = times.map((ms) => `${ms.toFixed(0)} ms`).join(", ");
    say(
      `an act of another process is on the list of ${name} after ${shown}; slowest answer meanwhile ${slowest.toFixed(0)} ms`,
    );
  }
}

type Answer = { readonly headers: Record<string, string>; readonly body: Buffer };

/** An answer with its headers, those left out that Node's server writes by itself. */
async function answerOf(port: number, path: string, encoding: "gzip" | "identity"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = { "accept-encoding": encoding, host: `localhost:${port}` };
    request({ host: "127.0.0.1", port, path, headers: asked }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        if (response.statusCode !== 200) return reject(new Error(`${path} answered ${response.statusCode}.`));
        const { date: _date, connection: _connection, "keep-alive": _keepAlive, ...rest } = response.headers;
        const headers = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value)]));
        resolve({ headers, body: Buffer.concat(chunks) });
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

function median(rounds: readonly Figures[]): Figures {
  const sorted = [...rounds].sort((left, right) => left.perSecond - right.perSecond);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (!middle) throw new Error("There was no round.");
  return middle;
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
