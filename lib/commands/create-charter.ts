import { randomUUID } from "node:crypto";
import type { Context } from "#lib/data/context.ts";
import { transaction } from "#lib/data/store.ts";
import type { CharterText } from "#lib/domain/charter-text.ts";
import { importMarkdown } from "#lib/domain/import-markdown.ts";
import type { CharterPolicy } from "#lib/domain/policy.ts";
import { requirePolicy } from "#lib/domain/policy-rules.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireForOrganization } from "#lib/domain/rights.ts";
import { templateText } from "#lib/domain/templates.ts";
import { characterViolations } from "#lib/ledger/character-rules.ts";
import { openRoom } from "./draft-room.ts";

/** A charter to be opened by an organization, from a template's text or from Markdown. */
export type NewCharter = {
  readonly organizationId: string;
  /** Key of the template whose policy preset it follows; its text is used when there is no Markdown. */
  readonly template: string;
  readonly markdown: string | null;
  /** Empty: the title of the text is kept. */
  readonly title: string;
  readonly purpose: string;
  readonly displayType: string;
  readonly language: string;
  readonly policy: CharterPolicy;
};

/**
 * Opens a charter with its first round of drafting, whose room begins with the text. Its organization is convenor and
 * depositary. Nobody edits before the policy is fixed.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, malformed or too-large for the Markdown, conflict or
 *   not-available for the policy.
 */
export async function createCharter(ctx: Context, input: NewCharter): Promise<{ charterId: string; roomId: string }> {
  const person = requireForOrganization(ctx.actor, "create-charter", input.organizationId);
  requirePolicy(input.policy, { template: input.template, today: ctx.now.toISOString().slice(0, 10) });
  const text = textFor(ctx, input);
  requireTitle(text.title);
  return transaction(ctx.db, async (tx) => {
    const charterId = randomUUID();
    const draftRoundId = randomUUID();
    const setting = await tx.setting.findUnique({ where: { key: "demo" }, select: { value: true } });
    await tx.charter.create({
      data: {
        id: charterId,
        title: text.title,
        purpose: input.purpose,
        displayType: input.displayType,
        template: input.template,
        language: input.language,
        policy: input.policy,
        convenorOrganizationId: input.organizationId,
        depositaryOrganizationId: input.organizationId,
        createdBy: person.userId,
        createdAt: ctx.now,
        isDemo: setting?.value === "true",
        participants: { create: { organizationId: input.organizationId, joinedAt: ctx.now } },
        rounds: { create: { id: draftRoundId, number: 1, state: "DRAFTING", openedAt: ctx.now } },
      },
    });
    const roomId = await openRoom(tx, {
      charterId,
      draftRoundId,
      generation: 1,
      text,
      author: { userId: person.userId, organizationId: input.organizationId },
      via: input.markdown === null ? "seed" : "import",
      now: ctx.now,
      random: ctx.random,
    });
    return { charterId, roomId };
  });
}

/** The title goes out in mails and stands in lists long before the text is frozen, where what it may not have would be a blocker. */
function requireTitle(title: string): void {
  if (title.length > 300) throw new Refusal("malformed", "A title has at most 300 characters.");
  const [violation] = characterViolations(title, "one-line");
  if (violation) {
    throw new Refusal(
      "malformed",
      `The title has a sign that hides or reorders what stands around it (${violation.codePoint}). Leave it out.`,
    );
  }
}

function textFor(ctx: Context, input: NewCharter): CharterText {
  const text =
    input.markdown === null
      ? templateText(input.template, ctx.random)
      : importMarkdown(input.markdown, input.language, ctx.random).text;
  return { ...text, language: input.language, title: (input.title.trim() || text.title).normalize("NFC") };
}
