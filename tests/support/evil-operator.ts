import { randomUUID } from "node:crypto";
import type { Context } from "#lib/data/context.ts";
import { keeperOf } from "#lib/data/keeper.ts";
import { openStore, type Store } from "#lib/data/store.ts";
import { signCheckpoint } from "#lib/ledger/checkpoint.ts";
import { type ActEntry, type Entry, encodeEntry, parseEntry } from "#lib/ledger/entry.ts";
import { type Evidence, evidenceHash } from "#lib/ledger/evidence.ts";
import { encodeBase64, encodeUtf8, sha256Hex } from "#lib/ledger/hash.ts";
import { leafHash, rootsOf } from "#lib/ledger/merkle.ts";
import { signNote } from "#lib/ledger/signed-note.ts";
import {
  appearanceHash,
  formatStatement,
  parseStatement,
  type Statement,
  statementHash,
} from "#lib/ledger/statement.ts";
import { loadPublicCheckpoint } from "#lib/queries/public-log.ts";
import { receiptBytes } from "#lib/queries/receipt-bytes.ts";
import { cloneTestDatabase, type TestDatabase } from "./database.ts";
import type { KeptRecord } from "./kept-record.ts";
import { type TestPasskey, testPasskey } from "./passkey.ts";
import { exportBytes } from "./public-file.ts";
import { testLogKey } from "./signing.ts";

/** One position of the log, with the act it records. */
export type Row = { readonly entry: Entry; readonly actId: string | null };

/** A row that holds an act of or about a signatory. */
export type ActRow = { readonly entry: ActEntry; readonly actId: string };

const origin = "localhost/log";
const guarded = ["act", "act_publication", "act_evidence", "log_entry", "charter_version", "charter"];

/**
 * Somebody with every right over the database and with the keys of the log and of the keeper, on a copy of a kept record. What
 * they serve comes from the product's own queries over what they made of the tables.
 */
export class EvilOperator {
  readonly record: KeptRecord;
  readonly store: Store;
  readonly #database: TestDatabase;
  readonly #ctx: Context;

  private constructor(record: KeptRecord, database: TestDatabase) {
    this.record = record;
    this.#database = database;
    this.store = openStore(database.url, 2);
    this.#ctx = { ...record.ctx, db: this.store.db, now: record.world.now };
  }

  static async on(record: KeptRecord): Promise<EvilOperator> {
    const original = new URL(record.world.database.url).pathname.slice(1);
    const evil = new EvilOperator(record, await cloneTestDatabase(original));
    for (const table of guarded) await evil.store.pool.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
    return evil;
  }

  async close(): Promise<void> {
    await this.store.close();
    await this.#database.drop();
  }

  async rows(): Promise<Row[]> {
    const rows = await this.store.db.logEntry.findMany({ orderBy: { index: "asc" } });
    return rows.map(({ entry, actId }) => ({ entry: parseEntry(entry), actId }));
  }

  /** The signing act of an organization. */
  async signatureOf(organizationId: string): Promise<ActRow> {
    const found = (await this.rows()).find(
      (row): row is ActRow =>
        row.entry.type === "act" && row.actId !== null && row.entry.organizationId === organizationId,
    );
    if (!found) throw new Error("There is no such signature.");
    return found;
  }

  /** Puts other words into the entry of an act, and into the tables that the list is made from. */
  async alter({ actId }: ActRow, entry: Partial<ActEntry>, payload: Record<string, unknown> = {}): Promise<void> {
    const rows = await this.rows();
    await this.say(actId, payload);
    await this.rewrite(
      rows.map((row) =>
        row.actId === actId && row.entry.type === "act" ? { actId, entry: { ...row.entry, ...entry } } : row,
      ),
    );
  }

  /** Changes what the tables say of an act, and leaves the log alone. */
  async say(actId: string, payload: Record<string, unknown>): Promise<void> {
    await this.store.pool.query("UPDATE act SET payload = payload || $2::jsonb WHERE id = $1", [actId, payload]);
  }

  /** Makes these the whole log: counts the acts anew, builds the tree, signs its head. Acts that are left out are gone. */
  async rewrite(rows: readonly Row[], logKey: Uint8Array = testLogKey): Promise<void> {
    const kept = renumbered(rows);
    const { db, pool } = this.store;
    const bytes = kept.map(({ entry }) => encodeEntry(entry));
    const leaves = bytes.map(leafHash);
    await pool.query("TRUNCATE log_entry, checkpoint");
    await db.logEntry.createMany({
      data: kept.map(({ actId }, index) => ({
        index: BigInt(index),
        entry: Uint8Array.from(bytes[index] ?? []),
        leafHash: Uint8Array.from(leaves[index] ?? []),
        actId,
      })),
    });
    await db.logHead.update({ where: { id: 1 }, data: { size: BigInt(kept.length) } });
    const acts = new Map(kept.flatMap(({ actId }, index) => (actId === null ? [] : [[actId, index]])));
    await pool.query("DELETE FROM act_publication WHERE NOT act_id = ANY($1::uuid[])", [[...acts.keys()]]);
    // Beyond every number first: two acts may change places.
    await pool.query("UPDATE act_publication SET number = number + 1000");
    for (const { entry, actId } of kept) {
      if (actId === null || !("number" in entry)) continue;
      await pool.query("UPDATE act_publication SET log_index = $2, number = $3, published_at = $4 WHERE act_id = $1", [
        actId,
        acts.get(actId),
        entry.number,
        entry.publishedAt,
      ]);
    }
    await this.signHead(logKey);
  }

  /** Signs the log as it stands in the tables. */
  async signHead(logKey: Uint8Array = testLogKey): Promise<void> {
    const leaves = (await this.rows()).map(({ entry }) => leafHash(encodeEntry(entry)));
    const root = rootsOf(leaves, [leaves.length]).get(leaves.length) ?? new Uint8Array(32);
    const note = signCheckpoint({ origin, size: leaves.length, root }, logKey);
    await this.store.db.checkpoint.deleteMany();
    await this.store.db.checkpoint.create({ data: { size: BigInt(leaves.length), root: Uint8Array.from(root), note } });
  }

  /** The end of the log that this one serves, as a statement would name it. */
  async head(): Promise<Statement["log"]> {
    const leaves = (await this.rows()).map(({ entry }) => leafHash(encodeEntry(entry)));
    return {
      origin,
      size: leaves.length,
      root: encodeBase64(rootsOf(leaves, [leaves.length]).get(leaves.length) ?? leaves[0] ?? new Uint8Array()),
    };
  }

  /** A statement like that of another act, with other words, for the operator to sign. */
  async statementLike(actId: string, other: Partial<Statement>): Promise<Statement> {
    const { statement } = await this.store.db.actEvidence.findUniqueOrThrow({ where: { actId } });
    return { ...parseStatement(statement), log: await this.head(), nonce: randomUUID().replaceAll("-", ""), ...other };
  }

  /** The keeper's countersignature, which says that somebody typed a code. */
  byKeeper(statement: string): Evidence {
    const { secretKey, vkey } = keeperOf(this.#ctx.site);
    return { class: "B", method: "email-code", keeper: vkey, note: signNote(statement, `${origin}/keeper`, secretKey) };
  }

  /** Evidence by a passkey, as a browser on the signing site makes it. */
  byPasskey(statement: string, passkey: TestPasskey, spki: Buffer): Evidence {
    const answer = passkey.assert(Buffer.from(statementHash(statement), "hex").toString("base64url"));
    const base64 = (text: string) => Buffer.from(text, "base64url").toString("base64");
    return {
      class: "A",
      spki: spki.toString("base64"),
      credentialId: answer.credentialId,
      rpId: "localhost",
      origin: "http://localhost:3000",
      clientDataJson: base64(answer.clientDataJson),
      authenticatorData: base64(answer.authenticatorData),
      signature: base64(answer.signature),
    };
  }

  /** Puts a whole signature of a statement at a place of the log, with all rows behind it. */
  async enter(
    like: ActRow,
    statement: Statement,
    evidenceOf: (text: string) => Evidence,
    more: { before?: readonly Entry[]; at?: number; entry?: Partial<ActEntry> } = {},
  ): Promise<string> {
    const text = formatStatement(statement);
    const evidence = evidenceOf(text);
    const rows = await this.rows();
    const actId = randomUUID();
    const at = more.at ?? rows.length;
    const entry: ActEntry = {
      ...like.entry,
      kind: "sign",
      refersTo: null,
      initial: false,
      version: statement.version,
      versionSha256: statement.versionSha256,
      organizationId: statement.organizationId,
      legalName: statement.organizationName,
      displayName: statement.organizationName,
      domain: statement.organizationDomain,
      officerTitle: statement.officerTitle,
      officerCommitment: statement.officerCommitment,
      statementSha256: sha256Hex(encodeUtf8(text)),
      evidenceClass: evidence.class,
      evidenceSha256: evidenceHash(evidence),
      key: statement.organizationKey,
      signedAt: this.#ctx.now.toISOString(),
      publishedAt: at === rows.length ? this.#ctx.now.toISOString() : like.entry.publishedAt,
      reservations: statement.reservations,
      declarationSha256: statement.declarationSha256,
      ...more.entry,
    };
    await this.#insertAct(actId, like.actId, entry, text, evidence);
    const before = (more.before ?? []).map((one) => ({ entry: one, actId: null }));
    await this.rewrite([...rows.slice(0, at), ...before, { entry, actId }, ...rows.slice(at)]);
    return actId;
  }

  async #insertAct(actId: string, like: string, entry: ActEntry, statement: string, evidence: Evidence): Promise<void> {
    const { db } = this.store;
    const model = await db.act.findUniqueOrThrow({ where: { id: like } });
    const version = await db.charterVersion.findFirstOrThrow({
      where: { charterId: entry.charterId, number: entry.version },
      select: { id: true },
    });
    const { organizationId, legalName, displayName, country, sector, domain } = entry;
    const organization = {
      id: organizationId,
      legalName,
      displayName,
      country: country ?? "",
      class: entry.class,
      sector: sector ?? "",
      domain: domain === "unconfirmed.invalid" ? null : domain,
    };
    await this.store.pool.query(
      `INSERT INTO organization (id, legal_name, display_name, name_skeleton, country, class, sector) VALUES ($1, $2, $3, $4, 'DE', 'company', 'Technology') ON CONFLICT DO NOTHING`,
      [organizationId, legalName, displayName, organizationId],
    );
    const payload = {
      kind: "sign",
      actType: "ACCESSION",
      organization,
      versionSha256: entry.versionSha256,
      officerTitle: entry.officerTitle,
      officerCommitment: entry.officerCommitment,
      statementSha256: entry.statementSha256,
      evidenceClass: entry.evidenceClass,
      keySha256: entry.key,
      signedAt: entry.signedAt,
      statementForPublication: entry.appearanceStatement ?? "",
      declaration: "",
    };
    await db.act.create({
      data: {
        id: actId,
        charterId: model.charterId,
        versionId: version.id,
        organizationId,
        kind: "sign",
        payload,
        at: this.#ctx.now,
      },
    });
    await db.actPublication.create({
      data: {
        actId,
        charterId: model.charterId,
        number: 900,
        notificationNumber: 900,
        notificationYear: 2031,
        title: legalName,
        text: legalName,
        publishedAt: this.#ctx.now,
        logIndex: 0n,
      },
    });
    await this.replaceEvidence(actId, statement, evidence);
  }

  /** Exchanges what the tables hold as statement and evidence of an act. */
  async replaceEvidence(actId: string, statement: string, evidence: Evidence): Promise<void> {
    await this.store.db.actEvidence.deleteMany({ where: { actId } });
    await this.store.db.actEvidence.create({
      data: {
        actId,
        statement,
        statementSha256: Buffer.from(statementHash(statement), "hex"),
        nonce: Buffer.from(parseStatement(statement).nonce, "hex"),
        evidenceClass: evidence.class,
        evidence,
      },
    });
  }

  /** Exchanges the key of an organization for another from the beginning, and what it signed for something signed with that. */
  async resign(
    { entry, actId }: ActRow,
    statement: string,
    evidence: Evidence,
    key: string,
    spki: Buffer,
  ): Promise<string> {
    const { signingKeyId } = await this.store.db.actEvidence.findUniqueOrThrow({ where: { actId } });
    await this.replaceEvidence(actId, statement, evidence);
    await this.store.db.actEvidence.update({ where: { actId }, data: { signingKeyId } });
    await this.say(actId, { keySha256: key, statementSha256: statementHash(statement) });
    const other = { key, statementSha256: statementHash(statement), evidenceSha256: evidenceHash(evidence) };
    const rows = await this.rows();
    await this.rewrite(
      rows.map((row) => {
        if (row.entry.type === "key" && row.entry.key === entry.key) {
          return { ...row, entry: { ...row.entry, key, spki: spki.toString("base64") } };
        }
        return row.actId === actId && row.entry.type === "act" ? { actId, entry: { ...row.entry, ...other } } : row;
      }),
    );
    return actId;
  }

  export(): Promise<Uint8Array> {
    return exportBytes(this.#ctx, this.record.slug);
  }

  receipt(actId: string): Promise<Uint8Array> {
    return receiptBytes(this.#ctx, actId);
  }

  checkpoint(): Promise<string> {
    return loadPublicCheckpoint(this.#ctx);
  }
}

/** How an organization of nobody's appears. */
export function plainAppearance(entry: ActEntry): string {
  return appearanceHash({ country: entry.country, class: entry.class, sector: entry.sector, statement: null });
}

/** A passkey of the operator's own, with its public key. */
export function ownPasskey(): { passkey: TestPasskey; spki: Buffer; key: string } {
  const passkey = testPasskey();
  const spki = passkey.spki;
  return { passkey, spki, key: sha256Hex(new Uint8Array(spki)) };
}

function renumbered(rows: readonly Row[]): Row[] {
  const counts = new Map<string, number>();
  const numbers = new Map<string, number>();
  return rows.map(({ entry, actId }) => {
    if (!("number" in entry) || entry.number === null) return { entry, actId };
    const { charterId } = entry;
    const number = (counts.get(charterId) ?? 0) + 1;
    counts.set(charterId, number);
    // A number that stands twice is that of an act and its copy: what refers to it means the first.
    const old = `${charterId} ${entry.number}`;
    if (!numbers.has(old)) numbers.set(old, number);
    if (entry.type !== "act") return { entry: { ...entry, number }, actId };
    const refersTo = entry.refersTo === null ? null : (numbers.get(`${charterId} ${entry.refersTo}`) ?? entry.refersTo);
    return { entry: { ...entry, number, refersTo }, actId };
  });
}
