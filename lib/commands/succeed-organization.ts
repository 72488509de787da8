import type { Context } from "#lib/data/context.ts";
import { isOrganizationPublic } from "#lib/data/first-entries.ts";
import {
  lastSuccessor,
  lockPublicSignatures,
  type SubjectSignature,
  sayOfSignature,
  tellOrganizations,
} from "#lib/data/keeper-act.ts";
import { appendOrganization, requireVerifiedOrganization } from "#lib/data/organization-entry.ts";
import { requirePublicReason } from "#lib/data/public-reason.ts";
import { bumpRevisions } from "#lib/data/public-revision.ts";
import { announceRightsChange } from "#lib/data/rights-change.ts";
import { nameOrganization } from "#lib/data/slugs.ts";
import { type Tx, transaction } from "#lib/data/store.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireOnInstallation } from "#lib/domain/rights.ts";
import { isListed } from "#lib/domain/signature.ts";
import { declarationEnd, SucceedOrganization, successionGrounds } from "#lib/domain/succession.ts";
import { formatDay } from "#lib/domain/version-status.ts";

/**
 * Records on evidence that one organization stands in the place of another, which acts no more. Its signatures do not move by
 * themselves: the successor declares of each whether it carries it on, and what it has not taken up in time ends. Two records of one
 * organization are the exception: there nobody else takes anything over, and every signature moves at once.
 *
 * @throws {Refusal} not-signed-in, not-found, malformed, not-verified; conflict when one of them has a successor or they are one.
 */
export async function succeedOrganization(ctx: Context, raw: SucceedOrganization): Promise<void> {
  const operator = requireOnInstallation(ctx.actor, "record-succession");
  const { organizationId, successorId, ground, reason: text } = SucceedOrganization.parse(raw);
  const reason = `${successionGrounds[ground]} ${requirePublicReason(text)}`;
  await transaction(ctx.db, async (tx) => {
    const signatures = await lockSignatures(tx, organizationId);
    const { predecessor, successor } = await requireFitting(tx, organizationId, successorId);
    await requireVerifiedOrganization(tx, successorId, ctx.now);
    await tx.organization.update({
      where: { id: organizationId },
      data: { succeededById: successorId, succeededAt: ctx.now },
    });
    if (await isOrganizationPublic(tx, organizationId))
      await appendSuccession(tx, organizationId, successorId, ctx.now);
    if (ground === "duplicate") {
      for (const signature of signatures) {
        await sayOfSignature(tx, signature, {
          payload: {
            kind: "succession",
            organization: signature.organization,
            versionSha256: signature.version.sha256Hex,
            signActId: signature.signActId,
            by: "operator",
            reason,
            at: ctx.now.toISOString(),
            successorId,
            successorName: successor.legalName,
          },
          event: { kind: "succeed" },
          userId: operator.userId,
          now: ctx.now,
          succeededBy: successorId,
        });
      }
    }
    await tx.operatorAction.create({
      data: { userId: operator.userId, kind: "record-succession", subject: organizationId, reason, at: ctx.now },
    });
    await announceRightsChange(tx, { organizationId });
    await bumpRevisions(tx, [
      "directory",
      `organization:${organizationId}`,
      `organization:${successorId}`,
      ...new Set(signatures.map(({ version }) => `charter:${version.charterId}` as const)),
    ]);
    await tellBoth(tx, {
      organizationId,
      successorId,
      predecessor,
      successor,
      reason,
      signatures,
      ground,
      now: ctx.now,
    });
  });
}

/** Every signature that the organization stands for in public, its own and those it carries on. */
async function lockSignatures(tx: Tx, organizationId: string): Promise<SubjectSignature[]> {
  const rows = await tx.signature.findMany({
    where: {
      OR: [{ organizationId, succeededBy: null }, { succeededBy: organizationId }],
      status: { in: ["EFFECTIVE", "WITHDRAWING", "DISPUTED", "SUCCEEDED_BY"] },
    },
    select: { signActId: true },
  });
  const locked = await lockPublicSignatures(
    tx,
    rows.map((row) => row.signActId),
  );
  return locked.filter(({ status }) => isListed(status));
}

async function requireFitting(tx: Tx, organizationId: string, successorId: string) {
  if (organizationId === successorId) throw new Refusal("conflict", "An organization does not succeed itself.");
  // In one order for everybody, so that A after B and B after A can not both pass.
  await tx.$queryRaw`
    SELECT 1 FROM organization WHERE id IN (${organizationId}::uuid, ${successorId}::uuid) ORDER BY id FOR UPDATE`;
  const select = { legalName: true, displayName: true, succeededById: true } as const;
  const predecessor = await tx.organization.findUnique({ where: { id: organizationId }, select });
  const successor = await tx.organization.findUnique({ where: { id: successorId }, select });
  if (!predecessor || !successor) throw new Refusal("not-found", "There is no such organization.");
  if (predecessor.succeededById !== null) throw new Refusal("conflict", "This organization has a successor already.");
  if (successor.succeededById !== null || (await lastSuccessor(tx, successorId)) !== successorId) {
    throw new Refusal("conflict", "The successor has a successor itself; name the last of them.");
  }
  return { predecessor, successor };
}

/** The log names the successor before it says that it is one; both get a public name. */
async function appendSuccession(tx: Tx, organizationId: string, successorId: string, now: Date): Promise<void> {
  const successor = await tx.organization.findUniqueOrThrow({
    where: { id: successorId },
    select: { slug: true, displayName: true },
  });
  if (!(await isOrganizationPublic(tx, successorId))) {
    await appendOrganization(tx, successorId, { action: "verified" }, now);
  }
  if (successor.slug === null) await nameOrganization(tx, { organizationId: successorId, ...successor });
  await appendOrganization(tx, organizationId, { action: "succeeded", successorId }, now);
}

type Told = {
  readonly organizationId: string;
  readonly successorId: string;
  readonly predecessor: { readonly legalName: string; readonly displayName: string };
  readonly successor: { readonly legalName: string; readonly displayName: string };
  readonly reason: string;
  readonly signatures: readonly SubjectSignature[];
  readonly ground: SucceedOrganization["ground"];
  readonly now: Date;
};

async function tellBoth(tx: Tx, told: Told): Promise<void> {
  const { predecessor, successor, signatures, ground } = told;
  const isWaiting = ground !== "duplicate" && signatures.length > 0;
  const subject = `${successor.displayName} stands in the place of ${predecessor.displayName}`;
  const from = "The operator of this installation recorded this.";
  await tellOrganizations(tx, [told.successorId], "succession", {
    subject,
    from,
    paragraphs: [
      `The ground recorded: ${told.reason}`,
      isWaiting
        ? `${predecessor.displayName} signed ${signatures.length === 1 ? "one version" : `${signatures.length} versions`}. Say of each whether ${successor.displayName} carries the signature on or lets it end; what is not taken up by ${formatDay(declarationEnd(told.now))} ends.`
        : "There is nothing to declare.",
    ],
    action: { label: "Open your organization", path: `/organizations/${told.successorId}/record` },
  });
  await tellOrganizations(tx, [told.organizationId], "succession", {
    subject,
    from,
    paragraphs: [`The ground recorded: ${told.reason}`, `${predecessor.displayName} does not act here any more.`],
  });
}
