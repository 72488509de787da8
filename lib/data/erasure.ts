import type { Tx } from "./store.ts";

/** Whose traces go. `email` and `name` are how the tables know the person still. */
export type ErasedPerson = { readonly userId: string; readonly email: string; readonly name: string | null };

/**
 * Takes a person out of every table: name, address and the salts of their commitments, sessions and unread mail with them.
 * Acts stay as they are, since organizations did them and none of them names a person. Safe to repeat.
 */
export async function eraseTraces(tx: Tx, person: ErasedPerson, now: Date): Promise<void> {
  const { userId } = person;
  await endOffices(tx, userId, now);
  await forgetMail(tx, person);
  await forgetIdentities(tx, userId, now);
  await tx.user.update({
    where: { id: userId },
    data: {
      name: null,
      email: erasedAddress(userId),
      emailVerified: null,
      image: null,
      isOperator: false,
      currentOrganizationId: null,
      erasedAt: now,
    },
  });
}

async function endOffices(tx: Tx, userId: string, now: Date): Promise<void> {
  await tx.membership.updateMany({ where: { userId, endedAt: null }, data: { endedAt: now } });
  await tx.membership.updateMany({ where: { userId }, data: { title: null } });
  await tx.signingMandate.updateMany({ where: { userId, endedAt: null }, data: { endedAt: now } });
  await tx.signingMandate.updateMany({ where: { userId }, data: { evidenceNote: "" } });
  await tx.adminAppointment.updateMany({ where: { userId }, data: { evidence: "" } });
  await tx.signingKey.updateMany({ where: { userId }, data: { label: "" } });
  await tx.keyStatement.updateMany({ where: { userId }, data: { label: "" } });
}

async function forgetMail(tx: Tx, { userId, email, name }: ErasedPerson): Promise<void> {
  const erased = erasedAddress(userId);
  await tx.outbox.deleteMany({ where: { to: email } });
  await tx.developmentMail.deleteMany({ where: { to: { contains: email } } });
  for (const words of [email, ...(name === null || name.trim() === "" ? [] : [name])]) {
    // Mail to others that has not left: it goes on without the name. As JSON text, the name is spelt as JSON spells it.
    const spelt = JSON.stringify(words).slice(1, -1);
    await tx.$executeRaw`
      UPDATE outbox SET payload = replace(payload::text, ${spelt}, 'a person who left')::jsonb
      WHERE strpos(payload::text, ${spelt}) > 0`;
    await tx.$executeRaw`
      DELETE FROM development_mail
      WHERE strpos(subject, ${words}) > 0 OR strpos(text, ${words}) > 0 OR strpos(html, ${words}) > 0`;
  }
  await tx.signInChallenge.deleteMany({ where: { email } });
  await tx.verificationToken.deleteMany({ where: { identifier: email } });
  await tx.membershipInvitation.updateMany({ where: { email }, data: { email: erased } });
  await tx.charterInvitation.updateMany({ where: { email }, data: { email: erased } });
  await tx.signingInvitation.deleteMany({
    where: { email, state: { in: ["SENT", "OPENED", "IN_REVIEW", "NOT_NOW"] } },
  });
  await tx.signingInvitation.updateMany({ where: { email }, data: { email: erased } });
  await tx.errorReport.updateMany({ where: { email }, data: { email: null } });
}

async function forgetIdentities(tx: Tx, userId: string, now: Date): Promise<void> {
  const acts = await tx.act.findMany({ where: { userId }, select: { id: true } });
  await tx.officerIdentity.updateMany({
    where: { actId: { in: acts.map((act) => act.id) }, erasedAt: null },
    data: { name: null, email: null, salt: null, erasedAt: now },
  });
  await tx.preparedStatement.deleteMany({ where: { userId } });
  await tx.webauthnChallenge.deleteMany({ where: { userId } });
  await tx.privateDraft.deleteMany({ where: { userId } });
  await tx.lastLooked.deleteMany({ where: { userId } });
  await tx.account.deleteMany({ where: { userId } });
  await tx.session.deleteMany({ where: { userId } });
}

function erasedAddress(userId: string): string {
  return `erased-${userId}@erased.invalid`;
}
