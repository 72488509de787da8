import type { Person } from "#lib/domain/actor.ts";
import { type ActOrganization, ActPayload } from "#lib/domain/acts.ts";
import type { MailContent } from "#lib/domain/mail.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { mayOnCharter, mayOnInstallation, requireOnCharter, requirePerson } from "#lib/domain/rights.ts";
import { nextSignatureStatus, type SignatureEvent, type SignatureStatus } from "#lib/domain/signature.ts";
import { insertAct, publishAct } from "./acts.ts";
import { listAddressees, loadCharter } from "./charters.ts";
import type { Context } from "./context.ts";
import { type LockedVersion, lockVersion } from "./open-version.ts";
import { enqueueMail } from "./outbox.ts";
import { parseSignatureStatus } from "./signatures.ts";
import type { Db, Tx } from "./store.ts";

/** A public signature that keepers are about to say something about; its row is held to the end of the transaction. */
export type SubjectSignature = {
  readonly id: string;
  readonly signActId: string;
  readonly status: SignatureStatus;
  readonly withdrawsAt: Date | null;
  /** Who signed, as it stood then. */
  readonly organization: ActOrganization;
  /** Who carries it: the organization that signed, or the successor that took it up. */
  readonly carrierId: string;
  /** Who answers for it now; another than the carrier while a succession waits for its declaration. */
  readonly holderId: string;
  readonly version: LockedVersion;
};

/**
 * Who answers for a signature now: the organization that carries it, or the last of those that stand in its place. Undefined when
 * there is no such signature.
 */
export async function findHolder(db: Db | Tx, signActId: string): Promise<string | undefined> {
  const row = await db.signature.findUnique({
    where: { signActId },
    select: { organizationId: true, succeededBy: true },
  });
  return row ? lastSuccessor(db, row.succeededBy ?? row.organizationId) : undefined;
}

/** Through whom and by whose word something is said about a signature. */
export type KeepersVoice = { readonly person: Person; readonly by: "depositary" | "operator" };

/**
 * Lets those pass who keep the record that a signature stands in: the depositary of its charter, and an operator, whose word is an
 * override and is shown as one. Whoever is both speaks as the depositary.
 *
 * @throws {Refusal} not-signed-in; not-found for everybody outside the charter; not-permitted for those inside it.
 */
export async function requireKeeper(
  { db, actor }: Pick<Context, "db" | "actor">,
  signActId: string,
): Promise<KeepersVoice> {
  const person = requirePerson(actor);
  const row = await db.signature.findUnique({
    where: { signActId },
    select: { version: { select: { charterId: true } } },
  });
  if (!row) throw new Refusal("not-found", "There is no such signature.");
  const charter = await loadCharter(db, row.version.charterId);
  if (mayOnCharter(actor, "judge-signature", charter)) return { person, by: "depositary" };
  if (mayOnInstallation(actor, "examine-signatures")) return { person, by: "operator" };
  requireOnCharter(actor, "judge-signature", charter);
  throw new Refusal("not-permitted", "Only the depositary of the charter can do this.");
}

/** What mail says first: whose word it is. */
export const keeperFound = {
  depositary: "The depositary of the charter found so.",
  operator: "The operator of this installation found so.",
} as const satisfies Record<KeepersVoice["by"], string>;

/** The successor of the successor, and so on; the organization itself when it has none. */
export async function lastSuccessor(db: Db | Tx, organizationId: string): Promise<string> {
  const seen = new Set([organizationId]);
  for (let last = organizationId; ; ) {
    const row = await db.organization.findUnique({ where: { id: last }, select: { succeededById: true } });
    if (!row?.succeededById || seen.has(row.succeededById)) return last;
    last = row.succeededById;
    seen.add(last);
  }
}

/**
 * Locks a public signature in the order of all locks: its version for sharing, then its row.
 *
 * @throws {Refusal} not-found, also while it is sealed: nothing of it shows before it is public.
 */
export async function lockPublicSignature(tx: Tx, signActId: string): Promise<SubjectSignature> {
  const found = await tx.signature.findUnique({
    where: { signActId },
    select: { id: true, versionId: true },
  });
  const isPublic = (await tx.actPublication.count({ where: { actId: signActId } })) > 0;
  if (!found || !isPublic) throw new Refusal("not-found", "There is no such signature.");
  const version = await lockVersion(tx, found.versionId, "share");
  await tx.$queryRaw`SELECT 1 FROM signature WHERE id = ${found.id}::uuid FOR UPDATE`;
  const row = await tx.signature.findUniqueOrThrow({ where: { id: found.id } });
  const act = await tx.act.findUniqueOrThrow({ where: { id: signActId }, select: { payload: true } });
  const payload = ActPayload.parse(act.payload);
  if (payload.kind !== "sign") throw new Error("A signature begins with the act of signing.");
  return {
    id: row.id,
    signActId,
    status: parseSignatureStatus(row.status),
    withdrawsAt: row.withdrawsAt,
    organization: payload.organization,
    carrierId: row.succeededBy ?? row.organizationId,
    holderId: await lastSuccessor(tx, row.succeededBy ?? row.organizationId),
    version,
  };
}

/** Locks several in one order for everybody: by their charters, then by their versions. */
export async function lockPublicSignatures(tx: Tx, signActIds: readonly string[]): Promise<SubjectSignature[]> {
  const rows = await tx.signature.findMany({
    where: { signActId: { in: [...signActIds] } },
    select: { signActId: true, version: { select: { id: true, charterId: true } } },
  });
  const placed = rows.map((row) => ({ ...row, place: `${row.version.charterId} ${row.version.id}` }));
  placed.sort((left, right) => (left.place < right.place ? -1 : left.place > right.place ? 1 : 0));
  const locked: SubjectSignature[] = [];
  for (const { signActId } of placed) locked.push(await lockPublicSignature(tx, signActId));
  return locked;
}

/** What is said, by whom, and what it makes of the signature; no event leaves its status alone. */
export type KeeperSaying = {
  readonly payload: Extract<ActPayload, { signActId: string; by: string }>;
  readonly event: SignatureEvent | null;
  readonly userId: string | null;
  readonly now: Date;
  readonly succeededBy?: string;
};

/** Records and publishes an act about a signature, and moves the signature. Gives back the act's id. */
export async function sayOfSignature(tx: Tx, signature: SubjectSignature, saying: KeeperSaying): Promise<string> {
  const { payload, event, userId, now, succeededBy } = saying;
  if (event) {
    await tx.signature.update({
      where: { id: signature.id },
      data: {
        status: nextSignatureStatus(signature.status, event),
        ...(succeededBy === undefined ? {} : { succeededBy }),
      },
    });
  }
  const actId = await insertAct(tx, {
    charterId: signature.version.charterId,
    versionId: signature.version.id,
    organizationId: signature.organization.id,
    userId,
    at: now,
    payload,
  });
  await publishAct(tx, actId, now);
  return actId;
}

/** Who may read mail about an organization's signatures. */
const informed = ["admin", "signing-officer"];

/** Writes to the admins and signing officers of organizations; `path` is where they can see or answer it. */
export async function tellOrganizations(
  tx: Tx,
  organizationIds: readonly string[],
  kind: string,
  content: MailContent,
): Promise<void> {
  for (const { email } of await listAddressees(tx, organizationIds, informed)) {
    await enqueueMail(tx, { kind, to: email, content: { ...content, subject: content.subject.slice(0, 200) } });
  }
}

/** Writes to those who decide for the depositary of a charter. */
export async function tellDepositary(tx: Tx, charterId: string, kind: string, content: MailContent): Promise<void> {
  const { depositaryOrganizationId } = await tx.charter.findUniqueOrThrow({
    where: { id: charterId },
    select: { depositaryOrganizationId: true },
  });
  for (const { email } of await listAddressees(tx, [depositaryOrganizationId], ["admin", "representative"])) {
    await enqueueMail(tx, { kind, to: email, content: { ...content, subject: content.subject.slice(0, 200) } });
  }
}

/** Writes to every operator of the installation. */
export async function tellOperators(tx: Tx, kind: string, content: MailContent): Promise<void> {
  const operators = await tx.user.findMany({ where: { isOperator: true, erasedAt: null }, select: { email: true } });
  for (const { email } of operators) {
    await enqueueMail(tx, { kind, to: email, content: { ...content, subject: content.subject.slice(0, 200) } });
  }
}

/** The address of a charter's list of signatories. */
export async function listPath(tx: Tx, charterId: string): Promise<string> {
  const { slug } = await tx.charter.findUniqueOrThrow({ where: { id: charterId }, select: { slug: true } });
  return slug === null ? "/" : `/c/${slug}/signatories`;
}
