import { isOrganizationPublic } from "./first-entries.ts";
import { lockPublicSignatures, sayOfSignature, tellOrganizations } from "./keeper-act.ts";
import { appendOrganization } from "./organization-entry.ts";
import type { Tx } from "./store.ts";

/** A signature of each charter that names the organization, held before anything of the renaming is written. */
export async function lockRenamed(tx: Tx, organizationId: string) {
  const rows = await tx.signature.findMany({
    where: {
      OR: [{ organizationId, succeededBy: null }, { succeededBy: organizationId }],
      status: { in: ["EFFECTIVE", "WITHDRAWING", "DISPUTED", "SUCCEEDED_BY"] },
    },
    orderBy: { signedAt: "asc" },
    select: { signActId: true, version: { select: { charterId: true } } },
  });
  // The latest signature of each charter: one notification a charter, not one a version.
  const latest = new Map(rows.map((row) => [row.version.charterId, row.signActId]));
  return lockPublicSignatures(tx, [...latest.values()]);
}

/** Notifies every charter that an organization signed of its new name, after the name was written. Signatures stand as given. */
export async function publishRename(
  tx: Tx,
  renaming: {
    readonly organizationId: string;
    readonly formerName: string;
    readonly signatures: Awaited<ReturnType<typeof lockRenamed>>;
    readonly userId: string;
    readonly now: Date;
  },
): Promise<void> {
  const { organizationId, formerName, signatures, userId, now } = renaming;
  if (await isOrganizationPublic(tx, organizationId))
    await appendOrganization(tx, organizationId, { action: "renamed" }, now);
  const named = await tx.organization.findUniqueOrThrow({
    where: { id: organizationId },
    select: { legalName: true, displayName: true },
  });
  for (const signature of signatures) {
    const { organization, version, signActId } = signature;
    await sayOfSignature(tx, signature, {
      payload: {
        kind: "rename",
        organization: { ...organization, ...named },
        versionSha256: version.sha256Hex,
        signActId,
        by: "organization",
        reason: `It was called ${formerName}.`,
        at: now.toISOString(),
        formerName,
      },
      event: null,
      userId,
      now,
    });
  }
  if (signatures.length === 0) return;
  await tellOrganizations(tx, [organizationId], "organization-renamed", {
    subject: `${named.displayName} is the new name of ${formerName}`,
    from: "An admin of your organization asked for the new name, and the operator verified it.",
    paragraphs: [
      `${signatures.length === 1 ? "The charter" : `The ${signatures.length} charters`} that your organization signed ${signatures.length === 1 ? "has" : "have"} a notification of it. Signatures stand as they were given, under the name of then.`,
    ],
    action: { label: "Open your organization", path: `/organizations/${organizationId}` },
  });
}
