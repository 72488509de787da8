import { lockVersion, openingMaxMs, openVersion } from "#lib/data/open-version.ts";
import { tellTable } from "#lib/data/signing-mail.ts";
import { type Db, transaction } from "#lib/data/store.ts";

/**
 * Opens every version whose instant has come, each in one transaction with its text, its acts and all sealed signatures.
 * A process that dies before a commit leaves that version sealed, and the next call opens it, with the true time; called
 * twice at once, one opens and the other finds it open. Gives back the ids of the versions it opened itself.
 *
 * @throws {AggregateError} when some could not be opened; the others are open.
 */
export async function openDueVersions(db: Db, now: Date): Promise<string[]> {
  const due = await db.charterVersion.findMany({
    where: { state: "OPEN_SEALED", opensAt: { lte: now } },
    orderBy: { opensAt: "asc" },
    select: { id: true },
  });
  const opened: string[] = [];
  const failures: unknown[] = [];
  for (const { id } of due) {
    try {
      if (await openIfDue(db, id, now)) opened.push(id);
    } catch (error) {
      // One charter that can not be opened must not keep the others shut.
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} versions could not be opened.`);
  return opened;
}

async function openIfDue(db: Db, versionId: string, now: Date): Promise<boolean> {
  return transaction(
    db,
    async (tx) => {
      const version = await lockVersion(tx, versionId, "update");
      // Read again under the lock: another process opened it, or the opening was moved or cancelled.
      if (version.state !== "OPEN_SEALED" || version.opensAt === null || version.opensAt > now) return false;
      await openVersion(tx, version, now);
      await tellTable(tx, version, "open", null);
      return true;
    },
    openingMaxMs,
  );
}
