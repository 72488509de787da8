import type { Context } from "#lib/data/context.ts";
import { findCorrectedCopy, findPublishedCopy } from "#lib/data/corrections.ts";
import { keysOnlySince } from "#lib/data/evidence-rule.ts";
import { findActiveSignature } from "#lib/data/signatures.ts";
import { listUsableKeys, type UsableKey } from "#lib/data/signing-keys.ts";
import { closedMessage, requireMayJoin, requireReadable } from "#lib/data/signing-version.ts";
import { requireStanding } from "#lib/data/standing.ts";
import type { Person } from "#lib/domain/actor.ts";
import type { ActOrganization } from "#lib/domain/acts.ts";
import { type NumberedClause, numbered } from "#lib/domain/charter-text.ts";
import { compareTexts, type TextComparison } from "#lib/domain/clause-diff.ts";
import { RowId } from "#lib/domain/ids.ts";
import { CharterPolicy, type PolicySentence, policySentences } from "#lib/domain/policy.ts";
import { Refusal, type RefusalCode } from "#lib/domain/refusal.ts";
import { reservableClauses } from "#lib/domain/reservation.ts";
import { requirePerson } from "#lib/domain/rights.ts";
import { isSignable } from "#lib/domain/version-status.ts";
import { parseCanonicalVersion } from "#lib/ledger/canonical-version.ts";
import { HashHex } from "#lib/ledger/fields.ts";
import { encodeHex } from "#lib/ledger/hash.ts";
import { parseStatement } from "#lib/ledger/statement.ts";

/** A passkey that the officer may sign with. */
export type SigningKeyChoice = UsableKey;

/** A statement that was written for the organization's own key and not handed in yet. */
export type WaitingStatement = {
  readonly preparedId: string;
  readonly statement: string;
  readonly expiresAt: Date;
};

/** How an organization stands to a version: who may sign, and if not, why and what is awaited from whom. */
export type CeremonyStanding =
  | {
      readonly kind: "ready";
      readonly organization: ActOrganization;
      readonly mandate: {
        readonly title: string;
        readonly from: Date;
        readonly to: Date | null;
        readonly grantedBy: string;
      };
      readonly keys: readonly SigningKeyChoice[];
      /** False where only keys of the organization count. */
      readonly takesCodes: boolean;
      /** A statement that waits for an own key to sign it; null where none does. */
      readonly waiting: WaitingStatement | null;
    }
  | { readonly kind: "blocked"; readonly code: RefusalCode; readonly message: string }
  | {
      readonly kind: "signed";
      readonly actId: string;
      readonly signedAt: Date;
      readonly isOwn: boolean;
      readonly isSealed: boolean;
    }
  | { readonly kind: "no-organization" };

/** Everything the ceremony shows. `opensAt` is the embargo; null once the version is public. */
export type Ceremony = {
  readonly versionId: string;
  readonly charterId: string;
  readonly slug: string | null;
  readonly title: string;
  readonly number: number;
  readonly language: string;
  readonly sha256Hex: string;
  readonly clauses: readonly NumberedClause[];
  /** The clauses to which the charter's policy lets an organization make a reservation; none in most charters. */
  readonly reservable: readonly NumberedClause[];
  readonly adoptedAt: Date | null;
  readonly convenor: string;
  readonly isSignable: boolean;
  readonly closedMessage: string;
  readonly opensAt: Date | null;
  readonly opensZone: string | null;
  readonly policy: CharterPolicy;
  readonly policySentences: readonly PolicySentence[];
  /** `name` is empty until the person gives one. */
  readonly person: { readonly name: string; readonly email: string };
  /** The organizations of the person, for choosing; `organizationId` is the one this is shown for. */
  readonly organizations: readonly { readonly id: string; readonly name: string }[];
  readonly organizationId: string | null;
  readonly standing: CeremonyStanding;
  /** What changed since the version this organization signed before; null when it signed none. */
  readonly since: { readonly number: number; readonly comparison: TextComparison } | null;
  /** What the corrected copy that was published last changes in the text that is signed; null without one. */
  readonly correction: TextComparison | null;
  /** Who asks, when this organization or person was invited by name. */
  readonly invitation: { readonly from: string; readonly message: string; readonly state: string } | null;
};

/**
 * What an officer is shown before signing a version for one of their organizations. Reading changes nothing.
 *
 * @throws {Refusal} not-signed-in, not-found.
 */
export async function loadCeremony(ctx: Context, versionId: string, wanted?: string): Promise<Ceremony> {
  const person = requirePerson(ctx.actor);
  const version = await loadVersion(ctx, versionId);
  await requireReadable(ctx.db, person, version);
  const organizationId = chooseOrganization(person, wanted);
  const { text } = parseCanonicalVersion(version.canonical);
  const policy = CharterPolicy.parse(version.charter.policy);
  const isSealed = version.state === "OPEN_SEALED";
  return {
    versionId: version.id,
    charterId: version.charterId,
    slug: version.charter.slug,
    title: version.title,
    number: version.number,
    language: version.language,
    sha256Hex: encodeHex(version.sha256),
    clauses: numbered(text.clauses),
    reservable: reservableClauses(policy, numbered(text.clauses)),
    adoptedAt: version.adoptedAt,
    convenor: await nameOf(ctx, version.charter.convenorOrganizationId),
    isSignable: isSignable(version.state),
    closedMessage: closedMessage(version.state),
    opensAt: isSealed ? version.opensAt : null,
    opensZone: isSealed ? version.opensZone : null,
    policy,
    policySentences: policySentences(policy),
    person: { name: person.hasGivenName ? person.name : "", email: person.email },
    organizations: person.memberships.map((one) => ({ id: one.organizationId, name: one.displayName })),
    organizationId,
    standing: await standingOf(ctx, person, version, policy, organizationId),
    since: organizationId === null ? null : await changesSince(ctx, version, text, organizationId),
    correction: await correctionOf(ctx, version.id, text),
    invitation: await findInvitation(ctx, person, version.id, organizationId),
  };
}

/**
 * The canonical bytes that a statement about a version can name by their hash: those of the version, or with `wantedSha256Hex` also
 * those of a corrected copy of it that was published. For whoever may see the ceremony.
 *
 * @throws {Refusal} not-signed-in; not-found also for the hash of any other text.
 */
export async function loadSignedBytes(ctx: Context, versionId: string, wantedSha256Hex?: string): Promise<Uint8Array> {
  const person = requirePerson(ctx.actor);
  const version = await loadVersion(ctx, versionId);
  await requireReadable(ctx.db, person, version);
  if (wantedSha256Hex === undefined || wantedSha256Hex === encodeHex(version.sha256)) return version.canonical;
  const wanted = HashHex.safeParse(wantedSha256Hex).data;
  const copy = wanted === undefined ? undefined : await findPublishedCopy(ctx.db, version.id, wanted);
  if (!copy) throw new Refusal("not-found", "There is no such text of this version.");
  return copy;
}

type VersionRow = Awaited<ReturnType<typeof loadVersion>>;

async function loadVersion(ctx: Context, versionId: string) {
  const row = RowId.safeParse(versionId).success
    ? await ctx.db.charterVersion.findUnique({
        where: { id: versionId },
        include: { charter: { select: { slug: true, policy: true, convenorOrganizationId: true } } },
      })
    : null;
  if (!row) throw new Refusal("not-found", "There is no such version.");
  return row;
}

function chooseOrganization(person: Person, wanted: string | undefined): string | null {
  const asked = person.memberships.find((one) => one.organizationId === wanted);
  const current = person.memberships.find((one) => one.organizationId === person.organizationId);
  const officerOf = person.memberships.find((one) => one.roles.includes("signing-officer"));
  const preferred = current?.roles.includes("signing-officer") ? current : (officerOf ?? current);
  return (asked ?? preferred ?? person.memberships[0])?.organizationId ?? null;
}

async function standingOf(
  ctx: Context,
  person: Person,
  version: VersionRow,
  policy: CharterPolicy,
  organizationId: string | null,
): Promise<CeremonyStanding> {
  if (organizationId === null) return { kind: "no-organization" };
  const earlier = await findActiveSignature(ctx.db, version.id, organizationId, person.userId);
  if (earlier) {
    const isSealed = version.state === "OPEN_SEALED";
    return { kind: "signed", actId: earlier.actId, signedAt: earlier.signedAt, isOwn: earlier.isOwn, isSealed };
  }
  try {
    // Asked first: nobody is sent through a verification for a charter that their organization may not sign.
    const { class: kind } = await ctx.db.organization.findUniqueOrThrow({
      where: { id: organizationId },
      select: { class: true },
    });
    await requireMayJoin(ctx.db, person, { ...version, policy }, { id: organizationId, class: kind });
    const { organization, mandate } = await requireStanding(ctx.db, person, organizationId, ctx.now);
    const { title, from, to } = mandate;
    return {
      kind: "ready",
      organization,
      mandate: { title, from, to, grantedBy: await granterOf(ctx, mandate.id) },
      keys: await listUsableKeys(ctx.db, ctx.site, person.userId, organizationId, ctx.now),
      takesCodes: (await keysOnlySince(ctx.db, organizationId)) === null,
      waiting: await findWaiting(ctx, person, version.id, organizationId),
    };
  } catch (error) {
    if (error instanceof Refusal) return { kind: "blocked", code: error.code, message: error.message };
    throw error;
  }
}

async function findWaiting(
  ctx: Context,
  person: Person,
  versionId: string,
  organizationId: string,
): Promise<WaitingStatement | null> {
  const prepared = await ctx.db.preparedStatement.findMany({
    where: {
      versionId,
      organizationId,
      userId: person.userId,
      action: "sign",
      usedAt: null,
      expiresAt: { gt: ctx.now },
    },
    orderBy: { createdAt: "desc" },
    select: { id: true, statement: true, expiresAt: true },
  });
  if (prepared.length === 0) return null;
  const own = await ctx.db.signingKey.findMany({
    where: { organizationId, kind: "ed25519", revokedAt: null },
    select: { spkiSha256: true },
  });
  const keys = new Set(own.map(({ spkiSha256 }) => encodeHex(spkiSha256)));
  const latest = prepared.find(({ statement }) => keys.has(parseStatement(statement).organizationKey ?? ""));
  return latest ? { preparedId: latest.id, statement: latest.statement, expiresAt: latest.expiresAt } : null;
}

async function granterOf(ctx: Context, mandateId: string): Promise<string> {
  const mandate = await ctx.db.signingMandate.findUnique({ where: { id: mandateId }, select: { grantedBy: true } });
  const user = mandate && (await ctx.db.user.findUnique({ where: { id: mandate.grantedBy }, select: { name: true } }));
  return user?.name ?? "an admin of your organization";
}

async function nameOf(ctx: Context, organizationId: string): Promise<string> {
  const row = await ctx.db.organization.findUnique({ where: { id: organizationId }, select: { displayName: true } });
  return row?.displayName ?? "";
}

async function changesSince(
  ctx: Context,
  version: VersionRow,
  text: Parameters<typeof compareTexts>[1],
  organizationId: string,
): Promise<Ceremony["since"]> {
  const signed = await ctx.db.signature.findFirst({
    where: {
      organizationId,
      status: { in: ["EFFECTIVE", "WITHDRAWING", "WITHDRAWN"] },
      version: { charterId: version.charterId, number: { lt: version.number } },
    },
    orderBy: { version: { number: "desc" } },
    select: { version: { select: { number: true, canonical: true } } },
  });
  if (!signed) return null;
  const earlier = parseCanonicalVersion(signed.version.canonical).text;
  return { number: signed.version.number, comparison: compareTexts(earlier, text) };
}

async function correctionOf(
  ctx: Context,
  versionId: string,
  text: Parameters<typeof compareTexts>[0],
): Promise<Ceremony["correction"]> {
  const copy = await findCorrectedCopy(ctx.db, versionId);
  return copy ? compareTexts(text, parseCanonicalVersion(copy.canonical).text) : null;
}

async function findInvitation(
  ctx: Context,
  person: Person,
  versionId: string,
  organizationId: string | null,
): Promise<Ceremony["invitation"]> {
  const row = await ctx.db.signingInvitation.findFirst({
    where: {
      versionId,
      state: { notIn: ["REVOKED", "EXPIRED"] },
      OR: [{ email: person.email }, ...(organizationId === null ? [] : [{ organizationId }])],
    },
    orderBy: { createdAt: "desc" },
    select: { message: true, state: true, invitedBy: true },
  });
  if (!row) return null;
  const inviter = await ctx.db.user.findUnique({ where: { id: row.invitedBy }, select: { name: true } });
  return { from: inviter?.name ?? "", message: row.message, state: row.state };
}
