import type { Person } from "#lib/domain/actor.ts";
import type { ActOrganization } from "#lib/domain/acts.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import type { Db, Tx } from "./store.ts";

/** A mandate to sign for an organization. `to` is the first instant at which it no longer counts; null is until further notice. */
export type Mandate = { readonly id: string; readonly title: string; readonly from: Date; readonly to: Date | null };

/** What an officer stands on when an organization acts: the organization as it is now, and the mandate. */
export type Standing = { readonly organization: ActOrganization; readonly mandate: Mandate };

/**
 * The standing of a person who is about to act for an organization, judged from the rows as they are now; with `lock` the
 * mandate's row is held to the end of the transaction, so that ending it comes before or after the act, never between.
 *
 * @throws {Refusal} not-permitted, not-verified, mandate-missing, mandate-expired; each says what is awaited from whom.
 */
export async function requireStanding(
  tx: Db | Tx,
  person: Pick<Person, "userId">,
  organizationId: string,
  now: Date,
  lock = false,
): Promise<Standing> {
  await requireOfficer(tx, person.userId, organizationId);
  const organization = await requireVerified(tx, organizationId, now);
  const mandates = lock
    ? await tx.$queryRaw<MandateRow[]>`
        SELECT id, title, "from", "to", ended_at AS "endedAt" FROM signing_mandate
        WHERE organization_id = ${organizationId}::uuid AND user_id = ${person.userId}::uuid
        ORDER BY granted_at DESC, id FOR SHARE`
    : await tx.signingMandate.findMany({
        where: { organizationId, userId: person.userId },
        orderBy: [{ grantedAt: "desc" }, { id: "asc" }],
        select: { id: true, title: true, from: true, to: true, endedAt: true },
      });
  return { organization, mandate: requireLive(mandates, now) };
}

type MandateRow = Mandate & { readonly endedAt: Date | null };

function requireLive(mandates: readonly MandateRow[], now: Date): Mandate {
  const live = mandates.find((one) => isLive(one, now));
  if (live) return { id: live.id, title: live.title, from: live.from, to: live.to };
  const latest = mandates[0];
  if (!latest) {
    throw new Refusal(
      "mandate-missing",
      "Your organization has recorded no signing mandate for you; one of its admins can record it on the organization's page.",
    );
  }
  throw new Refusal(
    "mandate-expired",
    latest.endedAt === null && latest.from > now
      ? "Your signing mandate has not begun yet."
      : "Your signing mandate has ended; one of your organization's admins can record a new one.",
  );
}

function isLive({ from, to, endedAt }: MandateRow, now: Date): boolean {
  return from <= now && (to === null || now < to) && (endedAt === null || now < endedAt);
}

async function requireOfficer(tx: Db | Tx, userId: string, organizationId: string): Promise<void> {
  const membership = await tx.membership.findFirst({
    where: { organizationId, userId, endedAt: null },
    select: { roles: true },
  });
  if (membership?.roles.includes("signing-officer")) return;
  throw new Refusal(
    "not-permitted",
    "Only a signing officer signs for the organization; one of its admins can give you that role.",
  );
}

async function requireVerified(tx: Db | Tx, organizationId: string, now: Date): Promise<ActOrganization> {
  const row = await tx.organization.findUniqueOrThrow({
    where: { id: organizationId },
    select: {
      legalName: true,
      displayName: true,
      country: true,
      class: true,
      sector: true,
      suspendedAt: true,
      domains: {
        where: { confirmedAt: { not: null }, releasedAt: null },
        orderBy: { confirmedAt: "asc" },
        select: { domain: true, lastGoodAt: true },
      },
      reviews: { where: { outcome: "verified" }, select: { id: true } },
    },
  });
  if (row.suspendedAt !== null) {
    throw new Refusal(
      "not-verified",
      "The operator has suspended this organization; it cannot act until that is lifted.",
    );
  }
  const domain = row.domains.find((one) => isFresh(one.lastGoodAt, now));
  if (!domain && row.reviews.length === 0) {
    throw new Refusal(
      "not-verified",
      row.domains.length > 0
        ? "The domain of your organization could not be confirmed for more than seven days; an admin can check it again."
        : "Your organization is not verified yet: an admin confirms its domain, or the operator reviews evidence.",
    );
  }
  const { legalName, displayName, country, class: kind, sector } = row;
  return { id: organizationId, legalName, displayName, country, class: kind, sector, domain: domain?.domain ?? null };
}

/** How long the last good answer of a domain counts. */
const domainGoodMs = 7 * 86_400_000;

function isFresh(lastGoodAt: Date | null, now: Date): boolean {
  return lastGoodAt !== null && now.getTime() - lastGoodAt.getTime() <= domainGoodMs;
}
