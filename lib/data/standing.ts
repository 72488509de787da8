import { z } from "zod";
import type { Person } from "#lib/domain/actor.ts";
import type { ActOrganization } from "#lib/domain/acts.ts";
import { liveMandate, mandateState } from "#lib/domain/mandate.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { type Verification, verificationOf } from "#lib/domain/verification.ts";
import { Prisma } from "./generated/client.ts";
import { holdUnnamed } from "./slugs.ts";
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
  // Before the mandate, as those do who change who may act for it.
  if (lock) await holdUnnamed(tx, [organizationId]);
  const organization = await requireVerified(tx, organizationId, now, lock);
  const mandates = lock
    ? await lockMandates(tx, person.userId, organizationId)
    : await tx.signingMandate.findMany({
        where: { organizationId, userId: person.userId },
        select: { id: true, title: true, grantedAt: true, from: true, to: true, endedAt: true },
      });
  return { organization, mandate: requireMandate(mandates, now) };
}

type MandateRow = Mandate & { readonly grantedAt: Date; readonly endedAt: Date | null };

async function lockMandates(tx: Db | Tx, userId: string, organizationId: string): Promise<MandateRow[]> {
  return tx.$queryRaw<MandateRow[]>`
    SELECT id, title, granted_at AS "grantedAt", "from", "to", ended_at AS "endedAt" FROM signing_mandate
    WHERE organization_id = ${organizationId}::uuid AND user_id = ${userId}::uuid ORDER BY id FOR SHARE`;
}

function requireMandate(rows: readonly MandateRow[], now: Date): Mandate {
  const mandates = rows.toSorted((one, other) => other.grantedAt.getTime() - one.grantedAt.getTime());
  const live = liveMandate(mandates, now);
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
    mandateState(latest, now) === "not-begun"
      ? "Your signing mandate has not begun yet."
      : "Your signing mandate has ended; one of your organization's admins can record a new one.",
  );
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

/** Why an organization that is not verified can not act, and what is awaited from whom. */
export const unverifiedMessages = {
  suspended: "The operator has suspended this organization; it cannot act until that is lifted.",
  lapsed:
    "The domain of your organization could not be confirmed for more than seven days; one of its admins can check it again.",
  unverified:
    "Your organization is not verified yet: one of its admins confirms its domain, or the operator reviews evidence.",
} as const satisfies Record<Exclude<Verification["state"], "verified">, string>;

/**
 * An organization that may act now, as it stands on its acts.
 *
 * @throws {Refusal} not-found, not-verified.
 */
export async function requireVerified(
  tx: Db | Tx,
  organizationId: string,
  now: Date,
  lock = false,
): Promise<ActOrganization> {
  const row = await findOrganization(tx, organizationId, lock);
  if (!row) throw new Refusal("not-found", "There is no such organization.");
  if (row.succeededById !== null) {
    throw new Refusal(
      "not-verified",
      "Another organization has taken the place of this one; that one acts from now on.",
    );
  }
  const verification = verificationOf(row, now);
  if (verification.state !== "verified") throw new Refusal("not-verified", unverifiedMessages[verification.state]);
  const { legalName, displayName, country, class: kind, sector } = row;
  const domain = verification.by === "domain" ? verification.domain : null;
  return { id: organizationId, legalName, displayName, country, class: kind, sector, domain };
}

type OrganizationRow = Omit<ActOrganization, "id" | "domain"> & {
  readonly suspendedAt: Date | null;
  readonly succeededById: string | null;
  readonly domains: unknown;
  readonly reviews: unknown;
};

// Instants come as JSON writes them.
const JsonInstant = z.coerce.date().nullable();
const Domains = z.array(
  z.strictObject({ domain: z.string(), confirmedAt: JsonInstant, lastGoodAt: JsonInstant, releasedAt: JsonInstant }),
);
const Reviews = z.array(z.strictObject({ outcome: z.string().nullable(), reviewedAt: JsonInstant }));

/** In one question, because every signature asks it. */
async function findOrganization(tx: Db | Tx, organizationId: string, lock: boolean) {
  const [row] = await tx.$queryRaw<OrganizationRow[]>`
    SELECT legal_name AS "legalName", display_name AS "displayName", country, class, sector, suspended_at AS "suspendedAt",
           succeeded_by_id AS "succeededById",
           (SELECT coalesce(json_agg(json_build_object('domain', domain, 'confirmedAt', confirmed_at, 'lastGoodAt', last_good_at,
                                                       'releasedAt', released_at)), '[]')
            FROM domain_claim WHERE organization_id = organization.id) AS domains,
           (SELECT coalesce(json_agg(json_build_object('outcome', outcome, 'reviewedAt', reviewed_at)), '[]')
            FROM evidence_review WHERE organization_id = organization.id) AS reviews
    FROM organization WHERE id = ${organizationId}::uuid ${lock ? Prisma.sql`FOR KEY SHARE` : Prisma.empty}`;
  return row && { ...row, domains: Domains.parse(row.domains), reviews: Reviews.parse(row.reviews) };
}
