import { announceRightsChange } from "#lib/data/rights-change.ts";
import { type Db, transaction } from "#lib/data/store.ts";
import { parseMailAddress } from "#lib/domain/mail-address.ts";

/**
 * Makes whoever signs in with this address an operator of the installation. For the command line, whose user holds the
 * database anyway; there is no way to it from a page. Safe to repeat.
 *
 * @throws {Refusal} malformed.
 */
export async function appointOperator(db: Db, address: string, now: Date): Promise<{ email: string; isNew: boolean }> {
  const email = parseMailAddress(address);
  return transaction(db, async (tx) => {
    const former = await tx.user.findUnique({ where: { email }, select: { isOperator: true } });
    const user = await tx.user.upsert({
      where: { email },
      create: { email, isOperator: true, createdAt: now },
      update: { isOperator: true },
      select: { id: true },
    });
    await tx.operatorAction.create({
      data: { userId: user.id, kind: "appoint-operator", subject: user.id, reason: "By the command line.", at: now },
    });
    await announceRightsChange(tx, { userId: user.id });
    return { email, isNew: !former?.isOperator };
  });
}
