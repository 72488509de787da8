import { CharterPolicy } from "#lib/domain/policy.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { effectInstant } from "#lib/domain/version-status.ts";
import { encodeHex } from "#lib/ledger/hash.ts";
import { insertAct, publishAct } from "./acts.ts";
import { Prisma } from "./generated/client.ts";
import { lockLog } from "./log.ts";
import { bumpRevisions } from "./public-revision.ts";
import { isToBeExamined } from "./sealed.ts";
import { freeCharterSlug, holdUnnamed } from "./slugs.ts";
import { type Db, type Tx, transaction } from "./store.ts";

/** A version whose row this transaction holds. */
export type LockedVersion = {
  readonly id: string;
  readonly charterId: string;
  readonly number: number;
  readonly state: string;
  readonly title: string;
  readonly sha256Hex: string;
  readonly adoptedAt: Date | null;
  readonly opensAt: Date | null;
  readonly opensZone: string | null;
  readonly openedAt: Date | null;
  readonly effectiveAt: Date | null;
  readonly policy: CharterPolicy;
};

/**
 * Reads a version and holds its row to the end of the transaction: "share" lets other signers in, but nobody who would
 * move the version to another state; "update" keeps everybody out, for the charter's other versions too.
 *
 * Locks are always taken in the order charter, versions, organization, signature, log, so that two transactions never wait for
 * each other: a signer only holds the charter's key, which its act refers to.
 *
 * @throws {Refusal} not-found.
 */
export async function lockVersion(tx: Tx, versionId: string, lock: "share" | "update"): Promise<LockedVersion> {
  if (lock === "update") {
    const charterId = await queueForVersions(tx, versionId);
    await tx.$queryRaw`SELECT 1 FROM charter WHERE id = ${charterId}::uuid FOR UPDATE`;
    await tx.$queryRaw`SELECT 1 FROM charter_version WHERE charter_id = ${charterId}::uuid ORDER BY id FOR UPDATE`;
  }
  const [row] = await tx.$queryRaw<VersionRow[]>`
    SELECT version.id, version.charter_id AS "charterId", version.number, version.state, version.title, version.sha256,
           version.adopted_at AS "adoptedAt", version.opens_at AS "opensAt", version.opens_zone AS "opensZone",
           version.opened_at AS "openedAt", version.effective_at AS "effectiveAt", charter.policy
    FROM charter_version version JOIN charter ON charter.id = version.charter_id
      ${lock === "share" ? Prisma.sql`CROSS JOIN pg_advisory_xact_lock_shared(${queueOf})` : Prisma.empty}
    WHERE version.id = ${versionId}::uuid
    FOR KEY SHARE OF charter FOR SHARE OF version`;
  if (!row) throw new Refusal("not-found", "There is no such version.");
  const { sha256, policy, ...rest } = row;
  return { ...rest, sha256Hex: encodeHex(sha256), policy: CharterPolicy.parse(policy) };
}

type VersionRow = Omit<LockedVersion, "sha256Hex" | "policy"> & {
  readonly sha256: Uint8Array;
  readonly policy: unknown;
};

/**
 * Waits for the charter's versions in the order of arrival, to have them alone. Locks of rows by themselves would let signers who come
 * later pass whoever waits to move the version, for as long as signers keep coming; so they stand in the same queue.
 */
async function queueForVersions(tx: Tx, versionId: string): Promise<string> {
  const [version] = await tx.$queryRaw<{ charterId: string }[]>`
    SELECT charter_id AS "charterId" FROM charter_version version
      CROSS JOIN pg_advisory_xact_lock(${queueOf}) WHERE version.id = ${versionId}::uuid`;
  if (!version) throw new Refusal("not-found", "There is no such version.");
  return version.charterId;
}

/** The queue of a charter's versions. */
const queueOf = Prisma.sql`hashtextextended('versions of ' || version.charter_id, 0)`;

/** How long the transaction of an opening may take: all of its sealed signatures become public in it, however many they are. */
export const openingMaxMs = 300_000;

/**
 * Opens a version to everyone, in the caller's transaction: the charter's public name, the text, the acts of adoption and
 * opening, and every sealed signature in the order in which they were given, but those whose reservations the depositary has
 * not examined yet: they wait for that. The caller holds the version's row for
 * update and has checked that it is ADOPTED or OPEN_SEALED. A crash before the commit leaves everything sealed.
 */
export async function openVersion(tx: Tx, version: LockedVersion, now: Date): Promise<void> {
  await holdUnnamed(tx, await organizationsOf(tx, version.id));
  // Held from here on: the slug, the numbers of the acts and their entries are given out by nobody else meanwhile.
  await lockLog(tx);
  const charter = await tx.charter.findUniqueOrThrow({ where: { id: version.charterId } });
  await tx.charter.update({
    where: { id: charter.id },
    data: {
      visibility: "PUBLIC",
      slug: charter.slug ?? (await freeCharterSlug(tx, version.title)),
      publishedAt: charter.publishedAt ?? now,
    },
  });
  await tx.charterVersion.update({ where: { id: version.id }, data: { state: "OPEN", openedAt: now } });
  const adoptions = await tx.act.findMany({
    where: { versionId: version.id, kind: "adopt", publication: null },
    orderBy: { at: "asc" },
    select: { id: true },
  });
  for (const { id } of adoptions) await publishAct(tx, id, now);
  const openAct = await insertAct(tx, {
    charterId: version.charterId,
    versionId: version.id,
    organizationId: charter.depositaryOrganizationId,
    userId: null,
    at: now,
    payload: {
      kind: "open",
      versionSha256: version.sha256Hex,
      number: version.number,
      plannedAt: version.opensAt?.toISOString() ?? null,
      openedAt: now.toISOString(),
    },
  });
  await publishAct(tx, openAct, now);
  await publishSealed(tx, version.id, now);
  await bringIntoEffect(tx, { ...version, state: "OPEN", openedAt: now }, now);
  await bumpRevisions(tx, ["directory", `charter:${version.charterId}`]);
}

/**
 * Lets a version take effect when its charter's rule is met, and closes the versions before it to new signatures. The
 * caller holds the version's row for update. Does nothing, and says false, when the rule is not met or the version is in
 * effect already; it never reverts.
 */
export async function bringIntoEffect(tx: Tx, version: LockedVersion, now: Date): Promise<boolean> {
  if (version.state !== "OPEN") return false;
  const signatories = await countSignatories(tx, version.id);
  const effectiveAt = effectInstant(version.policy.entryRule, { signatories, now });
  if (effectiveAt === null) return false;
  const older = await tx.$queryRaw<{ id: string; number: number; sha256: Uint8Array }[]>`
    SELECT id, number, sha256 FROM charter_version
    WHERE charter_id = ${version.charterId}::uuid AND number < ${version.number} AND state IN ('OPEN', 'IN_EFFECT')
    ORDER BY number`;
  await tx.charterVersion.update({ where: { id: version.id }, data: { state: "IN_EFFECT", effectiveAt } });
  const common = { charterId: version.charterId, organizationId: null, userId: null, at: now };
  const effect = await insertAct(tx, {
    ...common,
    versionId: version.id,
    payload: {
      kind: "effect",
      versionSha256: version.sha256Hex,
      number: version.number,
      effectiveAt: effectiveAt.toISOString(),
      signatories,
    },
  });
  await publishAct(tx, effect, now);
  for (const { id, number, sha256 } of older) {
    await tx.charterVersion.update({ where: { id }, data: { state: "SUPERSEDED", closedAt: now } });
    const supersede = await insertAct(tx, {
      ...common,
      versionId: id,
      payload: { kind: "supersede", versionSha256: encodeHex(sha256), number, by: version.number },
    });
    await publishAct(tx, supersede, now);
  }
  return true;
}

/**
 * Lets a version take effect when its rule is met. Looks first and locks only then: after most signatures there is nothing to do, and
 * nobody should wait for that. Of two signatures at once the one that commits last sees both.
 */
export async function effectIfDue(db: Db, versionId: string, now: Date): Promise<boolean> {
  const [open] = await db.$queryRaw<{ policy: unknown }[]>`
    SELECT charter.policy FROM charter_version JOIN charter ON charter.id = charter_version.charter_id
    WHERE charter_version.id = ${versionId}::uuid AND charter_version.state = 'OPEN'`;
  if (!open) return false;
  const { entryRule } = CharterPolicy.parse(open.policy);
  // A date that has not come is waited for by however many.
  if (effectInstant(entryRule, { signatories: Number.MAX_SAFE_INTEGER, now }) === null) return false;
  if (effectInstant(entryRule, { signatories: await countSignatories(db, versionId), now }) === null) return false;
  return transaction(db, async (tx) => bringIntoEffect(tx, await lockVersion(tx, versionId, "update"), now));
}

/** An organization and those whose signatures it carries on are one; what is disputed counts for nothing. */
async function countSignatories(db: Db | Tx, versionId: string): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(DISTINCT coalesce(succeeded_by, organization_id))::int AS count FROM signature
    WHERE version_id = ${versionId}::uuid AND status IN ('EFFECTIVE', 'WITHDRAWING', 'SUCCEEDED_BY')`;
  return row?.count ?? 0;
}

/** The organizations whose acts an opening publishes. */
async function organizationsOf(tx: Tx, versionId: string): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT organization_id AS id FROM signature WHERE version_id = ${versionId}::uuid AND status = 'SEALED'
    UNION SELECT organization_id FROM act
    WHERE version_id = ${versionId}::uuid AND kind = 'adopt' AND organization_id IS NOT NULL
    UNION SELECT depositary_organization_id FROM charter JOIN charter_version ON charter_id = charter.id
    WHERE charter_version.id = ${versionId}::uuid AND depositary_organization_id IS NOT NULL`;
  return rows.map(({ id }) => id);
}

async function publishSealed(tx: Tx, versionId: string, now: Date): Promise<void> {
  const sealed = await tx.signature.findMany({
    where: { versionId, status: "SEALED" },
    orderBy: [{ signedAt: "asc" }, { id: "asc" }],
    select: { id: true, signActId: true },
  });
  for (const { id, signActId } of sealed) {
    if (await isToBeExamined(tx, signActId)) {
      await tx.signature.update({ where: { id }, data: { status: "LODGED" } });
      continue;
    }
    await tx.signature.update({ where: { id }, data: { status: "EFFECTIVE", effectiveAt: now } });
    await publishAct(tx, signActId, now);
  }
}
