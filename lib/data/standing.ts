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
  return standingOf(await readStanding(tx, person, organizationId, lock), organizationId, now);
}

/** The rows that a standing is judged from. */
export type StandingRows = {
  readonly roles: readonly string[];
  readonly organization: FoundOrganization | undefined;
  readonly mandates: readonly MandateRow[];
};

/** Reads them, and with `lock` holds them, in questions that do not wait for each other's answers. */
export async function readStanding(
  tx: Db | Tx,
  { userId }: Pick<Person, "userId">,
  organizationId: string,
  lock = false,
): Promise<StandingRows> {
  const [roles, , organization, mandates] = await Promise.all([
    readRoles(tx, userId, organizationId),
    // Before the mandate, as those do who change who may act for it.
    lock ? holdUnnamed(tx, [organizationId]) : undefined,
    findOrganization(tx, organizationId, lock),
    readMandates(tx, userId, organizationId, lock),
  ]);
  return { roles, organization, mandates };
}

/**
 * The standing that the rows give.
 *
 * @throws {Refusal} as `requireStanding`.
 */
export function standingOf(rows: StandingRows, organizationId: string, now: Date): Standing {
  requireOfficer(rows.roles);
  const organization = verifiedOf(rows.organization, organizationId, now);
  return { organization, mandate: requireMandate(rows.mandates, now) };
}

type MandateRow = Mandate & { readonly grantedAt: Date; readonly endedAt: Date | null };

async function readMandates(tx: Db | Tx, userId: string, organizationId: string, lock: boolean): Promise<MandateRow[]> {
  return tx.$queryRaw<MandateRow[]>`
    SELECT id, title, granted_at AS "grantedAt", "from", "to", ended_at AS "endedAt" FROM signing_mandate
    WHERE organization_id = ${organizationId}::uuid AND user_id = ${userId}::uuid ORDER BY id ${lock ? Prisma.sql`FOR SHARE` : Prisma.empty}`;
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

async function readRoles(tx: Db | Tx, userId: string, organizationId: string): Promise<readonly string[]> {
  const [membership] = await tx.$queryRaw<{ roles: string[] }[]>`
    SELECT roles FROM membership WHERE organization_id = ${organizationId}::uuid AND user_id = ${userId}::uuid AND ended_at IS NULL`;
  return membership?.roles ?? [];
}

function requireOfficer(roles: readonly string[]): void {
  if (roles.includes("signing-officer")) return;
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
export async function requireVerified(tx: Db | Tx, organizationId: string, now: Date): Promise<ActOrganization> {
  return verifiedOf(await findOrganization(tx, organizationId, false), organizationId, now);
}

type FoundOrganization = Omit<OrganizationRow, "domains" | "reviews"> & {
  readonly domains: z.infer<typeof Domains>;
  readonly reviews: z.infer<typeof Reviews>;
};

function verifiedOf(row: FoundOrganization | undefined, organizationId: string, now: Date): ActOrganization {
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
  /** Whether it has its public name. */
  readonly isNamed: boolean;
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
async function findOrganization(
  tx: Db | Tx,
  organizationId: string,
  lock: boolean,
): Promise<FoundOrganization | undefined> {
  const [row] = await tx.$queryRaw<OrganizationRow[]>`
    SELECT legal_name AS "legalName", display_name AS "displayName", country, class, sector, suspended_at AS "suspendedAt",
           succeeded_by_id AS "succeededById", slug IS NOT NULL AS "isNamed",
           (SELECT coalesce(json_agg(json_build_object('domain', domain, 'confirmedAt', confirmed_at, 'lastGoodAt', last_good_at,
                                                       'releasedAt', released_at)), '[]')
            FROM domain_claim WHERE organization_id = organization.id) AS domains,
           (SELECT coalesce(json_agg(json_build_object('outcome', outcome, 'reviewedAt', reviewed_at)), '[]')
            FROM evidence_review WHERE organization_id = organization.id) AS reviews
    FROM organization WHERE id = ${organizationId}::uuid ${lock ? Prisma.sql`FOR KEY SHARE` : Prisma.empty}`;
  return row && { ...row, domains: Domains.parse(row.domains), reviews: Reviews.parse(row.reviews) };
}
