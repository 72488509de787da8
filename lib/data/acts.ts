import { randomUUID } from "node:crypto";
import { z } from "zod";
import { ActPayload, publicActKinds } from "#lib/domain/acts.ts";
import { notificationOf } from "#lib/domain/notification.ts";
import { CharterPolicy } from "#lib/domain/policy.ts";
import { encodeEntry } from "#lib/ledger/entry.ts";
import { Evidence, evidenceHash } from "#lib/ledger/evidence.ts";
import { encodeHex } from "#lib/ledger/hash.ts";
import { type EntryFacts, entryOfAct } from "./act-entry.ts";
import { firstEntriesOf } from "./first-entries.ts";
import { appendEntries, lockLog } from "./log.ts";
import { bumpRevisions } from "./public-revision.ts";
import { freeOrganizationSlug } from "./slugs.ts";
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
 * and where an organization gets its public name. Takes the lock of the log first, so that numbers follow the order of
 * the log and nothing sealed leaves a gap. Everything is in the caller's transaction: a crash leaves no part of it.
 *
 * @throws {Error} when the act is public already or of a kind that never is; a caller's bug.
 */
export async function publishAct(tx: Tx, actId: string, now: Date): Promise<Publication> {
  await lockLog(tx);
  const act = await loadAct(tx, actId);
  if (!publicActKinds.includes(act.payload.kind)) throw new Error(`Acts of kind ${act.payload.kind} stay private.`);
  const year = now.getUTCFullYear();
  const numbers = await nextNumbers(tx, act.charterId, year);
  const facts: EntryFacts = {
    version: act.version,
    number: numbers.number,
    refersTo: await numberOfReferred(tx, act.payload),
    evidenceSha256: act.evidenceSha256,
    at: act.at,
    publishedAt: now,
  };
  if (act.organizationId !== null) await nameOrganization(tx, act.organizationId);
  const first = await firstEntriesOf(tx, { actId, organizationId: act.organizationId, payload: act.payload, now });
  const entry = { bytes: encodeEntry(entryOfAct(act.payload, facts)), actId };
  const logIndex = (await appendEntries(tx, [...first.before, entry, ...first.after], now))[first.before.length];
  if (logIndex === undefined) throw new Error("The log gave no index.");
  const words = notificationOf(act.payload, {
    charterTitle: act.version.title,
    versionNumber: act.version.number,
    label: act.label,
  });
  const publication = {
    number: numbers.number,
    notificationNumber: numbers.notificationNumber,
    notificationYear: year,
    logIndex,
  };
  await tx.actPublication.create({
    data: { actId, charterId: act.charterId, ...publication, ...words, publishedAt: now },
  });
  await bumpRevisions(tx, [
    "directory",
    `charter:${act.charterId}`,
    ...(act.organizationId === null ? [] : [`organization:${act.organizationId}` as const]),
  ]);
  return publication;
}

const ClauseHashes = z.array(z.strictObject({ id: z.string(), number: z.string(), sha256: z.string() }));

async function loadAct(tx: Tx, actId: string) {
  const act = await tx.act.findUniqueOrThrow({
    where: { id: actId },
    select: {
      charterId: true,
      versionId: true,
      organizationId: true,
      payload: true,
      at: true,
      charter: { select: { slug: true, policy: true } },
      evidence: { select: { evidence: true } },
    },
  });
  if (act.versionId === null) throw new Error("A public act is about a version.");
  const version = await loadVersionOfEntry(tx, act.versionId, act.charter.slug);
  return {
    charterId: act.charterId,
    organizationId: act.organizationId,
    at: act.at,
    payload: ActPayload.parse(act.payload),
    label: CharterPolicy.parse(act.charter.policy).signatoryLabel,
    evidenceSha256: act.evidence ? evidenceHash(Evidence.parse(act.evidence.evidence)) : null,
    version,
  };
}

/** The version of an act as its log entry tells of it. */
export async function loadVersionOfEntry(tx: Tx, versionId: string, slug: string | null) {
  const version = await tx.charterVersion.findUniqueOrThrow({
    where: { id: versionId },
    select: {
      charterId: true,
      number: true,
      sha256: true,
      title: true,
      language: true,
      clauseHashes: true,
      previousVersionId: true,
    },
  });
  const previous = version.previousVersionId
    ? await tx.charterVersion.findUnique({ where: { id: version.previousVersionId }, select: { sha256: true } })
    : null;
  return {
    charterId: version.charterId,
    slug,
    number: version.number,
    sha256Hex: encodeHex(version.sha256),
    previousHex: previous ? encodeHex(previous.sha256) : null,
    title: version.title,
    language: version.language,
    clauseHashes: ClauseHashes.parse(version.clauseHashes),
  };
}

async function nextNumbers(tx: Tx, charterId: string, year: number) {
  const [acts, notifications] = await Promise.all([
    tx.actPublication.aggregate({ where: { charterId }, _max: { number: true } }),
    tx.actPublication.aggregate({
      where: { charterId, notificationYear: year },
      _max: { notificationNumber: true },
    }),
  ]);
  return {
    number: (acts._max.number ?? 0) + 1,
    notificationNumber: (notifications._max.notificationNumber ?? 0) + 1,
  };
}

async function numberOfReferred(tx: Tx, payload: ActPayload): Promise<number | null> {
  if (!("signActId" in payload)) return null;
  const signing = await tx.actPublication.findUniqueOrThrow({
    where: { actId: payload.signActId },
    select: { number: true },
  });
  return signing.number;
}

async function nameOrganization(tx: Tx, organizationId: string): Promise<void> {
  const organization = await tx.organization.findUniqueOrThrow({
    where: { id: organizationId },
    select: { slug: true, displayName: true },
  });
  if (organization.slug !== null) return;
  const slug = await freeOrganizationSlug(tx, organization.displayName);
  await tx.organization.update({ where: { id: organizationId }, data: { slug } });
}
