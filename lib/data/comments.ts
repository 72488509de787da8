import type { Person } from "#lib/domain/actor.ts";
import { RowId } from "#lib/domain/ids.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { visibleText } from "#lib/domain/visible-text.ts";
import { type CharterRecord, listAddressees, organizationName } from "./charters.ts";
import { enqueueMail } from "./outbox.ts";
import type { Db, Tx } from "./store.ts";

/** The longest comment in UTF-16 code units. */
export const commentLengthMax = 5_000;
const mentionsMax = 20;

/** A comment to be written, by a person whose right was checked before. */
export type NewComment = {
  readonly charter: CharterRecord;
  readonly threadId: string;
  readonly person: Person;
  readonly organizationId: string;
  readonly body: string;
  /** User ids; people who have no seat at the table are passed over. */
  readonly mentions: readonly string[];
  readonly at: Date;
};

/**
 * Writes a comment and queues the mails to those it mentions.
 *
 * @throws {Refusal} malformed for an empty or overlong comment.
 */
export async function insertComment(tx: Tx, comment: NewComment): Promise<string> {
  const body = visibleText(comment.body).trim();
  if (body === "" || body.length > commentLengthMax) {
    throw new Refusal("malformed", `A comment has between 1 and ${commentLengthMax} characters.`);
  }
  const seated = await listAddressees(
    tx,
    comment.charter.participants.map((one) => one.organizationId),
    ["admin", "representative", "drafter", "signing-officer", "observer"],
  );
  const mentioned = seated.filter((one) => comment.mentions.slice(0, mentionsMax).includes(one.userId));
  const row = await tx.comment.create({
    data: {
      threadId: comment.threadId,
      userId: comment.person.userId,
      organizationId: comment.organizationId,
      body,
      mentions: mentioned.map((one) => one.userId),
      createdAt: comment.at,
    },
    select: { id: true, thread: { select: { clauseId: true } } },
  });
  const from = `${comment.person.name}, ${await organizationName(tx, comment.organizationId)}`;
  for (const { userId, email } of mentioned) {
    if (userId === comment.person.userId) continue;
    await enqueueMail(tx, {
      kind: "comment-mention",
      to: email,
      content: {
        subject: `You are mentioned in “${comment.charter.title}”`.slice(0, 200),
        from,
        paragraphs: [body.slice(0, 3_900)],
        action: {
          label: "Read the comment",
          path: `/drafts/${comment.charter.id}/edit?thread=${comment.threadId}#c-${row.thread.clauseId}`,
        },
      },
    });
  }
  return row.id;
}

/**
 * A thread and the charter it belongs to.
 *
 * @throws {Refusal} not-found, also for an id that is none.
 */
export async function loadThread(
  db: Db | Tx,
  threadId: string,
): Promise<{ id: string; charterId: string; clauseId: string; resolvedAt: Date | null }> {
  const row = RowId.safeParse(threadId).success
    ? await db.thread.findUnique({
        where: { id: threadId },
        select: { id: true, charterId: true, clauseId: true, resolvedAt: true },
      })
    : null;
  // The sentence is the one for a charter: whether a thread exists is nobody's business who has no seat.
  if (!row) throw new Refusal("not-found", "There is no such charter.");
  return row;
}
