import { z } from "zod";
import type { Person } from "#lib/domain/actor.ts";
import { RowId } from "#lib/domain/ids.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { challengeTtlMs, openChallenge, spendChallenge } from "./challenge.ts";
import type { Context } from "./context.ts";
import { enqueueMail } from "./outbox.ts";
import { type Tx, transaction } from "./store.ts";

/** The code of the mail by which an enrolment is confirmed, and which mail it is of. */
export const EnrolmentCode = z.strictObject({ codeId: RowId, code: z.string().trim().max(12) });
export type EnrolmentCode = z.infer<typeof EnrolmentCode>;

/** Codes that one person may ask for within the time that one counts. */
const codesMax = 12;

/**
 * Mails a code by which the person confirms one enrolment, so that a session left open is not enough to bring a key. Gives back
 * the id that the code is answered with.
 *
 * @throws {Refusal} too-many.
 */
export async function mailEnrolmentCode(
  ctx: Context,
  person: Person,
  { enrolmentId, legalName }: { readonly enrolmentId: string; readonly legalName: string },
): Promise<string> {
  return transaction(ctx.db, async (tx) => {
    await requireFewCodes(tx, ctx, person);
    const { id, code } = await openChallenge(tx, ctx, {
      purpose: "step-up",
      email: person.email,
      browser: person.sessionId,
      subject: subjectOf(enrolmentId),
    });
    await enqueueMail(tx, {
      kind: "enrolment-code",
      to: person.email,
      content: {
        subject: `${code} is your code to enrol a signing key`,
        from: "Concordat",
        paragraphs: [
          `Somebody signed in as you is about to enrol a key that signs for ${legalName}.`,
          "Type this code on the page that asked for it. It counts for this key alone.",
          "If this was not you, do not type it anywhere, and sign out everywhere on your account page.",
        ],
        code,
        closing: `Number of this request: ${id}`,
      },
    });
    return id;
  });
}

/**
 * Uses the code up. To be called before the transaction of the enrolment, so that a wrong code stays counted.
 *
 * @throws {Refusal} expired, wrong-code; evidence-invalid when it is of another enrolment.
 */
export async function spendEnrolmentCode(
  ctx: Context,
  person: Person,
  enrolmentId: string,
  { codeId, code }: EnrolmentCode,
): Promise<void> {
  const { subject } = await spendChallenge(ctx.db, ctx, "step-up", { id: codeId, browser: person.sessionId, code });
  if (subject === subjectOf(enrolmentId)) return;
  throw new Refusal("evidence-invalid", "The code is for something else. Start again; no key was enrolled.");
}

function subjectOf(enrolmentId: string): string {
  return `enrolment ${enrolmentId}`;
}

async function requireFewCodes(tx: Tx, ctx: Context, person: Person): Promise<void> {
  const since = new Date(ctx.now.getTime() - challengeTtlMs);
  const where = { email: person.email, purpose: "step-up", createdAt: { gt: since } };
  if ((await tx.signInChallenge.count({ where })) < codesMax) return;
  throw new Refusal("too-many", "You have asked for many codes in a few minutes. Wait ten minutes and try again.");
}
