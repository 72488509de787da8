import type { Context } from "#lib/data/context.ts";
import type { Awaited } from "./awaited.ts";
import { listDisputed } from "./operator-record.ts";

/** What waits for whoever looks after the installation; the caller has asked whether the actor does. */
export async function awaitingOperator(ctx: Context): Promise<Awaited[]> {
  const found = await Promise.all([evidenceToReview(ctx), keysToVouchFor(ctx), disputesToSettle(ctx), lostMail(ctx)]);
  return found.flat();
}

async function evidenceToReview({ db }: Context): Promise<Awaited[]> {
  const rows = await db.evidenceReview.findMany({
    where: { outcome: null },
    select: { id: true, requestedAt: true, organization: { select: { displayName: true } } },
  });
  return rows.map((row) => ({
    key: row.id,
    sentence: `${row.organization.displayName} asks to be verified on evidence.`,
    href: "/operator",
    since: row.requestedAt,
  }));
}

/** A later key waits for an enrolled one of its organization; where none is left, for the operator. */
async function keysToVouchFor({ db }: Context): Promise<Awaited[]> {
  const rows = await db.signingKey.findMany({
    where: {
      revokedAt: null,
      boundAt: null,
      organization: { signingKeys: { none: { revokedAt: null, boundAt: { not: null } } } },
    },
    select: { id: true, enrolledAt: true, organization: { select: { displayName: true } } },
  });
  return rows.map((row) => ({
    key: row.id,
    sentence: `A signing key of ${row.organization.displayName} waits, and the organization has no other that could approve it.`,
    href: "/operator#keys",
    since: row.enrolledAt,
  }));
}

async function disputesToSettle(ctx: Context): Promise<Awaited[]> {
  return (await listDisputed(ctx)).map((one) => ({
    key: `${one.signActId}-dispute`,
    sentence: `The signature of ${one.signedBy} on “${one.charter.title}” is disputed.`,
    href: "/operator/record#disputes",
    since: one.since,
  }));
}

async function lostMail({ db }: Context): Promise<Awaited[]> {
  const lost = { failedAt: { not: null }, sentAt: null };
  const [count, first] = await Promise.all([
    db.outbox.count({ where: lost }),
    db.outbox.findFirst({ where: lost, orderBy: { createdAt: "asc" }, select: { createdAt: true } }),
  ]);
  if (!first) return [];
  const sentence = count === 1 ? "One mail could not be delivered." : `${count} mails could not be delivered.`;
  return [{ key: "mail", sentence, href: "/operator#mail", since: first.createdAt }];
}
