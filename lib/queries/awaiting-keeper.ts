import type { Context } from "#lib/data/context.ts";
import { latestPositions } from "#lib/data/draft-rounds.ts";
import { parseSignatureStatus } from "#lib/data/signatures.ts";
import { ActPayload } from "#lib/domain/acts.ts";
import { evaluateAdoption } from "#lib/domain/adoption.ts";
import { CharterPolicy } from "#lib/domain/policy.ts";
import { encodeHex } from "#lib/ledger/hash.ts";
import type { Awaited } from "./awaited.ts";
import { listDisputed } from "./operator-record.ts";

/**
 * What waits for the organizations as keepers of charters: signatures to examine, disputes to settle, candidates that are objected to or can be
 * adopted, adopted texts to open. `organizationIds` are those the person may decide for; the caller asked for that right.
 */
export async function awaitingKeeper(ctx: Context, organizationIds: readonly string[]): Promise<Awaited[]> {
  if (organizationIds.length === 0) return [];
  const ids = [...organizationIds];
  return (
    await Promise.all([
      signaturesToExamine(ctx, ids),
      disputesToSettle(ctx, ids),
      candidatesToDecide(ctx, ids),
      textsToOpen(ctx, ids),
    ])
  ).flat();
}

/** A disputed signature counts for nothing until its depositary has looked into it. */
async function disputesToSettle(ctx: Context, ids: string[]): Promise<Awaited[]> {
  const kept = await ctx.db.charter.findMany({
    where: { depositaryOrganizationId: { in: ids }, visibility: "PUBLIC" },
    select: { id: true, slug: true },
  });
  const disputed = await listDisputed(
    ctx,
    kept.map(({ id }) => id),
  );
  return disputed.map((one) => ({
    key: `${one.signActId}-dispute`,
    sentence: `The signature of ${one.signedBy} on “${one.charter.title}” is disputed.`,
    href: `/drafts/${kept.find(({ slug }) => slug === one.charter.slug)?.id}/signing#record`,
    since: one.since,
  }));
}

/** A signature with reservations is public only when the depositary has looked at its form. */
async function signaturesToExamine({ db }: Context, ids: string[]): Promise<Awaited[]> {
  const versions = await db.charterVersion.findMany({
    where: {
      charter: { depositaryOrganizationId: { in: ids } },
      signatures: { some: { status: { in: ["SEALED", "LODGED"] } } },
    },
    select: {
      id: true,
      title: true,
      charterId: true,
      signatures: {
        where: { status: { in: ["SEALED", "LODGED"] } },
        select: { signActId: true, signedAt: true, status: true },
      },
    },
  });
  const acts = await db.act.findMany({
    where: {
      OR: [
        { id: { in: versions.flatMap((version) => version.signatures.map((one) => one.signActId)) } },
        { versionId: { in: versions.map((version) => version.id) }, kind: "accept-form" },
      ],
    },
    select: { id: true, payload: true },
  });
  const payloads = acts.map(({ id, payload }) => ({ id, payload: ActPayload.parse(payload) }));
  const accepted = new Set(payloads.map(({ payload }) => (payload.kind === "accept-form" ? payload.signActId : "")));
  const reserved = new Set(
    payloads.flatMap(({ id, payload }) => (payload.kind === "sign" && payload.reservations?.length ? [id] : [])),
  );
  return versions.flatMap((version) => {
    // Without reservations a sealed signature waits for its instant alone.
    const waiting = version.signatures.filter(
      (one) =>
        !accepted.has(one.signActId) && (reserved.has(one.signActId) || parseSignatureStatus(one.status) === "LODGED"),
    );
    return waiting.length === 0
      ? []
      : [
          {
            key: `${version.id}-examine`,
            sentence: `${waiting.length} ${waiting.length === 1 ? "signature" : "signatures"} with reservations on “${version.title}” to examine.`,
            href: `/drafts/${version.charterId}/signing#examine`,
            since: new Date(Math.min(...waiting.map((one) => one.signedAt.getTime()))),
          },
        ];
  });
}

/** A candidate waits for its keeper when somebody objects, and when nothing is missing any more. */
async function candidatesToDecide({ db }: Context, ids: string[]): Promise<Awaited[]> {
  const candidates = await db.charterVersion.findMany({
    where: {
      state: "CANDIDATE",
      charter: { OR: [{ depositaryOrganizationId: { in: ids } }, { convenorOrganizationId: { in: ids } }] },
    },
    select: {
      id: true,
      title: true,
      frozenAt: true,
      textSha256: true,
      askedAgainAt: true,
      draftRoundId: true,
      charter: {
        select: {
          id: true,
          policy: true,
          participants: {
            where: { leftAt: null },
            select: { organizationId: true, organization: { select: { displayName: true } } },
          },
        },
      },
    },
  });
  const awaited: Awaited[] = [];
  for (const { charter, ...candidate } of candidates) {
    const positions = await latestPositions(db, candidate.draftRoundId);
    const textSha256Hex = encodeHex(candidate.textSha256);
    const { adopted, standing } = evaluateAdoption({
      rule: CharterPolicy.parse(charter.policy).adoptionRule,
      textSha256Hex,
      participants: charter.participants.map(({ organizationId, organization }) => ({
        organizationId,
        name: organization.displayName,
      })),
      positions,
      isAskedAgain: candidate.askedAgainAt !== null,
    });
    const onIt = positions.filter((one) => one.textSha256Hex === textSha256Hex);
    if (adopted) {
      awaited.push({
        key: `${candidate.id}-adopt`,
        sentence: `The adoption rule of “${candidate.title}” is met; the text can be adopted.`,
        href: `/drafts/${charter.id}/candidate#adoption`,
        since: latest([candidate.frozenAt, ...onIt.map((one) => one.at)]),
      });
    }
    for (const { organizationId, name } of standing.OBJECT) {
      awaited.push({
        key: `${candidate.id}-${organizationId}-objects`,
        sentence: `${name} objects to “${candidate.title}” and says what would remedy it.`,
        href: `/drafts/${charter.id}/candidate#positions`,
        since: onIt.find((one) => one.organizationId === organizationId)?.at ?? candidate.frozenAt,
      });
    }
  }
  return awaited;
}

async function textsToOpen({ db }: Context, ids: string[]): Promise<Awaited[]> {
  const versions = await db.charterVersion.findMany({
    where: {
      state: "ADOPTED",
      charter: { OR: [{ depositaryOrganizationId: { in: ids } }, { convenorOrganizationId: { in: ids } }] },
    },
    select: { id: true, title: true, charterId: true, frozenAt: true, adoptedAt: true },
  });
  return versions.map((version) => ({
    key: `${version.id}-open`,
    sentence: `“${version.title}” is adopted and can be opened for signature.`,
    href: `/drafts/${version.charterId}/signing`,
    since: version.adoptedAt ?? version.frozenAt,
  }));
}

function latest(dates: readonly Date[]): Date {
  return new Date(Math.max(...dates.map((date) => date.getTime())));
}
