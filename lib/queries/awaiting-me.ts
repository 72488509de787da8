import type { Context } from "#lib/data/context.ts";
import type { OrganizationRole, Person } from "#lib/domain/actor.ts";
import { requirePerson } from "#lib/domain/rights.ts";
import type { Awaited } from "./awaited.ts";
import { awaitingKeeper } from "./awaiting-keeper.ts";
import { awaitingOperator } from "./awaiting-operator.ts";
import { namelessSince } from "./given-name.ts";

/**
 * Everything that waits for the actor, the oldest first.
 *
 * @throws {Refusal} not-signed-in.
 */
export async function awaitingMe(ctx: Context): Promise<Awaited[]> {
  const person = requirePerson(ctx.actor);
  const found = await Promise.all([
    ownName(ctx, person),
    peopleInvitations(ctx, person),
    tableInvitations(ctx, person),
    positionsToTake(ctx, person),
    signaturesAsked(ctx, person),
    signaturesOfTable(ctx, person),
    correctionsToRead(ctx, person),
    conveningsOffered(ctx, person),
    awaitingKeeper(ctx, organizationsWith(person, "admin", "representative")),
    person.isOperator ? awaitingOperator(ctx) : [],
  ]);
  return found.flat().sort((one, other) => one.since.getTime() - other.since.getTime());
}

function organizationsWith(person: Person, ...roles: OrganizationRole[]): string[] {
  return person.memberships
    .filter((one) => one.roles.some((role) => roles.includes(role)))
    .map((one) => one.organizationId);
}

/** Who comes by a mailed link has said no name; colleagues would read the beginning of the address beside every edit. */
async function ownName(ctx: Context, person: Person): Promise<Awaited[]> {
  const since = await namelessSince(ctx);
  if (!since) return [];
  const sentence = `Give your name: until then others read “${person.name}” beside your words.`;
  return [{ key: "name", sentence, href: "/account#name", since }];
}

async function peopleInvitations({ db, now }: Context, person: Person): Promise<Awaited[]> {
  const rows = await db.membershipInvitation.findMany({
    where: { answeredAt: null, expiresAt: { gt: now }, kind: "invitation", email: person.email },
    select: { id: true, createdAt: true, organization: { select: { displayName: true } } },
  });
  return rows.map((row) => ({
    key: row.id,
    sentence: `${row.organization.displayName} invites you to act for it.`,
    href: `/invitations/${row.id}`,
    since: row.createdAt,
  }));
}

async function tableInvitations({ db, now }: Context, person: Person): Promise<Awaited[]> {
  const rows = await db.charterInvitation.findMany({
    where: {
      answer: null,
      expiresAt: { gt: now },
      OR: [{ email: person.email }, { organizationId: { in: organizationsWith(person, "admin", "representative") } }],
    },
    select: { id: true, createdAt: true, legalName: true, charter: { select: { title: true } } },
  });
  return rows.map((row) => ({
    key: row.id,
    sentence: `${row.legalName} is invited to draft “${row.charter.title}”.`,
    href: `/drafts/invitations/${row.id}`,
    since: row.createdAt,
  }));
}

async function positionsToTake({ db }: Context, person: Person): Promise<Awaited[]> {
  const organizationIds = organizationsWith(person, "representative");
  const candidates = await db.charterVersion.findMany({
    where: {
      state: "CANDIDATE",
      charter: { participants: { some: { organizationId: { in: organizationIds }, leftAt: null } } },
    },
    select: {
      id: true,
      frozenAt: true,
      textSha256: true,
      draftRoundId: true,
      charter: {
        select: { id: true, title: true, participants: { where: { leftAt: null }, select: { organizationId: true } } },
      },
    },
  });
  const awaited: Awaited[] = [];
  for (const candidate of candidates) {
    const seated = candidate.charter.participants
      .map((one) => one.organizationId)
      .filter((id) => organizationIds.includes(id));
    for (const organizationId of seated) {
      const latest = await db.position.findFirst({
        where: { draftRoundId: candidate.draftRoundId, organizationId },
        orderBy: { at: "desc" },
        select: { textSha256: true },
      });
      if (latest && Buffer.from(latest.textSha256).equals(Buffer.from(candidate.textSha256))) continue;
      const name = person.memberships.find((one) => one.organizationId === organizationId)?.displayName ?? "";
      awaited.push({
        key: `${candidate.id}-${organizationId}`,
        sentence: latest
          ? `The text of “${candidate.charter.title}” has changed since ${name} took its position.`
          : `${name} has not yet taken a position on “${candidate.charter.title}”.`,
        href: `/drafts/${candidate.charter.id}/candidate`,
        since: candidate.frozenAt,
      });
    }
  }
  return awaited;
}

async function signaturesAsked({ db, now }: Context, person: Person): Promise<Awaited[]> {
  const rows = await db.signingInvitation.findMany({
    where: {
      OR: [{ email: person.email }, { organizationId: { in: organizationsWith(person, "signing-officer") } }],
      state: { in: ["SENT", "OPENED", "IN_REVIEW", "NOT_NOW"] },
      AND: [
        { OR: [{ askAgainAt: null }, { askAgainAt: { lte: now } }] },
        { OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] },
      ],
      version: { state: { in: ["OPEN", "OPEN_SEALED", "IN_EFFECT"] } },
    },
    select: { id: true, versionId: true, legalName: true, createdAt: true, version: { select: { title: true } } },
  });
  return rows.map((row) => ({
    key: row.id,
    sentence: `${row.legalName} is asked to sign “${row.version.title}”.`,
    href: `/sign/${row.versionId}`,
    since: row.createdAt,
  }));
}

/** Whoever sits at the table needs no invitation to sign; the newest version that takes signatures is shown to its officers. */
async function signaturesOfTable({ db }: Context, person: Person): Promise<Awaited[]> {
  const organizationIds = organizationsWith(person, "signing-officer");
  const mine = { organizationId: { in: organizationIds } };
  const versions = await db.charterVersion.findMany({
    where: {
      state: { in: ["OPEN", "OPEN_SEALED", "IN_EFFECT"] },
      charter: { participants: { some: { ...mine, leftAt: null } } },
    },
    orderBy: { number: "desc" },
    distinct: ["charterId"],
    select: {
      id: true,
      title: true,
      frozenAt: true,
      adoptedAt: true,
      signatures: { where: mine, select: { organizationId: true } },
      invitations: {
        where: { OR: [{ email: person.email }, mine], state: { notIn: ["REVOKED", "EXPIRED"] } },
        select: { id: true },
      },
      charter: { select: { participants: { where: { ...mine, leftAt: null }, select: { organizationId: true } } } },
    },
  });
  // An invitation tells of itself, and its answer is an answer.
  const uninvited = versions.filter((version) => version.invitations.length === 0);
  return uninvited.flatMap((version) =>
    version.charter.participants
      // Who withdrew or pulled out has answered too.
      .filter((seat) => !version.signatures.some((one) => one.organizationId === seat.organizationId))
      .map(({ organizationId }) => ({
        key: `${version.id}-${organizationId}-sign`,
        sentence: `${person.memberships.find((one) => one.organizationId === organizationId)?.displayName ?? ""} can sign “${version.title}”.`,
        href: `/sign/${version.id}?for=${organizationId}`,
        since: version.adoptedAt ?? version.frozenAt,
      })),
  );
}

/** Corrections of texts that the organizations signed, as long as they may object. */
async function correctionsToRead({ db, now }: Context, person: Person): Promise<Awaited[]> {
  const ids = organizationsWith(person, "admin", "representative");
  const signatures = await db.signature.findMany({
    where: { organizationId: { in: ids }, status: { in: ["EFFECTIVE", "WITHDRAWING", "DISPUTED"] } },
    select: { organizationId: true, versionId: true, version: { select: { title: true } } },
  });
  const corrections = await db.correction.findMany({
    where: {
      state: "PROPOSED",
      objectsUntil: { gt: now },
      versionId: { in: signatures.map((one) => one.versionId) },
    },
    select: { id: true, versionId: true, proposedAt: true },
  });
  return corrections.flatMap(({ id, versionId, proposedAt }) =>
    signatures
      .filter((one) => one.versionId === versionId)
      .map(({ organizationId, version }) => ({
        key: `${id}-${organizationId}`,
        sentence: `A correction of “${version.title}” is proposed; read it, and object if it changes the meaning.`,
        href: `/organizations/${organizationId}/record#corrections`,
        since: proposedAt,
      })),
  );
}

/** Charters whose convening is offered to an organization of the person's. */
async function conveningsOffered({ db }: Context, person: Person): Promise<Awaited[]> {
  const rows = await db.convenorHandover.findMany({
    where: { answer: null, toId: { in: organizationsWith(person, "admin", "representative") } },
  });
  const charters = await db.charter.findMany({
    where: { id: { in: rows.map((one) => one.charterId) } },
    select: { id: true, title: true, participants: { where: { leftAt: null }, select: { organizationId: true } } },
  });
  return rows.flatMap(({ id, charterId, toId, offeredAt }) => {
    // Whoever sits at the table no more reads nothing of it, its title of today neither.
    const charter = charters.find(
      (one) => one.id === charterId && one.participants.some(({ organizationId }) => organizationId === toId),
    );
    if (!charter) return [];
    const name = person.memberships.find((one) => one.organizationId === toId)?.displayName ?? "";
    return [
      {
        key: `${id}-convening`,
        sentence: `${name} is asked to convene “${charter.title}”.`,
        href: `/drafts/${charterId}/people#convening`,
        since: offeredAt,
      },
    ];
  });
}
