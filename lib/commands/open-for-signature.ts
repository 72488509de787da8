import { loadCharter } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { type LockedVersion, lockVersion, openVersion } from "#lib/data/open-version.ts";
import { tellTable } from "#lib/data/signing-mail.ts";
import { transaction } from "#lib/data/store.ts";
import { futureInstant, OpenForSignature, type OpeningView } from "#lib/domain/opening.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireOnCharter } from "#lib/domain/rights.ts";

/**
 * Opens an adopted version for signature. At once: the charter becomes public with its text. At an instant to come: it
 * takes sealed signatures and exists for nobody else until then; the clock opens it.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, conflict when it is not adopted or open already, malformed
 *   for a time that has passed or does not exist.
 */
export async function openForSignature(ctx: Context, raw: OpenForSignature): Promise<OpeningView> {
  const { versionId, opening } = OpenForSignature.parse(raw);
  return transaction(ctx.db, async (tx) => {
    const version = await lockVersion(tx, versionId, "update");
    const charter = await loadCharter(tx, version.charterId);
    requireOnCharter(ctx.actor, "open-for-signature", charter);
    requireAdopted(version);
    if (opening.kind === "now") {
      await openVersion(tx, version, ctx.now);
      await tellTable(tx, version, "open", null);
      return { versionId, state: "OPEN", opensAt: null };
    }
    const opensAt = futureInstant(opening, ctx.now);
    await tx.charterVersion.update({
      where: { id: versionId },
      data: { state: "OPEN_SEALED", opensAt, opensZone: opening.zone },
    });
    // A charter with an earlier public version stays public; its new version is what is hidden.
    await tx.charter.updateMany({
      where: { id: version.charterId, visibility: "PRIVATE" },
      data: { visibility: "EMBARGOED" },
    });
    await tellTable(tx, version, "sealed", { opensAt, zone: opening.zone });
    return { versionId, state: "OPEN_SEALED", opensAt };
  });
}

function requireAdopted(version: LockedVersion): void {
  if (version.state === "ADOPTED") return;
  throw new Refusal(
    "conflict",
    version.state === "CANDIDATE"
      ? "This text is not adopted yet; adopt it first."
      : version.state === "WITHDRAWN_TEXT"
        ? "This text was withdrawn."
        : "This version was opened for signature already.",
  );
}
