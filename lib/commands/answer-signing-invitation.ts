import { z } from "zod";
import type { Context } from "#lib/data/context.ts";
import { enqueueMail } from "#lib/data/outbox.ts";
import { findActiveSignature } from "#lib/data/signatures.ts";
import { requireReadable } from "#lib/data/signing-version.ts";
import { type Db, type Tx, transaction } from "#lib/data/store.ts";
import type { Person } from "#lib/domain/actor.ts";
import { RowId } from "#lib/domain/ids.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireForOrganization } from "#lib/domain/rights.ts";
import { AlreadySigned } from "#lib/domain/signature.ts";

export const AnswerSigningInvitation = z.strictObject({
  versionId: RowId,
  organizationId: RowId,
  answer: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("opened") }),
    /** Ask again on that day. */
    z.strictObject({ kind: z.literal("not-now"), until: z.iso.date() }),
    z.strictObject({ kind: z.literal("decline"), privateReason: z.string().trim().max(2000) }),
  ]),
});
export type AnswerSigningInvitation = z.infer<typeof AnswerSigningInvitation>;

/**
 * Answers a call to sign without signing. Private: only the keeper of the record sees it, and nobody else's signature is
 * touched. An organization that was not invited by name may answer too; its answer is kept like an invitation. The last
 * answer counts, and signing later is always possible while the version is open.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, malformed; already-signed when its signature stands.
 */
export async function answerSigningInvitation(ctx: Context, raw: AnswerSigningInvitation): Promise<void> {
  const { versionId, organizationId, answer } = AnswerSigningInvitation.parse(raw);
  const person = requireForOrganization(ctx.actor, "sign", organizationId);
  const askAgainAt = answer.kind === "not-now" ? requireDay(answer.until, ctx.now) : null;
  await transaction(ctx.db, async (tx) => {
    const version = await tx.charterVersion.findUnique({
      where: { id: versionId },
      select: { id: true, charterId: true, state: true },
    });
    if (!version) throw new Refusal("not-found", "There is no such version.");
    await requireReadable(tx, person, version);
    const invitation = await findInvitation(tx, versionId, organizationId, person);
    if (answer.kind === "opened") {
      if (invitation) await markOpened(tx, invitation.id);
      return;
    }
    const earlier = await findActiveSignature(tx, versionId, organizationId, person.userId);
    if (earlier) throw new AlreadySigned(earlier);
    const data = {
      state: answer.kind === "not-now" ? "NOT_NOW" : "DECLINED",
      askAgainAt,
      privateReason: answer.kind === "decline" && answer.privateReason !== "" ? answer.privateReason : null,
      organizationId,
      answeredAt: ctx.now,
    };
    if (invitation) await tx.signingInvitation.update({ where: { id: invitation.id }, data });
    else
      await tx.signingInvitation.create({
        data: { ...data, ...(await ownInvitation(tx, versionId, organizationId, person)) },
      });
  });
}

/** Asks those again who said "not now" and whose day has come. Gives back how many were asked. */
export async function askAgain(db: Db, now: Date): Promise<number> {
  const due = await db.signingInvitation.findMany({
    where: {
      state: "NOT_NOW",
      askAgainAt: { lte: now },
      version: { state: { in: ["OPEN_SEALED", "OPEN", "IN_EFFECT"] } },
    },
    select: { id: true, email: true, legalName: true, version: { select: { id: true, number: true, title: true } } },
  });
  for (const { id, email, legalName, version } of due) {
    await transaction(db, async (tx) => {
      const { count } = await tx.signingInvitation.updateMany({
        where: { id, state: "NOT_NOW", askAgainAt: { lte: now } },
        data: { state: "SENT", askAgainAt: null, answeredAt: null },
      });
      if (count === 0) return;
      await enqueueMail(tx, {
        kind: "signing-invitation",
        to: email,
        content: {
          subject: `As you asked: signing “${version.title}”`.slice(0, 200),
          from: "Concordat",
          paragraphs: [
            `You answered “not now” for ${legalName} and asked to be reminded today. Version ${version.number} of “${version.title}” is still open for signature.`,
          ],
          action: { label: "Read the text and decide", path: `/sign/${version.id}` },
        },
      });
    });
  }
  return due.length;
}

async function findInvitation(tx: Tx, versionId: string, organizationId: string, person: Person) {
  return tx.signingInvitation.findFirst({
    where: {
      versionId,
      state: { notIn: ["REVOKED", "EXPIRED"] },
      OR: [{ email: person.email, organizationId: null }, { organizationId }],
    },
    orderBy: { createdAt: "desc" },
    select: { id: true },
  });
}

async function markOpened(tx: Tx, id: string): Promise<void> {
  await tx.signingInvitation.updateMany({ where: { id, state: "SENT" }, data: { state: "OPENED" } });
}

async function ownInvitation(tx: Tx, versionId: string, organizationId: string, person: Person) {
  const { legalName } = await tx.organization.findUniqueOrThrow({
    where: { id: organizationId },
    select: { legalName: true },
  });
  return { versionId, legalName, email: person.email, invitedBy: person.userId };
}

function requireDay(date: string, now: Date): Date {
  const day = new Date(`${date}T08:00:00.000Z`);
  const ahead = day.getTime() - now.getTime();
  if (ahead > 0 && ahead < 2 * 366 * 86_400_000) return day;
  throw new Refusal("malformed", "Choose a day to come, within two years.");
}
