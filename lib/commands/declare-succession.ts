import type { Context } from "#lib/data/context.ts";
import {
  findHolder,
  listPath,
  lockPublicSignature,
  type SubjectSignature,
  sayOfSignature,
  tellOrganizations,
} from "#lib/data/keeper-act.ts";
import { requirePublicReason } from "#lib/data/public-reason.ts";
import { type Db, type Tx, transaction } from "#lib/data/store.ts";
import type { ActPayload } from "#lib/domain/acts.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireForOrganization } from "#lib/domain/rights.ts";
import { isListed } from "#lib/domain/signature.ts";
import { DeclareSuccession, successionDays } from "#lib/domain/succession.ts";

/**
 * A successor says of one signature of its predecessor that it carries it on, or lets it end. What it carries on it can still let end
 * later; what has ended it can only sign anew.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, malformed; conflict when there is nothing to declare.
 */
export async function declareSuccession(ctx: Context, raw: DeclareSuccession): Promise<{ actId: string }> {
  const { signActId, outcome, reason: text } = DeclareSuccession.parse(raw);
  const holderId = await findHolder(ctx.db, signActId);
  if (holderId === undefined) throw new Refusal("not-found", "There is no such signature.");
  const person = requireForOrganization(ctx.actor, "declare-succession", holderId);
  const reason = requirePublicReason(text);
  return transaction(ctx.db, async (tx) => {
    const signature = await lockPublicSignature(tx, signActId);
    requireOpenQuestion(signature, outcome);
    const { legalName } = await tx.organization.findUniqueOrThrow({
      where: { id: signature.holderId },
      select: { legalName: true },
    });
    const about = aboutOf(signature, ctx.now, { by: "organization", reason });
    const userId = person.userId;
    const actId =
      outcome === "continues"
        ? await sayOfSignature(tx, signature, {
            payload: { kind: "succession", ...about, successorId: signature.holderId, successorName: legalName },
            event: { kind: "succeed" },
            userId,
            now: ctx.now,
            succeededBy: signature.holderId,
          })
        : await sayOfSignature(tx, signature, {
            payload: { kind: "lapse", ...about },
            event: { kind: "lapse" },
            userId,
            now: ctx.now,
          });
    await tellEnd(tx, signature, outcome === "continues" ? "is carried on" : "has ended", reason);
    return { actId };
  });
}

/**
 * Ends the signatures that no successor took up in time: "ceased, succession not confirmed". Each in a transaction of its own; a crash
 * leaves the rest for the next tick. Gives back how many.
 */
export async function lapseUnclaimed(db: Db, now: Date): Promise<number> {
  const due = await db.$queryRaw<{ signActId: string }[]>`
    SELECT s.sign_act_id::text AS "signActId"
    FROM signature s JOIN organization o ON o.id = COALESCE(s.succeeded_by, s.organization_id)
    WHERE s.status IN ('EFFECTIVE', 'WITHDRAWING', 'DISPUTED', 'SUCCEEDED_BY')
      AND o.succeeded_at <= ${now}::timestamptz - make_interval(days => ${successionDays}::int)
    ORDER BY s.sign_act_id`;
  const reason = `Its successor did not take the signature up within ${successionDays} days.`;
  let lapsed = 0;
  for (const { signActId } of due) {
    lapsed += await transaction(db, async (tx) => {
      const signature = await lockPublicSignature(tx, signActId);
      // Another process, or the successor, may have been first.
      if (!isListed(signature.status) || signature.carrierId === signature.holderId) return 0;
      await sayOfSignature(tx, signature, {
        payload: { kind: "lapse", ...aboutOf(signature, now, { by: "depositary", reason }) },
        event: { kind: "lapse" },
        userId: null,
        now,
      });
      await tellEnd(tx, signature, "has ended", reason);
      return 1;
    });
  }
  return lapsed;
}

function requireOpenQuestion(signature: SubjectSignature, outcome: DeclareSuccession["outcome"]): void {
  const isWaiting = signature.carrierId !== signature.holderId;
  const isCarriedOn = signature.carrierId !== signature.organization.id;
  if (!isListed(signature.status)) throw new Refusal("conflict", "This signature has ended already.");
  if (outcome === "continues" && isWaiting) return;
  if (outcome === "ends" && (isWaiting || isCarriedOn)) return;
  throw new Refusal("conflict", "There is nothing to declare of this signature.");
}

type About = Omit<Extract<ActPayload, { kind: "lapse" }>, "kind">;

function aboutOf(
  { organization, version, signActId }: SubjectSignature,
  now: Date,
  said: Pick<About, "by" | "reason">,
): About {
  return { organization, versionSha256: version.sha256Hex, signActId, ...said, at: now.toISOString() };
}

async function tellEnd(tx: Tx, signature: SubjectSignature, what: string, reason: string): Promise<void> {
  const { organization, version, holderId } = signature;
  await tellOrganizations(tx, [holderId], "succession-declared", {
    subject: `The signature of ${organization.displayName} on “${version.title}” ${what}`,
    from: "Concordat",
    paragraphs: [`The signature on version ${version.number} ${what}.`, `The reason given: ${reason}`],
    action: { label: "See the list", path: await listPath(tx, version.charterId) },
  });
}
