import { randomUUID } from "node:crypto";
import { insertAct } from "#lib/data/acts.ts";
import { type CharterRecord, listAddressees, loadCharterForUpdate, organizationName } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { findNewestVersion, latestPositions, loadRound, type Round } from "#lib/data/draft-rounds.ts";
import { enqueueMail } from "#lib/data/outbox.ts";
import { type Tx, transaction } from "#lib/data/store.ts";
import type { Person } from "#lib/domain/actor.ts";
import { nextState } from "#lib/domain/draft-round.ts";
import { freezeFindings } from "#lib/domain/freeze-blockers.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireOnCharter } from "#lib/domain/rights.ts";
import { canonicalVersion, type FrozenVersion } from "#lib/ledger/canonical-version.ts";
import { formatViolation, textViolations } from "#lib/ledger/character-rules.ts";
import { decodeHex, encodeHex } from "#lib/ledger/hash.ts";
import { textSha256 } from "#lib/ledger/text-hash.ts";
import { captureRevisions } from "./clause-revisions.ts";
import { closeRoom, type DraftState, readLockedRoom } from "./draft-room.ts";
import { recordDraft } from "./record-revisions.ts";

/** The candidate that was frozen. `roomSeq` is the last edit it holds; hashes are hex. */
export type FrozenCandidate = {
  readonly versionId: string;
  readonly number: number;
  readonly sha256Hex: string;
  readonly roomSeq: bigint;
};

/**
 * Freezes the committed text of the draft as the candidate for adoption. One transaction: the room refuses updates past
 * the sequence the text was read at, and the version keeps its exact bytes. Edits that arrive later are refused, and
 * their authors told. Safe to retry: a text that is frozen already is given back.
 *
 * @throws {Refusal} not-found, not-permitted, conflict, blocked with every reason, too-large.
 */
export async function freezeCandidate(ctx: Context, input: { charterId: string }): Promise<FrozenCandidate> {
  await recordDraft(ctx, { charterId: input.charterId, right: "run-drafting" });
  return transaction(ctx.db, async (tx) => {
    const charter = await loadCharterForUpdate(tx, input.charterId);
    const { person, organizationId } = requireOnCharter(ctx.actor, "run-drafting", charter);
    const round = await loadRound(tx, charter.id);
    if (round.state === "FINAL_CALL" && round.version) {
      const { id, number, sha256Hex, roomSeq } = round.version;
      return { versionId: id, number, sha256Hex, roomSeq };
    }
    nextState(round.state, "freeze");
    if (!charter.policyFixedAt) throw new Refusal("not-drafting", "Open the drafting first.");
    // From here to the commit no update can be stored: whoever edits now is refused by the closed room.
    const draft = await readLockedRoom(tx, round.room.id, charter.language);
    await captureRevisions(tx, round.room.id, ctx.now);
    await requireNoBlockers(tx, charter, round, draft);
    const newest = await findNewestVersion(tx, charter.id);
    const number = (newest?.number ?? 0) + 1;
    const place = { charterId: charter.id, version: number, previous: newest?.sha256Hex ?? null };
    const frozen = canonicalVersion(draft.text, place);
    const versionId = randomUUID();
    await tx.charterVersion.create({
      data: {
        ...rowOf(frozen, draft),
        id: versionId,
        charterId: charter.id,
        draftRoundId: round.id,
        number,
        state: "CANDIDATE",
        previousVersionId: newest?.id ?? null,
        roomId: round.room.id,
        frozenAt: ctx.now,
        frozenBy: person.userId,
      },
    });
    await tx.draftRound.update({ where: { id: round.id }, data: { state: "FINAL_CALL" } });
    await closeRoom(tx, { roomId: round.room.id, reason: "frozen", now: ctx.now });
    await insertAct(tx, {
      charterId: charter.id,
      versionId,
      organizationId,
      userId: person.userId,
      at: ctx.now,
      payload: { kind: "freeze", versionSha256: frozen.hashHex, number },
    });
    await announce(tx, charter, frozen.canonical.title, { person, organizationId });
    return { versionId, number, sha256Hex: frozen.hashHex, roomSeq: draft.seq };
  });
}

async function requireNoBlockers(tx: Tx, charter: CharterRecord, round: Round, draft: DraftState): Promise<void> {
  const names = new Map(charter.participants.map((one) => [one.organizationId, one.name]));
  const positions = (await latestPositions(tx, round.id)).flatMap((position) => {
    const name = names.get(position.organizationId);
    return name === undefined ? [] : [{ ...position, name }];
  });
  const violations = textViolations(draft.text);
  const findings = freezeFindings({
    text: draft.text,
    textSha256Hex: violations.length === 0 ? draftTextSha256Hex(draft, charter.id) : null,
    undefinedReferences: draft.undefinedReferences,
    characterProblems: violations.map((one) => ({ sentence: formatViolation(one), clauseId: one.clauseId })),
    openThreads: 0,
    positions,
  });
  const blockers = findings.filter((one) => one.weight === "blocker");
  if (blockers.length === 0) return;
  throw new Refusal("blocked", blockers.map((one) => one.sentence).join("\n"));
}

/** The hash of the words alone; null for a text that cannot be frozen for another reason, which is then said by it. */
function draftTextSha256Hex(draft: DraftState, charterId: string): string | null {
  if (draft.text.title.trim() === "") return null;
  const { canonical } = canonicalVersion(draft.text, { charterId, version: 1, previous: null });
  return encodeHex(textSha256(canonical));
}

function rowOf(frozen: FrozenVersion, draft: DraftState) {
  return {
    title: frozen.canonical.title,
    language: frozen.canonical.language,
    canonical: Uint8Array.from(frozen.bytes),
    sha256: Uint8Array.from(decodeHex(frozen.hashHex)),
    clauseHashes: frozen.clauseHashes.map((one) => ({ ...one })),
    textSha256: Uint8Array.from(textSha256(frozen.canonical)),
    roomSeq: draft.seq,
    roomChain: draft.chain ? Uint8Array.from(draft.chain) : null,
  };
}

/** By the title that was frozen: the charter takes it over when the candidate is adopted. */
async function announce(
  tx: Tx,
  charter: CharterRecord,
  title: string,
  { person, organizationId }: { person: Person; organizationId: string },
): Promise<void> {
  const from = `${person.name}, ${await organizationName(tx, organizationId)}`;
  const ids = charter.participants.map((one) => one.organizationId);
  for (const { email, userId } of await listAddressees(tx, ids, ["representative"])) {
    if (userId === person.userId) continue;
    await enqueueMail(tx, {
      kind: "candidate-frozen",
      to: email,
      content: {
        subject: `Final call: ${title}`.slice(0, 200),
        from,
        paragraphs: [
          `One exact text of “${title}” is frozen as the candidate for adoption.`,
          "Read it through and take your organization's position on it.",
        ],
        action: { label: "Read the candidate", path: `/drafts/${charter.id}/candidate` },
      },
    });
  }
}
