import type { Context } from "#lib/data/context.ts";
import { enqueueMail } from "#lib/data/outbox.ts";
import { transaction } from "#lib/data/store.ts";
import { membershipIn } from "#lib/domain/actor.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireForOrganization } from "#lib/domain/rights.ts";

/**
 * Hands evidence to the operator, who verifies the organization on it or says why not. One review at a time.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, malformed, conflict.
 */
export async function askForReview(ctx: Context, organizationId: string, evidence: string): Promise<void> {
  const person = requireForOrganization(ctx.actor, "ask-for-review", organizationId);
  const text = evidence.normalize("NFC").trim();
  if (text.length < 10 || text.length > 4000 || /(?![\n\r\t])\p{Cc}/u.test(text)) {
    throw new Refusal(
      "malformed",
      "Say in 10 to 4000 characters what shows who you are, with links the operator can open.",
    );
  }
  await transaction(ctx.db, async (tx) => {
    await tx.$queryRaw`SELECT id FROM organization WHERE id = ${organizationId}::uuid FOR UPDATE`;
    const open = await tx.evidenceReview.count({ where: { organizationId, outcome: null } });
    if (open > 0) throw new Refusal("conflict", "The operator has your evidence already and will answer by mail.");
    await tx.evidenceReview.create({
      data: { organizationId, evidence: text, requestedBy: person.userId, requestedAt: ctx.now },
    });
    const name = membershipIn(person, organizationId)?.displayName ?? "";
    const operators = await tx.user.findMany({ where: { isOperator: true, erasedAt: null }, select: { email: true } });
    for (const { email } of operators) {
      await enqueueMail(tx, {
        kind: "review-asked",
        to: email,
        content: {
          subject: `${name} asks to be verified`,
          from: `${person.name} of ${name} hands in evidence of who the organization is.`,
          paragraphs: ["Read it on the operator's page, and verify the organization or say why not."],
          action: { label: "Read the evidence", path: "/operator" },
        },
      });
    }
  });
}
