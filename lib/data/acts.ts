import { randomUUID } from "node:crypto";
import { z } from "zod";
import { ActPayload, publicActKinds } from "#lib/domain/acts.ts";
import { notificationOf } from "#lib/domain/notification.ts";
import { CharterPolicy } from "#lib/domain/policy.ts";
import { type Entry, encodeEntry } from "#lib/ledger/entry.ts";
import { Evidence, evidenceHash } from "#lib/ledger/evidence.ts";
import { encodeHex } from "#lib/ledger/hash.ts";
import { type EntryFacts, entryOfAct, type VersionOfEntry } from "./act-entry.ts";
import { firstEntriesOf } from "./first-entries.ts";
import { Prisma } from "./generated/client.ts";
import { appendingAt, lockLog } from "./log.ts";
import { revisionsOf } from "./public-revision.ts";
import { firstEntriesOfKey } from "./signing-keys.ts";
import { holdUnnamed, nameOrganization } from "./slugs.ts";
import type { Tx } from "./store.ts";

/** An act that happened. `at` is the server's time; no payload names a person. */
export type NewAct = {
  readonly charterId: string;
  readonly versionId: string | null;
  readonly organizationId: string | null;
  readonly userId: string | null;
  readonly at: Date;
  readonly payload: ActPayload;
};

/** Records an act, still private, and gives back its id. Rows of acts are never changed or deleted. */
export async function insertAct(tx: Tx, act: NewAct): Promise<string> {
  const id = randomUUID();
  const payload = ActPayload.parse(act.payload);
  await tx.act.create({ data: { id, ...act, kind: payload.kind, payload } });
  return id;
}

/** What a public act was given: its number in the charter, its notification, its place in the log (from 0). */
export type Publication = {
  readonly number: number;
  readonly notificationNumber: number;
  readonly notificationYear: number;
  readonly logIndex: bigint;
};

/**
 * Makes an act public: the one place where an act gets its number, its notification with title and text, its log entry,
 * and where an organization gets its public name. Everything that can not change any more is read first; then it takes the lock of
 * the log, so that numbers follow the order of the log and nothing sealed leaves a gap. Call it as late as can be: everybody else who
 * publishes waits from here to the commit. A crash before that leaves no part of it.
 *
 * @throws {Error} when the act is public already or of a kind that never is; a caller's bug.
 */
export async function publishAct(tx: Tx, actId: string, now: Date): Promise<Publication> {
  const act = await loadAct(tx, actId);
  const { unnamed } = act;
  return publishKnown(tx, act, now, unnamed ? () => holdUnnamed(tx, [unnamed.organizationId]) : undefined);
}

/** What an act is published from, where that is known: of rows that are never changed, and of what only ever comes to be. */
export type KnownAct = {
  readonly id: string;
  readonly charterId: string;
  readonly organizationId: string | null;
  readonly payload: ActPayload;
  /** What the charter calls its signatories. */
  readonly label: CharterPolicy["signatoryLabel"];
  readonly version: Pick<VersionOfEntry, "number" | "title">;
  /** Whose organization has no public name yet: the organization, and what the name is made from. */
  readonly unnamed: { readonly organizationId: string; readonly displayName: string } | null;
  /** The key that it was signed with. */
  readonly keyId: string | null;
  /** The same while the log does not have it, so that it may have to come there with the act; once there it stays. */
  readonly newKeyId: string | null;
  readonly entryOf: (place: EntryPlace) => Entry;
};

/** What an entry says of the place that its act was given, under the lock of the log. */
export type EntryPlace = Pick<EntryFacts, "number" | "refersTo" | "publishedAt"> & {
  readonly charterSlug: string | null;
};

/** The same for an act of this transaction, whose rows need not be read. An organization without a public name is held, or held first by `hold`. */
export async function publishKnown(tx: Tx, act: KnownAct, now: Date, hold?: () => Promise<void>): Promise<Publication> {
  if (!publicActKinds.includes(act.payload.kind)) throw new Error(`Acts of kind ${act.payload.kind} stay private.`);
  const year = now.getUTCFullYear();
  // Asked in one go, and answered in this order.
  const [, size, place, key] = await Promise.all([
    hold?.(),
    lockLog(tx),
    readPlace(tx, act, year),
    act.newKeyId === null ? undefined : firstEntriesOfKey(tx, act.newKeyId, now),
  ]);
  const first = await firstEntriesOf(tx, { ...act, ...place, key: place.isKeyPublic ? undefined : key, now });
  const { number, notificationNumber, refersTo, charterSlug } = place;
  const entry = { bytes: encodeEntry(act.entryOf({ number, refersTo, charterSlug, publishedAt: now })), actId: act.id };
  const appending = appendingAt(size, [...first.before, entry, ...first.after], now);
  const logIndex = appending.indexes[first.before.length];
  if (logIndex === undefined) throw new Error("The log gave no index.");
  const words = notificationOf(act.payload, {
    charterTitle: act.version.title,
    versionNumber: act.version.number,
    label: act.label,
  });
  const publication = { number, notificationNumber, notificationYear: year, logIndex };
  const scopes = [
    "directory",
    `charter:${act.charterId}`,
    ...(act.organizationId === null ? [] : [`organization:${act.organizationId}` as const]),
  ] as const;
  await Promise.all([
    tx.$executeRaw`
      WITH ${appending.sql}, published AS (
        INSERT INTO act_publication
          (act_id, charter_id, number, notification_number, notification_year, title, text, log_index, published_at)
        VALUES (${act.id}::uuid, ${act.charterId}::uuid, ${number}, ${notificationNumber}, ${year}, ${words.title}, ${words.text},
                ${logIndex}::bigint, ${now.toISOString()}::timestamptz)
      ) ${revisionsOf(scopes)}`,
    act.unnamed ? nameOrganization(tx, act.unnamed) : undefined,
  ]);
  return publication;
}

const ClauseHashes = z.array(z.strictObject({ id: z.string(), number: z.string(), sha256: z.string() }));

type ActRow = VersionRow & {
  readonly organizationId: string | null;
  readonly payload: unknown;
  readonly at: Date;
  readonly policy: unknown;
  readonly displayName: string | null;
  readonly isNamed: boolean | null;
  readonly evidence: unknown;
  readonly keyId: string | null;
  readonly isKeyPublic: boolean;
};

async function loadAct(tx: Tx, actId: string): Promise<KnownAct> {
  const [row] = await tx.$queryRaw<ActRow[]>`
    SELECT act.organization_id AS "organizationId", act.payload, act.at, charter.policy,
           organization.display_name AS "displayName", organization.slug IS NOT NULL AS "isNamed",
           act_evidence.evidence, act_evidence.signing_key_id AS "keyId",
           EXISTS (SELECT 1 FROM key_enrolment WHERE signing_key_id = act_evidence.signing_key_id) AS "isKeyPublic", ${versionColumns}
    FROM act
    JOIN charter ON charter.id = act.charter_id
    JOIN charter_version version ON version.id = act.version_id
    LEFT JOIN charter_version previous ON previous.id = version.previous_version_id
    LEFT JOIN organization ON organization.id = act.organization_id
    LEFT JOIN act_evidence ON act_evidence.act_id = act.id
    WHERE act.id = ${actId}::uuid`;
  if (!row) throw new Error("There is no such act, or it is about no version.");
  const { organizationId, displayName, isNamed, at } = row;
  const payload = ActPayload.parse(row.payload);
  const version = versionOfRow(row);
  const evidenceSha256 = row.evidence === null ? null : evidenceHash(Evidence.parse(row.evidence));
  return {
    id: actId,
    charterId: row.charterId,
    organizationId,
    payload,
    label: CharterPolicy.parse(row.policy).signatoryLabel,
    unnamed: organizationId === null || displayName === null || isNamed ? null : { organizationId, displayName },
    keyId: row.keyId,
    newKeyId: row.isKeyPublic ? null : row.keyId,
    version,
    entryOf: ({ charterSlug, ...place }) =>
      entryOfAct(payload, { ...place, version: { ...version, slug: charterSlug }, evidenceSha256, at }),
  };
}

/** The version of an act as its log entry tells of it. */
export async function loadVersionOfEntry(tx: Tx, versionId: string): Promise<VersionOfEntry> {
  const [row] = await tx.$queryRaw<VersionRow[]>`
    SELECT ${versionColumns} FROM charter_version version
    LEFT JOIN charter_version previous ON previous.id = version.previous_version_id
    WHERE version.id = ${versionId}::uuid`;
  if (!row) throw new Error("There is no such version.");
  return versionOfRow(row);
}

type VersionRow = {
  readonly charterId: string;
  readonly number: number;
  readonly sha256: Uint8Array;
  readonly previous: Uint8Array | null;
  readonly title: string;
  readonly language: string;
  readonly clauseHashes: unknown;
};

const versionColumns = Prisma.sql`
  version.charter_id AS "charterId", version.number, version.sha256, previous.sha256 AS previous, version.title, version.language,
  version.clause_hashes AS "clauseHashes"`;

/** Its slug is known under the lock of the log only. */
function versionOfRow(row: VersionRow): VersionOfEntry {
  return {
    charterId: row.charterId,
    slug: null,
    number: row.number,
    sha256Hex: encodeHex(row.sha256),
    previousHex: row.previous ? encodeHex(row.previous) : null,
    title: row.title,
    language: row.language,
    clauseHashes: ClauseHashes.parse(row.clauseHashes),
  };
}

type PlaceRow = {
  readonly domainFoundBy: string | null;
  readonly number: number | null;
  readonly notificationNumber: number | null;
  readonly refersTo: number | null;
  readonly charterSlug: string | null;
  readonly isOrganizationPublic: boolean;
  readonly isKeyPublic: boolean;
  readonly hasRule: boolean;
};

/** Where an act comes to stand. Only true under the lock of the log, and read in one question, because everybody waits for the answer. */
async function readPlace(
  tx: Tx,
  { charterId, organizationId, keyId, payload }: KnownAct,
  year: number,
): Promise<PlaceRow & { number: number; notificationNumber: number }> {
  const signActId = "signActId" in payload ? payload.signActId : null;
  const domain = payload.kind === "sign" ? payload.organization.domain : null;
  const [row] = await tx.$queryRaw<PlaceRow[]>`
    SELECT
      (SELECT max(number) FROM act_publication WHERE charter_id = ${charterId}::uuid) AS number,
      (SELECT max(notification_number) FROM act_publication
       WHERE charter_id = ${charterId}::uuid AND notification_year = ${year}) AS "notificationNumber",
      (SELECT number FROM act_publication WHERE act_id = ${signActId}::uuid) AS "refersTo",
      (SELECT slug FROM charter WHERE id = ${charterId}::uuid) AS "charterSlug",
      EXISTS (SELECT 1 FROM act JOIN act_publication ON act_publication.act_id = act.id
              WHERE act.organization_id = ${organizationId}::uuid AND act.kind = 'sign') AS "isOrganizationPublic",
      (SELECT found_by FROM domain_claim WHERE organization_id = ${organizationId}::uuid AND domain = ${domain}
       AND confirmed_at IS NOT NULL LIMIT 1) AS "domainFoundBy",
      EXISTS (SELECT 1 FROM key_enrolment WHERE signing_key_id = ${keyId}::uuid) AS "isKeyPublic",
      EXISTS (SELECT 1 FROM evidence_rule WHERE organization_id = ${organizationId}::uuid) AS "hasRule"`;
  if (!row) throw new Error("The database gave no answer.");
  if (signActId !== null && row.refersTo === null) throw new Error("The act is about a signature that is not public.");
  return { ...row, number: (row.number ?? 0) + 1, notificationNumber: (row.notificationNumber ?? 0) + 1 };
}
