/**
 * `npm run bench:records`: how fast the record is written and checked. A charter with 10,000 signatures is verified by the program
 * that readers have; a log of 100,000 entries is rebuilt; 20 signers lodge at once while the signer publishes checkpoints.
 */
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ed25519PublicKey } from "#ledger-crypto";
import { lodgeSignature } from "#lib/commands/lodge-signature.ts";
import { openStore } from "#lib/data/store.ts";
import { leafHash, rootOf } from "#lib/ledger/merkle.ts";
import { buildVerifier, bundleForNode } from "#server/cli/build-verifier.mjs";
import { startCluster } from "#server/database/embedded.ts";
import { migrate } from "#server/database/migrate.ts";
import { repeat } from "#server/repeat.ts";
import { createSigner } from "#server/signer/signer.ts";
import { testLogKey } from "#tests/support/signing.ts";
import { createWorld } from "#tests/support/world.ts";
import { databaseCpuMs } from "./cpu.ts";
import { quantile } from "./load.ts";
import { type PreparedSignature, prepareSignatures } from "./signable.ts";

const signatures = Number(process.env["BENCH_SIGNATURES"] ?? 10_000);
const treeEntries = 100_000;
const acts = Number(process.env["BENCH_ACTS"] ?? 300);
const signers = 20;
// Signatures before the clock runs: the version takes effect, and the connections of a server have asked everything before.
const warmUp = signers * 8;

const folder = await mkdtemp(join(tmpdir(), "concordat-bench-"));
const parts: Readonly<Record<string, () => Promise<void>>> = { verification, tree, appending };
const asked = process.argv.slice(2);
say(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown"}\n`);
try {
  for (const [name, play] of Object.entries(parts)) if (asked.length === 0 || asked.includes(name)) await play();
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function verification(): Promise<void> {
  await buildVerifier(folder);
  // Made by the same code that judges it, with Node's own hashes: the making is not what is measured.
  await writeFile(join(folder, "large-export.mjs"), await bundleForNode("../../tests/support/large-export.ts"));
  const { largeExport }: typeof import("#tests/support/large-export.ts") = await import(
    pathToFileURL(join(folder, "large-export.mjs")).href
  );
  const { bytes, policy, entries } = largeExport(signatures);
  await writeFile(join(folder, "export.zip"), bytes);
  await writeFile(join(folder, "policy.txt"), policy);
  const onExit =
    "data:text/javascript,process.on('exit',()=>console.error(process.cpuUsage().user+process.cpuUsage().system))";
  const args = ["--import", onExit, "concordat.mjs", "fsck", "export.zip", "--policy", "policy.txt"];
  const begun = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  const taken = (performance.now() - begun) / 1000;
  if (status !== 3) throw new Error(`The export was not found valid: ${stdout.slice(0, 500)}`);
  say(
    `verification of ${signatures} signatures, ${entries.length} entries, ${(bytes.length / 1e6).toFixed(0)} MB: ${taken.toFixed(1)} s, of one core ${(Number(stderr) / 1e6).toFixed(1)} s (goal under 15 s)`,
  );
}

async function tree(): Promise<void> {
  const entries = Array.from({ length: treeEntries }, (_, at) => new TextEncoder().encode(`${at} `.padEnd(1000, "x")));
  const begun = performance.now();
  const before = process.cpuUsage();
  rootOf(entries.map(leafHash));
  const { user } = process.cpuUsage(before);
  const taken = (performance.now() - begun) / 1000;
  say(
    `tree of ${treeEntries} entries of 1,000 bytes rebuilt: ${taken.toFixed(2)} s, of one core ${(user / 1e6).toFixed(2)} s (goal 2 s)`,
  );
}

async function appending(): Promise<void> {
  const cluster = await startCluster(join(folder, "data"));
  try {
    const url = await cluster.database("bench");
    await migrate(url);
    const world = await createWorld({ url, drop: async () => {} });
    const crowd = openStore(url, signers);
    const key = { secretKey: testLogKey, publicKey: ed25519PublicKey(testLogKey) };
    const signer = createSigner(world.store.db, { origin: "localhost/log", key, folder, isDemo: false });
    const prepared = await prepareSignatures(world, warmUp + acts, () => signer.signGrowth());
    const published: { readonly size: number; readonly at: number }[] = [];
    // As the server does it: the log is looked at four times a second.
    const part = repeat(250, "signer", async () => {
      published.push({ size: await signer.signGrowth(), at: performance.now() });
      return false;
    });
    const times: number[] = [];
    const committed: { readonly actId: string; readonly at: number }[] = [];
    const lodgeAll = (waiting: PreparedSignature[]) =>
      Promise.all(
        Array.from({ length: signers }, async () => {
          for (let one = waiting.pop(); one; one = waiting.pop()) {
            const started = performance.now();
            const { actId } = await lodgeSignature({ ...one.ctx, db: crowd.db }, one.input);
            times.push(performance.now() - started);
            committed.push({ actId, at: performance.now() });
          }
        }),
      );
    await lodgeAll(prepared.splice(0, warmUp));
    times.length = 0;
    committed.length = 0;
    const database = await databaseCpuMs(cluster.pid);
    const cpu = process.cpuUsage();
    const begun = performance.now();
    await lodgeAll(prepared);
    const taken = (performance.now() - begun) / 1000;
    const used = process.cpuUsage(cpu);
    const databaseMs = (await databaseCpuMs(cluster.pid)) - database;
    const { size } = await world.store.db.logHead.findUniqueOrThrow({ where: { id: 1 } });
    while ((published.at(-1)?.size ?? 0) < Number(size)) await new Promise((resolve) => setTimeout(resolve, 20));
    await part.drain();
    const rows = await world.store.db.actPublication.findMany({ select: { actId: true, logIndex: true } });
    const indexes = new Map(rows.map((row) => [row.actId, Number(row.logIndex)]));
    const lags = committed.map(({ actId, at }) => {
      const index = indexes.get(actId) ?? Number.POSITIVE_INFINITY;
      return Math.max(0, (published.find((one) => one.size > index)?.at ?? Number.POSITIVE_INFINITY) - at);
    });
    say(
      `appending by ${signers} signers at once, ${acts} signatures by passkey: ${(acts / taken).toFixed(0)} acts/s (goal 100), each ${((used.user + used.system) / 1000 / acts).toFixed(1)} ms of this process and ${(databaseMs / acts).toFixed(1)} ms of PostgreSQL; ${quantile(times, 0.5).toFixed(0)} ms p50, ${quantile(times, 0.99).toFixed(0)} ms p99`,
    );
    say(
      `checkpoint after the answer: ${quantile(lags, 0.5).toFixed(0)} ms p50, ${quantile(lags, 0.99).toFixed(0)} ms p99 (goal 1,000 ms)`,
    );
    await crowd.close();
    await world.close();
  } finally {
    await cluster.stop();
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
