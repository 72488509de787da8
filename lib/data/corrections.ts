import { lastSuccessor } from "./keeper-act.ts";
import type { Db, Tx } from "./store.ts";

/** The organizations that answer for the signatures on a version, each once: those that are told of a correction and may object. */
export async function signatoriesOf(db: Db | Tx, versionId: string): Promise<string[]> {
  const rows = await db.signature.findMany({
    where: { versionId, status: { in: ["EFFECTIVE", "WITHDRAWING", "DISPUTED", "SUCCEEDED_BY"] } },
    select: { organizationId: true, succeededBy: true },
  });
  const holders = new Set<string>();
  for (const row of rows) holders.add(await lastSuccessor(db, row.succeededBy ?? row.organizationId));
  return [...holders];
}
