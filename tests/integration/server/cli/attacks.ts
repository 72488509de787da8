import { randomUUID } from "node:crypto";
import { ed25519PublicKey } from "#ledger-crypto";
import { canonicalVersion, clauseListHash, parseCanonicalVersion } from "#lib/ledger/canonical-version.ts";
import type { ActEntry, Entry, KeyEntry } from "#lib/ledger/entry.ts";
import { formatVkey, noteKey } from "#lib/ledger/signed-note.ts";
import { formatStatement, textHash } from "#lib/ledger/statement.ts";
import { type ActRow, type EvilOperator, ownPasskey, plainAppearance, type Row } from "#tests/support/evil-operator.ts";

/** What a reader is served, and what the reader holds it against. */
export type Served = {
  readonly kind: "export" | "export, and a kept checkpoint" | "receipt";
  readonly bytes: Uint8Array;
};

/** One attack: what is done to the record, and what the verifier must say of it. */
export type Attack = {
  readonly name: string;
  readonly play: (evil: EvilOperator) => Promise<Served>;
  /** 2 found out, 5 shown for what it is. Nothing else is ever right. */
  readonly exit: 2 | 5;
  readonly says: RegExp;
};

const isForked = /does not begin with the \d+ entries of the older checkpoint/;
const isOtherLog = /the log is not the one that its officer saw|the act stands before the log that its officer saw/;

/** What somebody could do who has every right over the database, the key of the log and the key of the keeper. */
export const attacks: readonly Attack[] = [
  {
    name: "adds a signatory that never signed, by its own word",
    play: async (evil) => {
      const { like, statement } = await stranger(evil);
      await evil.enter(like, statement, (text) => evil.byKeeper(text), {
        before: [verifiedEntry(like.entry, statement)],
      });
      return served(evil, "export, and a kept checkpoint");
    },
    exit: 5,
    says: /Recorded by the keeper, no key of the organization: 2 signed acts/,
  },
  {
    name: "adds it in the past, as if it had always been there",
    play: async (evil) => {
      const { like, statement } = await stranger(evil);
      const at = (await evil.rows()).findIndex(({ actId }) => actId === like.actId);
      const log = { ...statement.log, ...(await startOf(evil, like.actId)) };
      const more = { at, before: [verifiedEntry(like.entry, statement)], entry: { signedAt: like.entry.signedAt } };
      await evil.enter(like, { ...statement, log }, (text) => evil.byKeeper(text), more);
      return served(evil, "export");
    },
    exit: 2,
    says: isOtherLog,
  },
  {
    name: "drops a signatory, and counts the others anew",
    play: async (evil) => {
      const gone = await evil.signatureOf(evil.record.byCode.organization?.id ?? "");
      await evil.rewrite((await evil.rows()).filter(({ actId }) => actId !== gone.actId));
      return served(evil, "export");
    },
    exit: 2,
    says: isOtherLog,
  },
  {
    name: "hides the newest act, a withdrawal",
    play: async (evil) => {
      await evil.rewrite((await evil.rows()).filter(({ entry }) => entry.type !== "act" || entry.kind !== "withdraw"));
      return served(evil, "export, and a kept checkpoint");
    },
    exit: 2,
    says: isForked,
  },
  {
    name: "alters a clause after it was signed, everywhere",
    play: async (evil) => {
      await alterText(evil);
      return served(evil, "export");
    },
    exit: 2,
    says: /act \d+: the text is not the text that was signed/,
  },
  {
    name: "swaps the words of a reservation",
    play: async (evil) => {
      const row = await evil.signatureOf(evil.record.holders[1]?.organizationId ?? "");
      const text = "We report when we please.";
      const clauseId = row.entry.reservations[0]?.clauseId ?? "";
      const other = { reservations: [{ clauseId, sha256: textHash(text) }] };
      await evil.alter(row, other, { reservations: [{ clauseId, text }] });
      return served(evil, "export");
    },
    exit: 2,
    says: /act \d+: the log holds other reservations/,
  },
  {
    name: "takes a reservation away",
    play: async (evil) => {
      const row = await evil.signatureOf(evil.record.holders[1]?.organizationId ?? "");
      await evil.alter(row, { reservations: [] }, { reservations: [] });
      return served(evil, "export");
    },
    exit: 2,
    says: /act \d+: the log holds other reservations/,
  },
  {
    name: "backdates a signature by a year",
    play: async (evil) => {
      const row = await evil.signatureOf(evil.record.withdrawn.organizationId);
      const signedAt = "2030-05-03T09:00:00.000Z";
      await evil.alter(row, { signedAt, publishedAt: signedAt }, { signedAt });
      return served(evil, "export");
    },
    exit: 2,
    says: /The time of this entry lies before that of an earlier one/,
  },
  {
    name: "backdates it to before its officer's mandate, with a smooth clock",
    play: async (evil) => {
      const row = await evil.signatureOf(evil.record.withdrawn.organizationId);
      const signedAt = "2030-05-03T09:00:00.000Z";
      await evil.alter(row, { signedAt }, { signedAt });
      return served(evil, "export");
    },
    exit: 2,
    says: /act \d+: the officer had no mandate at that time/,
  },
  {
    name: "lets two signatories change places",
    play: async (evil) => {
      const rows = await evil.rows();
      const [first, second] = await Promise.all(evil.record.holders.map((one) => evil.signatureOf(one.organizationId)));
      const moved = rows.filter(({ actId }) => actId !== first?.actId);
      const at = moved.findIndex(({ actId }) => actId === second?.actId);
      const later = { ...first, entry: { ...first?.entry, publishedAt: second?.entry.publishedAt } } as Row;
      await evil.rewrite([...moved.slice(0, at + 1), later, ...moved.slice(at + 1)]);
      return served(evil, "export");
    },
    exit: 2,
    says: isOtherLog,
  },
  {
    name: "forks the log: this reader is shown another end",
    play: async (evil) => {
      const rows = await evil.rows();
      const { like, statement } = await stranger(evil);
      await evil.rewrite(rows.slice(0, -2));
      const log = await evil.head();
      const before = [verifiedEntry(like.entry, statement)];
      await evil.enter(like, { ...statement, log }, (text) => evil.byKeeper(text), { before });
      return served(evil, "export, and a kept checkpoint");
    },
    exit: 2,
    says: isForked,
  },
  {
    name: "rolls the log back to a backup",
    play: async (evil) => {
      await evil.rewrite((await evil.rows()).slice(0, -3));
      return served(evil, "export, and a kept checkpoint");
    },
    exit: 2,
    says: isForked,
  },
  {
    name: "replaces the key of an organization, and signs anew in its name",
    play: async (evil) => {
      await replaceKey(evil);
      return served(evil, "export");
    },
    exit: 2,
    says: isOtherLog,
  },
  {
    name: "replaces the key, and serves the receipt of it to somebody new",
    play: async (evil) => ({ kind: "receipt", bytes: await evil.receipt(await replaceKey(evil)) }),
    exit: 5,
    says: /Key vouched for by the keeper, not by your policy/,
  },
  {
    name: "signs the whole log again with a key of its own",
    play: async (evil) => {
      const secret = new Uint8Array(32).fill(3);
      const vkey = formatVkey(noteKey("localhost/log", ed25519PublicKey(secret)));
      const rows = await evil.rows();
      await evil.rewrite(
        rows.map((row) => (row.entry.type === "log.genesis" ? { ...row, entry: { ...row.entry, vkey } } : row)),
        secret,
      );
      return served(evil, "export");
    },
    exit: 2,
    says: /The note is not signed by the key localhost\/log\+/,
  },
  {
    name: "moves a signature to another version",
    play: async (evil) => {
      const row = await evil.signatureOf(evil.record.withdrawn.organizationId);
      const rows = await evil.rows();
      const second = rows.find(
        ({ entry }) => entry.type === "version" && entry.version === 2 && entry.action === "opened",
      );
      if (second?.entry.type !== "version") throw new Error("There is no second version.");
      const { versionSha256 } = second.entry;
      await evil.rewrite(rows.filter(({ entry }) => entry.type !== "act" || entry.kind !== "withdraw"));
      await evil.store.pool.query("UPDATE act SET version_id = $2 WHERE id = $1", [
        row.actId,
        evil.record.versionIds[1],
      ]);
      await evil.alter(row, { version: 2, versionSha256 }, { versionSha256 });
      return served(evil, "export");
    },
    exit: 2,
    says: /act \d+: the text is not the text that was signed/,
  },
  {
    name: "enrols its own key as an organization's, and signs with it",
    play: async (evil) => {
      const like = await evil.signatureOf(evil.record.byCode.organization?.id ?? "");
      const { passkey, spki, key } = ownPasskey();
      const statement = await evil.statementLike(like.actId, { ...(await secondVersion(evil)), organizationKey: key });
      const before = [keyEntryOf(like.entry, key, spki, evil.record.world.now)];
      await evil.enter(like, statement, (text) => evil.byPasskey(text, passkey, spki), { before });
      return served(evil, "export, and a kept checkpoint");
    },
    exit: 5,
    says: /Key vouched for by the keeper, not by your policy: 1 signed act/,
  },
  {
    name: "lets an organization that has keys sign by the keeper's word",
    play: async (evil) => {
      const like = await evil.signatureOf(evil.record.holders[0]?.organizationId ?? "");
      const statement = await evil.statementLike(like.actId, { ...(await secondVersion(evil)), organizationKey: null });
      const of = { appearanceSha256: plainAppearance(like.entry) };
      const entry = { appearanceStatement: null };
      await evil.enter(like, { ...statement, ...of }, (text) => evil.byKeeper(text), { entry });
      return served(evil, "export, and a kept checkpoint");
    },
    exit: 5,
    says: /Recorded by the keeper, no key of the organization: 2 signed acts/,
  },
  {
    name: "writes an act into the log that the organization did not make",
    play: async (evil) => {
      const row = await evil.signatureOf(evil.record.withdrawn.organizationId);
      await evil.alter(row, { by: "operator", reason: "Recorded by hand." });
      return served(evil, "export");
    },
    exit: 2,
    says: /./,
  },
  {
    name: "uses a signed statement a second time, after the withdrawal",
    play: async (evil) => {
      const row = await evil.signatureOf(evil.record.withdrawn.organizationId);
      const { statement, evidence } = await evil.store.db.actEvidence.findUniqueOrThrow({
        where: { actId: row.actId },
      });
      const actId = randomUUID();
      const act = await evil.store.db.act.findUniqueOrThrow({ where: { id: row.actId } });
      await evil.store.pool.query(
        "INSERT INTO act (id, charter_id, version_id, organization_id, kind, payload) VALUES ($1, $2, $3, $4, 'sign', $5)",
        [actId, act.charterId, act.versionId, act.organizationId, act.payload],
      );
      await evil.store.pool.query("DROP INDEX act_evidence_nonce_key");
      await evil.store.pool.query(
        "INSERT INTO act_evidence (act_id, statement, statement_sha256, nonce, evidence_class, evidence) SELECT $1, statement, statement_sha256, nonce, evidence_class, evidence FROM act_evidence WHERE act_id = $2",
        [actId, row.actId],
      );
      await evil.store.pool.query(
        "INSERT INTO act_publication (act_id, charter_id, number, notification_number, notification_year, title, text, published_at, log_index) VALUES ($1, $2, 900, 900, 2031, '', '', now(), 0)",
        [actId, act.charterId],
      );
      if (!statement || !evidence) throw new Error("There is nothing to use again.");
      const publishedAt = evil.record.world.now.toISOString();
      await evil.rewrite([...(await evil.rows()), { actId, entry: { ...row.entry, publishedAt } }]);
      return served(evil, "export, and a kept checkpoint");
    },
    exit: 2,
    says: /The statement of this act was used before/,
  },
  {
    name: "puts another organization's name under a signature",
    play: async (evil) => {
      const row = await evil.signatureOf(evil.record.holders[0]?.organizationId ?? "");
      await evil.alter(
        row,
        { legalName: "Southlight GmbH" },
        { organization: await renamed(evil, row, "Southlight GmbH") },
      );
      return served(evil, "export");
    },
    exit: 2,
    says: /act \d+: the log gives the organization another name/,
  },
  {
    name: "changes the words that an organization published of itself",
    play: async (evil) => {
      const row = await evil.signatureOf(evil.record.holders[0]?.organizationId ?? "");
      const words = "We sign reluctantly.";
      await evil.alter(row, { appearanceStatement: words }, { statementForPublication: words });
      return served(evil, "export");
    },
    exit: 2,
    says: /act \d+: the log shows the organization otherwise than it asked/,
  },
  {
    name: "serves a list beside the log",
    play: async (evil) => {
      const row = await evil.signatureOf(evil.record.holders[0]?.organizationId ?? "");
      await evil.say(row.actId, { organization: await renamed(evil, row, "Southlight GmbH") });
      return served(evil, "export");
    },
    exit: 2,
    says: /signatories\.json is not the list that follows from the log/,
  },
  {
    name: "exchanges the evidence for its own, under the organization's key",
    play: async (evil) => {
      const row = await evil.signatureOf(evil.record.holders[0]?.organizationId ?? "");
      const { passkey } = ownPasskey();
      const statement = await evil.statementLike(row.actId, {});
      const { spki } = await evil.store.db.signingKey.findUniqueOrThrow({
        where: { id: evil.record.holders[0]?.keyId ?? "" },
      });
      const version = await secondVersion(evil);
      await evil.enter(
        row,
        { ...statement, ...version, appearanceSha256: plainAppearance(row.entry) },
        (text) => evil.byPasskey(text, passkey, Buffer.from(spki)),
        { entry: { appearanceStatement: null } },
      );
      return served(evil, "export, and a kept checkpoint");
    },
    exit: 2,
    says: /act \d+: The passkey's signature is wrong/,
  },
];

async function served(evil: EvilOperator, kind: "export" | "export, and a kept checkpoint"): Promise<Served> {
  return { kind, bytes: await evil.export() };
}

/** An organization that does not exist, in the shape of the one that signed by code. */
async function stranger(evil: EvilOperator) {
  const like = await evil.signatureOf(evil.record.byCode.organization?.id ?? "");
  const statement = await evil.statementLike(like.actId, {
    organizationId: randomUUID(),
    organizationName: "Phantom Holdings",
    organizationDomain: "unconfirmed.invalid",
  });
  return { like, statement };
}

function verifiedEntry(like: ActEntry, statement: { organizationId: string; organizationName: string }): Entry {
  const { country, class: kind, sector } = like;
  return {
    type: "org",
    v: 1,
    action: "verified",
    organizationId: statement.organizationId,
    legalName: statement.organizationName,
    displayName: statement.organizationName,
    country,
    class: kind,
    sector,
    domain: "unconfirmed.invalid",
    domainProof: "operator",
    successorId: null,
    by: "operator",
    at: like.publishedAt,
  };
}

function keyEntryOf(like: ActEntry, key: string, spki: Buffer, now: Date): KeyEntry {
  return {
    type: "key",
    v: 1,
    action: "enrolled",
    organizationId: like.organizationId,
    key,
    spki: spki.toString("base64"),
    algorithm: -7,
    rpId: "localhost",
    origin: "http://localhost:3000",
    boundBy: "dns",
    approvedBy: null,
    evidenceSha256: "0".repeat(64),
    at: now.toISOString(),
  };
}

/** The log as the statement of this act names it. */
async function startOf(evil: EvilOperator, actId: string) {
  const { statement } = await evil.store.db.actEvidence.findUniqueOrThrow({ where: { actId } });
  const [, size = "0", root = ""] = /^log \S+ (\d+) (\S+)$/m.exec(statement) ?? [];
  return { size: Number(size), root };
}

async function secondVersion(
  evil: EvilOperator,
): Promise<{ version: number; versionSha256: string; charterTitle: string }> {
  const row = await evil.store.db.charterVersion.findUniqueOrThrow({ where: { id: evil.record.versionIds[1] ?? "" } });
  return { version: 2, versionSha256: Buffer.from(row.sha256).toString("hex"), charterTitle: row.title };
}

async function renamed(evil: EvilOperator, row: ActRow, name: string): Promise<unknown> {
  const { rows } = await evil.store.pool.query<{ organization: object }>(
    "SELECT payload->'organization' AS organization FROM act WHERE id = $1",
    [row.actId],
  );
  return { ...rows[0]?.organization, legalName: name };
}

/** Another word in a clause of version 1, its hashes made anew wherever they stand. */
async function alterText(evil: EvilOperator): Promise<void> {
  const id = evil.record.versionIds[0] ?? "";
  const row = await evil.store.db.charterVersion.findUniqueOrThrow({ where: { id } });
  const { text, place, hashHex: before } = parseCanonicalVersion(row.canonical);
  const clauses = text.clauses.map((clause) => ({
    ...clause,
    body: clause.body.map((block) => ({ ...block, text: block.text.replace("fairly", "freely") })),
  }));
  const { bytes, hashHex, clauseHashes } = canonicalVersion({ ...text, clauses }, place);
  if (hashHex === before) throw new Error("Nothing was altered.");
  await evil.store.pool.query(
    "UPDATE charter_version SET canonical = $2, sha256 = $3, clause_hashes = $4 WHERE id = $1",
    [id, Buffer.from(bytes), Buffer.from(hashHex, "hex"), JSON.stringify(clauseHashes)],
  );
  await evil.store.pool.query(
    "UPDATE act SET payload = payload || jsonb_build_object('versionSha256', $2::text) WHERE payload->>'versionSha256' = $1",
    [before, hashHex],
  );
  const rows = await evil.rows();
  await evil.rewrite(
    rows.map(({ entry, actId }) => {
      if (!("versionSha256" in entry)) return { entry, actId };
      if (entry.type === "version" && entry.previous === before)
        return { entry: { ...entry, previous: hashHex }, actId };
      if (entry.versionSha256 !== before) return { entry, actId };
      const clausesSha256 = clauseListHash(clauseHashes);
      return {
        entry: { ...entry, versionSha256: hashHex, ...(entry.type === "version" ? { clausesSha256 } : {}) },
        actId,
      };
    }),
  );
}

/** The operator's key stands where the first holder's stood, and the statement is signed anew with it. Gives back the act. */
async function replaceKey(evil: EvilOperator): Promise<string> {
  const row = await evil.signatureOf(evil.record.holders[0]?.organizationId ?? "");
  const { passkey, spki, key } = ownPasskey();
  const statement = await evil.statementLike(row.actId, {
    organizationKey: key,
    log: { origin: "localhost/log", ...(await startOf(evil, row.actId)) },
  });
  const text = formatStatement(statement);
  const evidence = evil.byPasskey(text, passkey, spki);
  await evil.store.pool.query("UPDATE signing_key SET spki = $2, spki_sha256 = $3 WHERE id = $1", [
    evil.record.holders[0]?.keyId,
    spki,
    Buffer.from(key, "hex"),
  ]);
  return evil.resign(row, text, evidence, key, spki);
}
