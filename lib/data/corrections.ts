import { ActPayload } from "#lib/domain/acts.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { decodeHex, encodeHex } from "#lib/ledger/hash.ts";
import { lastSuccessor } from "./keeper-act.ts";
import type { Db, Tx } from "./store.ts";

/** The organizations that answer for the signatures on a version, each once: those that are told of a correction and may object. */
export async function signatoriesOf(db: Db | Tx, versionId: string): Promise<string[]> {
  const rows = await db.signature.findMany({
    where: { versionId, status: { in: ["EFFECTIVE", "WITHDRAWING", "DISPUTED", "SUCCEEDED_BY"] } },
    select: { organizationId: true, succeededBy: true },
  });
  const holders = new Set<string>();
  for (const row of rows) holders.add(await lastSuccessor(db, row.succeededBy ?? row.organizationId));
  return [...holders];
}

/** The organization that proposed a correction; null where no organization did. */
export async function proposerOf(
  db: Db | Tx,
  { proposeActId }: { readonly proposeActId: string },
): Promise<string | null> {
  const act = await db.act.findUniqueOrThrow({ where: { id: proposeActId }, select: { organizationId: true } });
  return act.organizationId;
}

/** The corrected copy of a version that was published last, as its hash and its bytes; undefined while there is none. */
export async function findCorrectedCopy(
  db: Db | Tx,
  versionId: string,
): Promise<{ readonly sha256Hex: string; readonly canonical: Uint8Array } | undefined> {
  const row = await db.correction.findFirst({
    where: { versionId, state: "PUBLISHED" },
    orderBy: { decidedAt: "desc" },
    select: { sha256: true, canonical: true },
  });
  return row ? { sha256Hex: encodeHex(row.sha256), canonical: row.canonical } : undefined;
}

/**
 * The hash of the corrected copy that an endorsement made now is of.
 *
 * @throws {Refusal} conflict while no correction of the version was published.
 */
export async function requireCorrectedCopy(db: Db | Tx, versionId: string): Promise<string> {
  const copy = await findCorrectedCopy(db, versionId);
  if (copy) return copy.sha256Hex;
  throw new Refusal("conflict", "No correction of this text was published, so there is nothing to endorse.");
}

/** Whether a signature has endorsed a corrected copy already. */
export async function isEndorsed(db: Db | Tx, signActId: string, sha256Hex: string): Promise<boolean> {
  const acts = await db.act.findMany({
    where: { kind: "endorse-correction", payload: { path: ["signActId"], equals: signActId } },
    select: { payload: true },
  });
  return acts.some(({ payload }) => {
    const act = ActPayload.parse(payload);
    return act.kind === "endorse-correction" && act.versionSha256 === sha256Hex;
  });
}

/**
 * Lets each copy be endorsed once.
 *
 * @throws {Refusal} conflict.
 */
export async function requireNotEndorsed(tx: Tx, signActId: string, sha256Hex: string): Promise<void> {
  if (!(await isEndorsed(tx, signActId, sha256Hex))) return;
  throw new Refusal("conflict", "Your organization has endorsed this corrected copy already.");
}

/** The bytes of the published corrected copy of a version that has this hash; undefined where no such copy was published. */
export async function findPublishedCopy(
  db: Db | Tx,
  versionId: string,
  sha256Hex: string,
): Promise<Uint8Array | undefined> {
  const row = await db.correction.findFirst({
    where: { versionId, state: "PUBLISHED", sha256: Uint8Array.from(decodeHex(sha256Hex)) },
    select: { canonical: true },
  });
  return row?.canonical;
}

/** The bytes of the corrected copy of a version that has this hash. */
export async function loadCorrectedCopy(db: Db | Tx, versionId: string, sha256Hex: string): Promise<Uint8Array> {
  const row = await db.correction.findFirstOrThrow({
    where: { versionId, sha256: Uint8Array.from(decodeHex(sha256Hex)) },
    select: { canonical: true },
  });
  return row.canonical;
}
