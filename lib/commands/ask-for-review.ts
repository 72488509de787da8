import type { Context } from "#lib/data/context.ts";
import { countryCodes } from "#lib/data/countries.ts";
import { enqueueMail } from "#lib/data/outbox.ts";
import { transaction } from "#lib/data/store.ts";
import { membershipIn } from "#lib/domain/actor.ts";
import { parseWanted, type WantedInput } from "#lib/domain/organization-identity.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireForOrganization } from "#lib/domain/rights.ts";
import { characterViolations, formatViolation } from "#lib/ledger/character-rules.ts";

/**
 * Hands evidence to the operator, who verifies the organization on it or says why not. One review at a time. With `asked`
 * goes a new name, country or class: nothing of it is true before the operator has verified it.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, malformed, conflict.
 */
export async function askForReview(
  ctx: Context,
  organizationId: string,
  evidence: string,
  asked: WantedInput = nothingAsked,
): Promise<void> {
  const person = requireForOrganization(ctx.actor, "ask-for-review", organizationId);
  const text = requireEvidence(evidence);
  await transaction(ctx.db, async (tx) => {
    await tx.$queryRaw`SELECT id FROM organization WHERE id = ${organizationId}::uuid FOR UPDATE`;
    const open = await tx.evidenceReview.count({ where: { organizationId, outcome: null } });
    if (open > 0) throw new Refusal("conflict", "The operator has your evidence already and will answer by mail.");
    const now = await tx.organization.findUniqueOrThrow({
      where: { id: organizationId },
      select: { legalName: true, displayName: true, country: true, class: true },
    });
    const wanted = parseWanted(asked, now, countryCodes);
    await tx.evidenceReview.create({
      data: {
        organizationId,
        evidence: text,
        ...(wanted ? { wanted } : {}),
        requestedBy: person.userId,
        requestedAt: ctx.now,
      },
    });
    const name = membershipIn(person, organizationId)?.displayName ?? "";
    const operators = await tx.user.findMany({ where: { isOperator: true, erasedAt: null }, select: { email: true } });
    for (const { email } of operators) {
      await enqueueMail(tx, {
        kind: "review-asked",
        to: email,
        content: {
          subject: wanted ? `${name} asks for a new name, country or kind` : `${name} asks to be verified`,
          from: `${person.name} of ${name} hands in evidence of who the organization is.`,
          paragraphs: ["Read it on the operator's page, and verify the organization or say why not."],
          action: { label: "Read the evidence", path: "/operator" },
        },
      });
    }
  });
}

const nothingAsked: WantedInput = { legalName: "", displayName: "", country: "", class: "" };

/** The evidence as the operator will read it: nothing in it may be hidden, or stand elsewhere than it was written. */
function requireEvidence(evidence: string): string {
  // Browsers end lines with both signs, and a tab comes along when a table is copied.
  const text = evidence.replaceAll(/\r\n?/g, "\n").replaceAll("\t", " ").normalize("NFC").trim();
  if (text.length < 10 || text.length > 4000) {
    throw new Refusal(
      "malformed",
      "Say in 10 to 4000 characters what shows who you are, with links the operator can open.",
    );
  }
  const [violation] = characterViolations(text, "with-lines");
  if (violation) throw new Refusal("malformed", `In the evidence ${formatViolation(violation)} Leave it out.`);
  return text;
}
