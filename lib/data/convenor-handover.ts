import { RowId } from "#lib/domain/ids.ts";
import type { MailContent } from "#lib/domain/mail.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { type CharterRecord, listAddressees, loadCharterForUpdate } from "./charters.ts";
import type { ConvenorHandover } from "./generated/client.ts";
import { enqueueMail } from "./outbox.ts";
import type { Db, Tx } from "./store.ts";

/** Whoever decides for an organization about the charters at whose table it sits. */
const leads = ["admin", "representative"];

/** An offer that waits for its answer, with the charter, whose row is held to the end of the transaction. */
export type OpenHandover = { readonly handover: ConvenorHandover; readonly charter: CharterRecord };

/**
 * The offer with this id, to be answered. Who may answer it the caller asks before anything is told.
 *
 * @throws {Refusal} not-found; `conflict` comes from `requireUnanswered`, after rights were checked.
 */
export async function loadHandoverForUpdate(tx: Tx, handoverId: string): Promise<OpenHandover> {
  const found = RowId.safeParse(handoverId).success
    ? await tx.convenorHandover.findUnique({ where: { id: handoverId }, select: { charterId: true } })
    : null;
  if (!found) throw noHandover();
  const charter = await loadCharterForUpdate(tx, found.charterId);
  // Read under the lock of the charter: somebody may have answered meanwhile.
  return { charter, handover: await tx.convenorHandover.findUniqueOrThrow({ where: { id: handoverId } }) };
}

/** What is answered to everybody whom an offer is none of. */
export function noHandover(): Refusal {
  return new Refusal("not-found", "There is no such offer.");
}

/**
 * Lets only an offer pass that waits for its answer.
 *
 * @throws {Refusal} conflict.
 */
export function requireUnanswered({ answer }: Pick<ConvenorHandover, "answer">): void {
  if (answer === null) return;
  throw new Refusal("conflict", `This offer was ${answer === "taken-back" ? "taken back" : answer} already.`);
}

/** The offer of a charter's convening that waits for its answer. */
export async function findOpenHandover(db: Db | Tx, charterId: string): Promise<ConvenorHandover | null> {
  return db.convenorHandover.findFirst({ where: { charterId, answer: null } });
}

/** Who convened a charter at an instant: what was said in the convenor's name stays its word, whoever convenes now. */
export async function convenorAt(
  db: Db | Tx,
  charter: { readonly id: string; readonly convenorOrganizationId: string },
  at: Date,
): Promise<string> {
  const next = await db.convenorHandover.findFirst({
    where: { charterId: charter.id, answer: "accepted", answeredAt: { gt: at } },
    orderBy: { answeredAt: "asc" },
    select: { fromId: true },
  });
  return next?.fromId ?? charter.convenorOrganizationId;
}

/**
 * Those of these charters of which a text was adopted. From then on the depositary keeps a record that the public reads and is sealed signatures' only
 * reader: that another takes its place would have to be a public act, which there is none for.
 */
export async function haveRecords(db: Db | Tx, charterIds: readonly string[]): Promise<ReadonlySet<string>> {
  const adopted = await db.act.findMany({
    where: { charterId: { in: [...charterIds] }, kind: "adopt" },
    select: { charterId: true },
    distinct: ["charterId"],
  });
  return new Set(adopted.map((one) => one.charterId));
}

/** Writes to those who decide for organizations. */
export async function tellLeads(
  tx: Tx,
  organizationIds: readonly string[],
  kind: string,
  content: MailContent,
): Promise<void> {
  for (const { email } of await listAddressees(tx, organizationIds, leads)) {
    await enqueueMail(tx, { kind, to: email, content: { ...content, subject: content.subject.slice(0, 200) } });
  }
}
