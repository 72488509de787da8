import type { Context } from "#lib/data/context.ts";
import { findActiveSignature } from "#lib/data/signatures.ts";
import { requireMayJoin } from "#lib/data/signing-version.ts";
import { unverifiedMessages } from "#lib/data/standing.ts";
import { liveMandate } from "#lib/domain/mandate.ts";
import { CharterPolicy } from "#lib/domain/policy.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { verificationOf } from "#lib/domain/verification.ts";
import { isSignable } from "#lib/domain/version-status.ts";

/** One step on the way to a signature: done, the one to take now, or still ahead; `awaits` says what is awaited from whom. */
export type JoiningStep = {
  readonly key: "account" | "organization" | "verification" | "mandate" | "signature";
  readonly state: "done" | "now" | "ahead";
  readonly sentence: string;
  readonly awaits: string | null;
  readonly action: { readonly label: string; readonly href: string } | null;
};

/** How far a newcomer has come with signing a public charter. */
export type Joining = {
  readonly slug: string;
  readonly title: string;
  readonly number: number;
  readonly steps: readonly JoiningStep[];
};

/**
 * The way of the actor, who may be a visitor, from the public page to a signature. It is computed from what is there, so it
 * can be left and taken up again anywhere.
 *
 * @throws {Refusal} not-found; version-closed when no version takes signatures.
 */
export async function loadJoining(ctx: Context, slug: string): Promise<Joining> {
  const charter = await ctx.db.charter.findFirst({
    where: { slug, visibility: "PUBLIC" },
    select: {
      id: true,
      policy: true,
      versions: {
        where: { state: { in: ["OPEN", "IN_EFFECT", "SUPERSEDED", "CLOSED"] } },
        orderBy: { number: "desc" },
        select: { id: true, number: true, title: true, state: true },
      },
    },
  });
  if (!charter) throw new Refusal("not-found", "There is no such charter.");
  const version = charter.versions.find((one) => isSignable(one.state));
  if (!version) throw new Refusal("version-closed", "This charter is closed to signature.");
  const path = `/join/${slug}`;
  const policy = CharterPolicy.parse(charter.policy);
  const steps = await stepsOf(ctx, { ...version, charterId: charter.id, policy }, path);
  return { slug, title: version.title, number: version.number, steps: withStates(steps) };
}

type Draft = Omit<JoiningStep, "state"> & { readonly isDone: boolean };

/** The first step that is not done is the one to take now; what lies behind it has no button yet. */
function withStates(drafts: readonly Draft[]): JoiningStep[] {
  const now = drafts.findIndex((one) => !one.isDone);
  return drafts.map(({ isDone, ...step }, at) => {
    if (isDone) return { ...step, state: "done", awaits: null, action: step.key === "signature" ? step.action : null };
    return at === now ? { ...step, state: "now" } : { ...step, state: "ahead", awaits: null, action: null };
  });
}

type Joined = Parameters<typeof requireMayJoin>[2];

/** Why this organization may not sign at all, whatever else it does; null when it may. */
async function obstacleOf(
  ctx: Context,
  version: Joined,
  organization: { readonly id: string; readonly class: string } | null,
): Promise<string | null> {
  if (ctx.actor.kind !== "person" || organization === null) return null;
  try {
    await requireMayJoin(ctx.db, ctx.actor, version, organization);
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

async function stepsOf(ctx: Context, version: Joined, path: string): Promise<Draft[]> {
  const { actor } = ctx;
  const person = actor.kind === "person" ? actor : null;
  const officerOf = person?.memberships.find((one) => one.roles.includes("signing-officer"));
  const current = person?.memberships.find((one) => one.organizationId === person.organizationId);
  const membership = current ?? officerOf ?? person?.memberships[0];
  const next = encodeURIComponent(path);
  const organization = membership ? await loadOrganization(ctx, membership.organizationId) : null;
  const obstacle = await obstacleOf(ctx, version, organization);
  const page = organization ? `/organizations/${organization.id}` : "/organizations/new";
  const isAdmin = membership?.roles.includes("admin") ?? false;
  const isOfficer = membership?.roles.includes("signing-officer") ?? false;
  const verification = organization ? verificationOf(organization, ctx.now) : null;
  const isPending = organization?.reviews.some((one) => one.outcome === null) ?? false;
  const mandate =
    organization && person
      ? liveMandate(
          organization.mandates.filter((one) => one.userId === person.userId),
          ctx.now,
        )
      : undefined;
  const others = organization ? organization.mandates.filter((one) => one.userId !== person?.userId) : [];
  const signature =
    organization && person ? await findActiveSignature(ctx.db, version.id, organization.id, person.userId) : undefined;
  return [
    {
      key: "account",
      isDone: person !== null,
      sentence: person ? `You are signed in as ${person.email}.` : "Sign in by mail; an account is made with it.",
      awaits: null,
      action: { label: "Sign in by mail", href: `/signin?next=${next}` },
    },
    {
      key: "organization",
      isDone: organization !== null && obstacle === null,
      sentence: organization
        ? `You act for ${organization.legalName}.${obstacle ? ` ${obstacle}` : ""}`
        : "Name your organization, or ask to join the one that is here already.",
      awaits: obstacle ? null : "If you asked to join one, one of its admins lets you in; you will get a mail.",
      action: {
        label: obstacle ? "Act for another organization" : "Your organization",
        href: `/organizations/new?next=${next}`,
      },
    },
    {
      key: "verification",
      isDone: verification?.state === "verified",
      sentence:
        verification?.state === "verified"
          ? "The organization is verified."
          : "The organization is verified: by a record in its domain, or by evidence that the operator reads.",
      awaits: verificationAwaits(verification?.state, isPending, isAdmin),
      action: { label: "Verify the organization", href: `${page}#verification` },
    },
    {
      key: "mandate",
      isDone: isOfficer && mandate !== undefined,
      sentence: mandate
        ? `You sign as ${mandate.title}, by a mandate that your organization recorded.`
        : others.some((one) => one.endedAt === null)
          ? "A colleague holds a signing mandate; you need one of your own to sign."
          : "Your organization records who may sign for it: a signing officer with a mandate.",
      awaits: isAdmin
        ? "You can record it yourself, as an admin of the organization."
        : "One of your organization’s admins records it; you will get a mail.",
      action: { label: "Record the mandate", href: `${page}#mandates` },
    },
    {
      key: "signature",
      isDone: signature !== undefined,
      sentence: signature
        ? "Your organization has signed."
        : "Read the text and sign, in a few short steps. Nothing is signed before its last button.",
      awaits: null,
      action: signature
        ? { label: "Open the receipt", href: `/receipts/${signature.actId}` }
        : { label: "Go to the ceremony", href: `/sign/${version.id}${organization ? `?for=${organization.id}` : ""}` },
    },
  ];
}

function verificationAwaits(state: string | undefined, isPending: boolean, isAdmin: boolean): string {
  if (state === "suspended") return unverifiedMessages.suspended;
  if (isPending) return "The operator is reading your evidence; you will get a mail with the outcome.";
  if (state === "lapsed") return unverifiedMessages.lapsed;
  return isAdmin
    ? "You, as an admin, add the record or hand in evidence; then the domain’s answer or the operator’s."
    : "One of your organization’s admins adds the record or hands in evidence.";
}

async function loadOrganization(ctx: Context, organizationId: string) {
  return ctx.db.organization.findUniqueOrThrow({
    where: { id: organizationId },
    select: {
      id: true,
      class: true,
      legalName: true,
      suspendedAt: true,
      domains: { select: { domain: true, confirmedAt: true, lastGoodAt: true, releasedAt: true } },
      reviews: { select: { outcome: true, reviewedAt: true } },
      mandates: {
        select: { userId: true, title: true, grantedAt: true, from: true, to: true, endedAt: true },
      },
    },
  });
}
