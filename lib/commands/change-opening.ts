import { loadCharter } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { lockVersion, openingMaxMs, openVersion } from "#lib/data/open-version.ts";
import { listSealed, returnSignatures } from "#lib/data/sealed.ts";
import { openingWords, tellSealedOfficers, tellTable } from "#lib/data/signing-mail.ts";
import { transaction } from "#lib/data/store.ts";
import { futureInstant, OpenForSignature, type OpeningView } from "#lib/domain/opening.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireOnCharter } from "#lib/domain/rights.ts";

/**
 * Moves the opening of a sealed version, or lifts the embargo now. What officers signed says "not before" the instant as it
 * was: moved later, their signatures stand, and they are told and may pull out; moved earlier, the signatures are returned
 * and must be given anew.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, malformed; conflict when the version is not sealed any more.
 */
export async function changeOpening(ctx: Context, raw: OpenForSignature): Promise<OpeningView & { returned: number }> {
  const { versionId, opening } = OpenForSignature.parse(raw);
  return transaction(
    ctx.db,
    async (tx) => {
      const version = await lockVersion(tx, versionId, "update");
      requireOnCharter(ctx.actor, "open-for-signature", await loadCharter(tx, version.charterId));
      if (version.state !== "OPEN_SEALED" || version.opensAt === null) {
        throw new Refusal("conflict", "This version has no opening to come that could be moved.");
      }
      const opensAt = opening.kind === "now" ? ctx.now : futureInstant(opening, ctx.now);
      const isEarlier = opensAt < version.opensAt;
      const sealed = await listSealed(tx, versionId);
      if (isEarlier) {
        await returnSignatures(tx, version, sealed, {
          reason: "The opening was moved to an earlier instant.",
          now: ctx.now,
        });
      }
      const when = opening.kind === "now" ? "now" : `to ${openingWords({ opensAt, zone: opening.zone })}`;
      await tellSealedOfficers(tx, version, sealed, [
        `The opening of version ${version.number} of “${version.title}” was moved ${when}.`,
        isEarlier
          ? "You signed for publication no earlier than the instant set before, so your signature was returned. It counts for nothing until you sign again."
          : "Your sealed signature stands. Until the opening you can pull it out without a trace.",
      ]);
      if (opening.kind === "now") {
        await openVersion(tx, version, ctx.now);
        await tellTable(tx, version, "open", null);
        return { versionId, state: "OPEN", opensAt: null, returned: sealed.length };
      }
      await tx.charterVersion.update({ where: { id: versionId }, data: { opensAt, opensZone: opening.zone } });
      return { versionId, state: "OPEN_SEALED", opensAt, returned: isEarlier ? sealed.length : 0 };
    },
    openingMaxMs,
  );
}
