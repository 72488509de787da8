import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ed25519PublicKey } from "#ledger-crypto";
import { lodgeSignature } from "#lib/commands/lodge-signature.ts";
import type { Db } from "#lib/data/store.ts";
import { auditLog } from "#lib/ledger/audit-log.ts";
import { encodeBase64 } from "#lib/ledger/hash.ts";
import { leafHash, rootOf } from "#lib/ledger/merkle.ts";
import { createSigner, LogDoubt } from "#server/signer/signer.ts";
import { bothLosses, ConnectionLost, losingCall, losingTransaction } from "#tests/support/lost.ts";
import { logFindings } from "#tests/support/record-invariants.ts";
import { officer, openedVersion, prepareByCode, signatory, testLogKey } from "#tests/support/signing.ts";
import { createWorld, type World } from "#tests/support/world.ts";

/** Every write of the log is played twice: it is lost, and the answer to it is lost. Afterwards nothing is missing and nothing double. */
let world: World;
let folder: string;
let versionId: string;
beforeAll(async () => {
  world = await createWorld();
  ({ versionId } = await openedVersion(world));
  // The first signature brings the version into effect, by an entry of its own.
  await signatory(world, versionId);
});
afterAll(() => world.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "concordat-signer-"));
  return () => rm(folder, { recursive: true, force: true });
});

const key = { secretKey: testLogKey, publicKey: ed25519PublicKey(testLogKey) };
const signerOn = (db: Db) => createSigner(db, { origin: "localhost/log", key, folder, isDemo: false });

/** The newest checkpoint is over exactly the entries that are there. */
async function expectWhole(): Promise<void> {
  const rows = await world.store.db.logEntry.findMany({ orderBy: { index: "asc" } });
  const head = await world.store.db.checkpoint.findFirstOrThrow({ orderBy: { size: "desc" } });
  const root = rootOf(rows.map(({ entry }) => leafHash(entry)));
  expect([Number(head.size), encodeBase64(head.root)]).toEqual([rows.length, encodeBase64(root)]);
  expect(auditLog(rows.map(({ entry }) => entry))).toEqual([]);
}

describe("an entry is appended once with its act, or not at all, when", () => {
  test.each(bothLosses)("%s", async (lost) => {
    const person = await officer(world, await world.organization());
    const { preparedId, code } = await prepareByCode(world, person, { versionId });
    const input = { preparedId, evidence: { class: "B" as const, code } };
    const prepareAgain = async () => {
      if (lost === "the answer is lost") return input;
      const fresh = await prepareByCode(world, person, { versionId });
      return { preparedId: fresh.preparedId, evidence: { class: "B" as const, code: fresh.code } };
    };
    const before = await world.store.db.logEntry.count();
    const ctx = world.as(person);
    const outcome = await lodgeSignature({ ...ctx, db: losingTransaction(ctx.db, lost) }, input).catch(
      (error: unknown) => error,
    );
    expect(outcome).toBeInstanceOf(ConnectionLost);
    const between = await world.store.db.logEntry.count();
    expect(between - before).toBe(lost === "the write is lost" ? 0 : 2);
    // A code is spent whatever becomes of the rest: after a lost write the officer asks for another.
    const next = await prepareAgain();
    const again = await lodgeSignature(ctx, next);
    expect(await lodgeSignature(ctx, next)).toEqual(again);
    // The organization and its act.
    expect((await world.store.db.logEntry.count()) - before).toBe(2);
    expect(await world.store.db.actPublication.count({ where: { actId: again.actId } })).toBe(1);
    expect(await logFindings(world.store)).toEqual([]);
  });
});

describe("a checkpoint is published once over everything that is there, when", () => {
  test.each(bothLosses)("%s", async (lost) => {
    await signatory(world, versionId);
    const signer = signerOn(losingCall(world.store.db, "checkpoint", "createMany", lost));
    await expect(signer.signGrowth()).rejects.toThrow(ConnectionLost);
    const size = await signer.signGrowth();
    expect(await signer.signGrowth()).toBe(size);
    await expectWhole();
  });

  test.each(bothLosses)("%s and the signer starts anew", async (lost) => {
    await signatory(world, versionId);
    const signer = signerOn(losingCall(world.store.db, "checkpoint", "createMany", lost));
    await expect(signer.signGrowth()).rejects.toThrow(ConnectionLost);
    await signerOn(world.store.db).signGrowth();
    await expectWhole();
  });
});

describe("the signer's memory: a head is never seen and forgotten, when", () => {
  test("the write is lost: nothing is published before it is remembered", async () => {
    await signatory(world, versionId);
    const checkpoints = await world.store.db.checkpoint.count();
    // Where the new state would be written stands a folder.
    await mkdir(join(folder, "log-state.json.new"));
    const signer = signerOn(world.store.db);
    await expect(signer.signGrowth()).rejects.toThrow();
    expect(await world.store.db.checkpoint.count()).toBe(checkpoints);
    await rm(join(folder, "log-state.json.new"), { recursive: true });
    const size = await signer.signGrowth();
    expect(JSON.parse(await readFile(join(folder, "log-state.json"), "utf8"))).toMatchObject({ size });
    await expectWhole();
  });

  test("the answer is lost: what was remembered and not published is published by the next start, the same", async () => {
    await signatory(world, versionId);
    const dying = signerOn(losingCall(world.store.db, "checkpoint", "createMany", "the write is lost"));
    await expect(dying.signGrowth()).rejects.toThrow(ConnectionLost);
    const remembered = JSON.parse(await readFile(join(folder, "log-state.json"), "utf8"));
    expect(await signerOn(world.store.db).signGrowth()).toBe(remembered.size);
    await expectWhole();
  });
});

describe("a running signer stops for good, and signs nothing more, when the database", () => {
  const guarded = async (change: () => Promise<unknown>): Promise<void> => {
    const { pool } = world.store;
    const saved = (await pool.query("SELECT * FROM log_entry ORDER BY index")).rows;
    await pool.query("ALTER TABLE log_entry DISABLE TRIGGER USER");
    const signer = signerOn(world.store.db);
    await signer.signGrowth();
    const checkpoints = await world.store.db.checkpoint.count();
    await change();
    await expect(signer.signGrowth()).rejects.toThrow(LogDoubt);
    await expect(signer.signGrowth()).rejects.toThrow(LogDoubt);
    // Nor does one that starts anew beside the same memory.
    await expect(signerOn(world.store.db).signGrowth()).rejects.toThrow(LogDoubt);
    expect(await world.store.db.checkpoint.count()).toBe(checkpoints);
    await pool.query("TRUNCATE log_entry");
    for (const row of saved) {
      await pool.query(
        "INSERT INTO log_entry (index, entry, leaf_hash, act_id, created_at) VALUES ($1, $2, $3, $4, $5)",
        [row.index, row.entry, row.leaf_hash, row.act_id, row.created_at],
      );
    }
    await pool.query("UPDATE log_head SET size = $1", [saved.length]);
    await pool.query("ALTER TABLE log_entry ENABLE TRIGGER USER");
  };
  const sql = (text: string) => world.store.pool.query(text);
  const dropLast = "DELETE FROM log_entry WHERE index = (SELECT max(index) FROM log_entry)";

  test("was rolled back", () =>
    guarded(async () => {
      await sql(dropLast);
      await sql("UPDATE log_head SET size = size - 1");
    }));

  test("was rolled back and has grown beyond that again", () =>
    guarded(async () => {
      await sql(dropLast);
      await sql("UPDATE log_head SET size = size - 1");
      await signatory(world, versionId);
    }));

  test("has another entry where the last one was", () =>
    guarded(async () => {
      await sql(
        "UPDATE log_entry SET entry = '\\x7b7d', leaf_hash = sha256('\\x007b7d') WHERE index = (SELECT max(index) FROM log_entry)",
      );
      await signatory(world, versionId);
    }));
});
