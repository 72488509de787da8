import type { Store } from "#lib/data/store.ts";
import { ActPayload } from "#lib/domain/acts.ts";
import { auditLog } from "#lib/ledger/audit-log.ts";
import { parseEntry } from "#lib/ledger/entry.ts";
import { encodeHex } from "#lib/ledger/hash.ts";
import { leafHash } from "#lib/ledger/merkle.ts";
import { parseStatement, statementHash } from "#lib/ledger/statement.ts";

/**
 * What must hold of the record at every moment at which nothing is in the middle of a transaction. Gives back a sentence for each
 * thing that does not; none means that all is well. Unless `isWhole`, only what could be right again later is looked at.
 */
export async function brokenInvariants(store: Store, charterId: string, now: Date, isWhole = true): Promise<string[]> {
  const moving = [...(await secondSignatures(store)), ...(await strayProjections(store, charterId, now))];
  // The rest only ever grows: once it is wrong it stays wrong, and is found at the next look.
  if (!isWhole) return moving;
  return [
    ...moving,
    ...(await disorder(store, charterId)),
    ...(await sealedInPublic(store, charterId)),
    ...(await otherHashes(store, charterId)),
  ];
}

/** The whole log as a stranger reads it. */
export async function logFindings(store: Store): Promise<string[]> {
  const rows = await store.db.logEntry.findMany({ orderBy: { index: "asc" } });
  const { size } = await store.db.logHead.findUniqueOrThrow({ where: { id: 1 } });
  return [
    ...(BigInt(rows.length) === size ? [] : [`The log says ${size} entries and has ${rows.length}.`]),
    ...rows.flatMap(({ index, entry, leafHash: leaf }, at) => [
      ...(index === BigInt(at) ? [] : [`Entry ${at} of the log is missing.`]),
      ...(encodeHex(leaf) === encodeHex(leafHash(entry)) ? [] : [`Entry ${at} is not what its leaf says.`]),
    ]),
    ...auditLog(rows.map(({ entry }) => entry)).map(({ index, sentence }) => `Entry ${index}: ${sentence}`),
  ];
}

async function secondSignatures({ pool }: Store): Promise<string[]> {
  const { rows } = await pool.query<{ version_id: string; count: string }>(
    `SELECT version_id, count(*) FROM signature WHERE status IN ('SEALED', 'LODGED', 'EFFECTIVE', 'WITHDRAWING', 'DISPUTED')
     GROUP BY version_id, organization_id HAVING count(*) > 1`,
  );
  return rows.map(
    ({ version_id, count }) => `Version ${version_id} has ${count} active signatures of one organization.`,
  );
}

const statusAfter: ReadonlyMap<ActPayload["kind"], string> = new Map([
  ["revoke-withdrawal", "EFFECTIVE"],
  ["dispute", "DISPUTED"],
  ["dispute-settled", "EFFECTIVE"],
  ["void", "VOID"],
  ["lapse", "LAPSED"],
  ["succession", "SUCCEEDED_BY"],
]);

/** Each signature stands where its acts put it. */
async function strayProjections({ db }: Store, charterId: string, now: Date): Promise<string[]> {
  const acts = await db.act.findMany({
    where: { charterId },
    select: { id: true, versionId: true, payload: true, publication: { select: { number: true } } },
  });
  // What is public has an order; what is not follows its signature, once.
  const ordered = acts
    .map((act) => ({ ...act, payload: ActPayload.parse(act.payload), number: act.publication?.number ?? 0 }))
    .sort((left, right) => left.number - right.number);
  const expected = new Map<string, string>();
  const retractions = new Map<string, number>();
  for (const { id, payload, number } of ordered)
    if (payload.kind === "sign") expected.set(id, number > 0 ? "EFFECTIVE" : "SEALED");
  for (const { payload, versionId } of ordered) {
    if (payload.kind === "return") expected.set(payload.signActId, "RETURNED");
    if (payload.kind === "withdraw") {
      expected.set(payload.signActId, new Date(payload.effectiveOn) <= now ? "WITHDRAWN" : "WITHDRAWING");
    }
    const status = statusAfter.get(payload.kind);
    if (status && "signActId" in payload) expected.set(payload.signActId, status);
    // It says whose signature is pulled out, not which: they are counted.
    if (payload.kind === "retract") count(retractions, `${versionId} ${payload.organization.id}`, 1);
  }
  const signatures = await db.signature.findMany({ where: { version: { charterId } } });
  const broken = signatures.flatMap(({ signActId, status, versionId, organizationId }) => {
    const should = expected.get(signActId);
    if (status === "RETRACTED" && should === "SEALED") {
      count(retractions, `${versionId} ${organizationId}`, -1);
      return [];
    }
    // The clock marks a date that has come at its next turn.
    const isLate = status === "WITHDRAWING" && should === "WITHDRAWN";
    return status === should || isLate ? [] : [`Signature ${signActId} is ${status}; its acts say ${should}.`];
  });
  const uneven = [...retractions].filter(([, left]) => left !== 0);
  return [
    ...broken,
    ...uneven.map(([place, left]) => `Retractions of ${place} and what they pulled out differ by ${left}.`),
  ];
}

function count(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

/** Numbers from 1 without a gap, in the order of the log and of time. */
async function disorder({ db }: Store, charterId: string): Promise<string[]> {
  const rows = await db.actPublication.findMany({ where: { charterId }, orderBy: { number: "asc" } });
  return rows.flatMap(({ number, logIndex, publishedAt }, at) => {
    const before = rows[at - 1];
    const isNext = number === at + 1 && logIndex !== null;
    const isLater = !before || ((before.logIndex ?? 0n) < (logIndex ?? 0n) && before.publishedAt <= publishedAt);
    return isNext && isLater ? [] : [`Act ${number} of charter ${charterId} is out of order.`];
  });
}

/** Nothing of a version that is not public stands in the log or among the publications. */
async function sealedInPublic({ pool }: Store, charterId: string): Promise<string[]> {
  const { rows } = await pool.query<{ what: string }>(
    `SELECT 'publication of act ' || p.act_id AS what FROM act_publication p JOIN act a ON a.id = p.act_id
       JOIN charter_version v ON v.id = a.version_id
       WHERE v.charter_id = $1 AND v.state IN ('CANDIDATE', 'ADOPTED', 'OPEN_SEALED', 'WITHDRAWN_TEXT')
     UNION ALL
     SELECT 'entry ' || l.index FROM log_entry l JOIN charter_version v ON v.charter_id = $1
       WHERE v.state IN ('CANDIDATE', 'ADOPTED', 'OPEN_SEALED')
         AND position(encode(v.sha256, 'hex') in convert_from(l.entry, 'UTF8')) > 0
     UNION ALL
     SELECT 'a sealed signature that is public, act ' || s.sign_act_id FROM signature s
       JOIN charter_version v ON v.id = s.version_id AND v.charter_id = $1
       JOIN act_publication p ON p.act_id = s.sign_act_id WHERE s.status IN ('SEALED', 'RETRACTED', 'RETURNED')`,
    [charterId],
  );
  return rows.map(({ what }) => `Sealed, and in public: ${what}.`);
}

/** Statement, act, version and entry name one text and one statement. */
async function otherHashes({ db }: Store, charterId: string): Promise<string[]> {
  const acts = await db.act.findMany({
    where: { charterId, evidence: { isNot: null } },
    select: { id: true, versionId: true, payload: true, evidence: true, publication: { select: { logIndex: true } } },
  });
  const versions = new Map(
    (await db.charterVersion.findMany({ where: { charterId }, select: { id: true, sha256: true } })).map((row) => [
      row.id,
      encodeHex(row.sha256),
    ]),
  );
  const published = { charterId, state: "PUBLISHED" };
  const copies = (await db.correction.findMany({ where: published, select: { sha256: true } })).map(({ sha256 }) =>
    encodeHex(sha256),
  );
  const wanted = acts.flatMap(({ publication }) => (publication?.logIndex == null ? [] : [publication.logIndex]));
  const entries = new Map(
    (await db.logEntry.findMany({ where: { index: { in: wanted } } })).map((row) => [row.index, parseEntry(row.entry)]),
  );
  return acts.flatMap(({ id, versionId, payload, evidence, publication }) => {
    const act = ActPayload.parse(payload);
    if (!evidence || !("statementSha256" in act)) return [`Act ${id} has evidence and no statement.`];
    const entry = publication?.logIndex == null ? null : entries.get(publication.logIndex);
    const hashes = [
      act.kind === "endorse-correction"
        ? copies.find((sha256Hex) => sha256Hex === act.versionSha256)
        : versions.get(versionId ?? ""),
      act.versionSha256,
      parseStatement(evidence.statement).versionSha256,
      ...(entry === null ? [] : [entry?.type === "act" ? entry.versionSha256 : "no entry"]),
    ];
    const statements = [
      act.statementSha256,
      statementHash(evidence.statement),
      encodeHex(evidence.statementSha256),
      ...(entry === null ? [] : [entry?.type === "act" ? entry.statementSha256 : "no entry"]),
    ];
    return new Set(hashes).size === 1 && new Set(statements).size === 1 ? [] : [`The hashes of act ${id} differ.`];
  });
}
