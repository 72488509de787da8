import { listAddressees } from "#lib/data/charters.ts";
import { enqueueMail } from "#lib/data/outbox.ts";
import { type Db, transaction } from "#lib/data/store.ts";
import { formatDay } from "#lib/domain/version-status.ts";

/** How many signatories are asked in one round; the next round goes on. */
const askedPerRound = 100;

type Due = {
  readonly id: string;
  readonly signActId: string;
  readonly organizationId: string;
  readonly legalName: string;
  readonly title: string;
  readonly number: number;
  readonly since: Date;
};

/**
 * Asks the signing officers of signatories, by mail, to re-affirm: as often as the charter's policy says, counted from the
 * signature, the last re-affirmation or the last mail. Nothing follows from leaving it. Gives back how many were asked.
 */
export async function askToReaffirm(db: Db, now: Date): Promise<number> {
  const due = await db.$queryRaw<Due[]>`
    SELECT s.id::text, s.sign_act_id::text AS "signActId", s.organization_id::text AS "organizationId",
      o.legal_name AS "legalName", v.title, v.number,
      greatest(s.effective_at, coalesce(s.reaffirmed_at, s.effective_at)) AS since
    FROM charter c JOIN charter_version v ON v.charter_id = c.id JOIN signature s ON s.version_id = v.id
      JOIN organization o ON o.id = s.organization_id LEFT JOIN reaffirm_reminder r ON r.signature_id = s.id
    WHERE c.policy ? 'reaffirmMonths' AND s.status = 'EFFECTIVE' AND v.state IN ('OPEN', 'IN_EFFECT', 'CLOSED')
      AND greatest(s.effective_at, s.reaffirmed_at, r.asked_at)
        <= ${now}::timestamptz - make_interval(months => (c.policy->>'reaffirmMonths')::int)
    ORDER BY s.effective_at, s.id LIMIT ${askedPerRound}`;
  for (const one of due) await ask(db, one, now);
  return due.length;
}

/** The mark and the mails are one transaction: who dies in between has asked nobody, and asks again. */
async function ask(db: Db, due: Due, now: Date): Promise<void> {
  await transaction(db, async (tx) => {
    await tx.reaffirmReminder.upsert({
      where: { signatureId: due.id },
      create: { signatureId: due.id, askedAt: now },
      update: { askedAt: now },
    });
    const text = `version ${due.number} of “${due.title}”`;
    for (const { email } of await listAddressees(tx, [due.organizationId], ["signing-officer"])) {
      await enqueueMail(tx, {
        kind: "reaffirmation-asked",
        to: email,
        content: {
          subject: `Does ${due.legalName} re-affirm “${due.title}”?`.slice(0, 200),
          from: "Concordat",
          paragraphs: [
            `${due.legalName} stands as a signatory of ${text}, last affirmed on ${formatDay(due.since)}.`,
            "The charter’s policy asks signatories to re-affirm from time to time. A signing officer does it in a minute, and the list shows the day.",
            "Nothing happens if you leave it: the signature stands.",
          ],
          action: { label: "Re-affirm it", path: `/receipts/${due.signActId}/reaffirm` },
        },
      });
    }
  });
}
