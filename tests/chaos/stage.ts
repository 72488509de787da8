import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import * as Y from "yjs";
import { appendServerUpdate } from "#lib/data/room-log.ts";
import { seedUpdate } from "#lib/editor/clauses.ts";
import { AcknowledgingProvider } from "#lib/protocol/acknowledging-provider.ts";
import { randomOf } from "#tests/support/random.ts";
import { insertCharter, socketOf } from "#tests/support/room-client.ts";
import { until } from "#tests/support/until.ts";
import { clause } from "#tests/unit/lib/editor/build.ts";
import type { ChaosDatabase } from "./database.ts";
import { Judge, plain, type Verdict } from "./judge.ts";
import { Ledgers } from "./ledger.ts";
import { ServerProcess, WriterProcess } from "./processes.ts";
import type { WriterReport } from "./writer.ts";

/** Who plays in a fault. */
export type Cast = {
  readonly seed: number;
  readonly writers: number;
  readonly rooms: number;
  readonly servers: number;
  readonly pauseMs: number;
  readonly isDistorted?: boolean;
  /** After so long nothing new is broken; what was broken until then is judged. */
  readonly minutesMax?: number;
  /** Variables of the servers. */
  readonly variables?: Readonly<Record<string, string>>;
};

/** All that was found wrong, over a whole fault. */
export type Findings = { lost: number; duplicate: number; zombie: number; phantom: number; missing: number };

const clauseCount = 3;

/** Servers, writers and their ledgers on a database, with a judge who looks on. */
export class Stage {
  readonly database: ChaosDatabase;
  readonly servers: readonly ServerProcess[];
  readonly writers: readonly WriterProcess[];
  readonly ledgers: Ledgers;
  readonly random: () => number;
  readonly findings: Findings = { lost: 0, duplicate: 0, zombie: 0, phantom: 0, missing: 0 };
  /** How often it was done so far. */
  rounds = 0;
  readonly #deadline: number;
  readonly #roomIds: readonly string[];
  readonly #judge: Judge;
  readonly #folder: string;

  private constructor(
    database: ChaosDatabase,
    cast: Cast,
    parts: { servers: ServerProcess[]; writers: WriterProcess[]; ledgers: Ledgers; roomIds: string[]; folder: string },
  ) {
    this.database = database;
    this.servers = parts.servers;
    this.writers = parts.writers;
    this.ledgers = parts.ledgers;
    this.#roomIds = parts.roomIds;
    this.#folder = parts.folder;
    this.#judge = new Judge(parts.ledgers, parts.roomIds);
    this.random = randomOf(cast.seed);
    this.#deadline = performance.now() + (cast.minutesMax ?? 60) * 60_000;
  }

  static async open(database: ChaosDatabase, cast: Cast): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), "concordat-chaos-"));
    const roomIds = await withPool(database, (pool) => seedRooms(pool, cast.rooms));
    const servers: ServerProcess[] = [];
    for (let at = 0; at < cast.servers; at += 1)
      servers.push(await ServerProcess.start(database.url, cast.variables ?? {}));
    const ledgers = new Ledgers();
    const writers = Array.from({ length: cast.writers }, (_, at) => {
      const ledger = join(folder, `${at}.ledger`);
      ledgers.open(ledger);
      return new WriterProcess({
        name: `w${at}`,
        userId: randomUUID(),
        // Writers of one room are spread over all servers.
        url: servers[Math.floor(at / cast.rooms) % servers.length]?.url ?? "",
        roomId: roomIds[at % cast.rooms] ?? "",
        clauses: clauseCount,
        ledger,
        seed: cast.seed * 1_000 + at,
        pauseMs: cast.pauseMs,
        isDistorted: cast.isDistorted ?? false,
      });
    });
    const stage = new Stage(database, cast, { servers, writers, ledgers, roomIds, folder });
    await until(async () => (await stage.reports()).every((one) => one.isSaved), {
      what: "all writers to be in",
      timeoutMs: 300_000,
      everyMs: 100,
    });
    await Promise.all(writers.map((writer) => writer.ask("write")));
    return stage;
  }

  /** Does something so many times, or until the minutes of the run are over. */
  async repeat(times: number, once: (round: number) => Promise<void>): Promise<void> {
    for (let round = 0; round < times && performance.now() < this.#deadline; round += 1) {
      await once(round);
      this.rounds += 1;
    }
  }

  reports(): Promise<WriterReport[]> {
    return Promise.all(this.writers.map((writer) => writer.ask("report")));
  }

  /** Waits until `count` more deeds are acknowledged. */
  async progress(count: number, timeoutMs = 300_000): Promise<void> {
    this.ledgers.read();
    const before = this.ledgers.latencies.length;
    await until(
      () => {
        this.ledgers.read();
        return this.ledgers.latencies.length >= before + count;
      },
      { what: "writers to get on", timeoutMs, everyMs: 20 },
    );
  }

  async everyoneOnline(): Promise<void> {
    await until(async () => (await this.reports()).every((one) => one.isConnected && one.state.startsWith("sav")), {
      what: "writers to come back",
      timeoutMs: 300_000,
      everyMs: 50,
    });
  }

  /** Waits until every writer has seen that its server is gone, and so has noted the last acknowledgement that reached it. */
  async everyoneOffline(): Promise<void> {
    await until(async () => (await this.reports()).every((one) => !one.isConnected), {
      what: "writers to notice that the server is gone",
      everyMs: 50,
    });
  }

  /** Compares the ledgers with the database as it is now, and adds to the findings. */
  async compare(): Promise<Verdict> {
    const verdict = await withPool(this.database, (pool) => this.#judge.compare(pool));
    for (const kind of ["lost", "duplicate", "zombie", "phantom"] as const) this.findings[kind] += verdict[kind].length;
    return verdict;
  }

  /** Lets the writers finish, then compares everything: ledgers, rows, and what a fresh client is shown. Gives the writers' last words. */
  async finish(): Promise<readonly WriterReport[]> {
    await Promise.all(this.writers.map((writer) => writer.ask("pause")));
    await until(async () => (await this.reports()).every((one) => one.isSaved), {
      what: "everything to be saved",
      timeoutMs: 300_000,
      everyMs: 100,
    });
    const reports = await this.reports();
    await this.compare();
    const givenBack = new Set(reports.flatMap((one) => one.givenBack));
    await withPool(this.database, async (pool) => {
      this.findings.missing += (await this.#judge.missing(pool, givenBack)).length;
      await this.#judge.checkLogs(pool);
    });
    for (const roomId of this.#roomIds) {
      const text = this.#judge.textOf(roomId);
      for (const server of this.servers) await this.#requireShown(server, roomId, text);
    }
    return reports;
  }

  async close(): Promise<void> {
    await Promise.all(this.writers.map((writer) => writer.end()));
    await Promise.all(this.servers.map((server) => server.kill()));
    this.ledgers.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Whoever comes in now is shown what the log says. */
  async #requireShown(server: ServerProcess, roomId: string, text: string): Promise<void> {
    const doc = new Y.Doc({ gc: false });
    const provider = new AcknowledgingProvider({
      url: server.url,
      roomId,
      doc,
      socket: socketOf(randomUUID()),
      newClientId: () => doc.clientID,
    });
    try {
      await until(() => provider.state.kind === "saved" && plain(doc) === text, {
        what: "a fresh client to be shown what the log says",
        everyMs: 50,
      });
    } finally {
      provider.destroy();
    }
  }
}

/** Runs `use` with a few connections past the detour. */
async function withPool<T>(database: ChaosDatabase, use: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const pool = new pg.Pool({ connectionString: database.directUrl, max: 2 });
  pool.on("error", () => {});
  try {
    return await use(pool);
  } finally {
    await pool.end();
  }
}

async function seedRooms(pool: pg.Pool, count: number): Promise<string[]> {
  const roomIds: string[] = [];
  for (let room = 0; room < count; room += 1) {
    const { charterId, draftRoundId } = await insertCharter(pool);
    const id = randomUUID();
    await pool.query("INSERT INTO room (id, charter_id, draft_round_id) VALUES ($1, $2, $3)", [
      id,
      charterId,
      draftRoundId,
    ]);
    const clauses = Array.from({ length: clauseCount }, (_, at) => clause(`c${at}`, `Clause ${at}`, ["Start."]));
    const update = seedUpdate({ title: "Accord", language: "en", clauses }, 1);
    await appendServerUpdate(pool, id, update, { userId: null, organizationId: null, via: "seed" });
    roomIds.push(id);
  }
  return roomIds;
}
