import { type PositionValue, positionValues } from "#lib/domain/adoption.ts";
import { parseRoundState, type RoundState } from "#lib/domain/draft-round.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { encodeHex } from "#lib/ledger/hash.ts";
import type { Db, Tx } from "./store.ts";

/** A frozen text of a round: a candidate, or the text that was adopted from it. Hashes are hex. */
export type RoundVersion = {
  readonly id: string;
  readonly number: number;
  readonly state: string;
  readonly title: string;
  readonly canonical: Uint8Array;
  readonly sha256Hex: string;
  readonly textSha256Hex: string;
  readonly frozenAt: Date;
  readonly roomSeq: bigint;
  readonly adoptedAt: Date | null;
  readonly askedAgainAt: Date | null;
};

/** The newest round of drafting of a charter, with the room its text lives in and its frozen text, if it has one. */
export type Round = {
  readonly id: string;
  readonly charterId: string;
  readonly number: number;
  readonly state: RoundState;
  readonly deadline: Date | null;
  readonly openedAt: Date;
  readonly closedAt: Date | null;
  readonly closedReason: string | null;
  readonly room: {
    readonly id: string;
    readonly generation: number;
    readonly lastSeq: bigint;
    readonly isClosed: boolean;
  };
  /** The candidate in final call, or the adopted version; null while the text is being written. */
  readonly version: RoundVersion | null;
};

/**
 * The newest round of a charter.
 *
 * @throws {Refusal} not-found when the charter has none.
 */
export async function loadRound(db: Db | Tx, charterId: string): Promise<Round> {
  const row = await db.draftRound.findFirst({
    where: { charterId },
    orderBy: { number: "desc" },
    select: roundColumns,
  });
  const room = row?.rooms[0];
  if (!row || !room) throw new Refusal("not-found", "There is no such charter.");
  const version = row.versions[0];
  return {
    id: row.id,
    charterId,
    number: row.number,
    state: parseRoundState(row.state),
    deadline: row.deadline,
    openedAt: row.openedAt,
    closedAt: row.closedAt,
    closedReason: row.closedReason,
    room: { id: room.id, generation: room.generation, lastSeq: room.lastSeq, isClosed: room.closedAt !== null },
    version: version ? roundVersion(version) : null,
  };
}

/**
 * The candidate of a round in final call.
 *
 * @throws {Refusal} conflict when no text is frozen.
 */
export function requireCandidate(round: Round): RoundVersion {
  if (round.state === "FINAL_CALL" && round.version?.state === "CANDIDATE") return round.version;
  throw new Refusal("conflict", "There is no frozen candidate now; the convenor freezes one when the text is ready.");
}

/** A position as it was taken. Append-only: an organization's latest counts. */
export type PositionRecord = {
  readonly organizationId: string;
  readonly userId: string;
  readonly versionId: string;
  readonly value: PositionValue;
  readonly reason: string;
  readonly remedy: string;
  readonly textSha256Hex: string;
  readonly at: Date;
};

/** The latest position of every organization in a round, in the order in which they were taken. */
export async function latestPositions(db: Db | Tx, draftRoundId: string): Promise<PositionRecord[]> {
  const rows = await db.position.findMany({
    where: { draftRoundId },
    orderBy: [{ at: "asc" }, { id: "asc" }],
    select: {
      organizationId: true,
      userId: true,
      versionId: true,
      value: true,
      reason: true,
      remedy: true,
      textSha256: true,
      at: true,
    },
  });
  const latest = new Map<string, PositionRecord>();
  for (const { textSha256, value, ...row } of rows) {
    latest.delete(row.organizationId);
    latest.set(row.organizationId, { ...row, value: parsePosition(value), textSha256Hex: encodeHex(textSha256) });
  }
  return [...latest.values()];
}

/** The newest version of a charter that was adopted, whatever became of it since; null before the first. */
export async function findNewestVersion(
  db: Db | Tx,
  charterId: string,
): Promise<{ id: string; number: number; state: string; sha256Hex: string; canonical: Uint8Array } | null> {
  const row = await db.charterVersion.findFirst({
    where: { charterId, state: { notIn: ["CANDIDATE", "WITHDRAWN_TEXT"] } },
    orderBy: { number: "desc" },
    select: { id: true, number: true, state: true, sha256: true, canonical: true },
  });
  return row
    ? { id: row.id, number: row.number, state: row.state, sha256Hex: encodeHex(row.sha256), canonical: row.canonical }
    : null;
}

function parsePosition(text: string): PositionValue {
  const value = positionValues.find((one) => one === text);
  if (!value) throw new Error(`No position: ${text}`);
  return value;
}

function roundVersion(row: VersionRow): RoundVersion {
  const { sha256, textSha256, ...rest } = row;
  return { ...rest, sha256Hex: encodeHex(sha256), textSha256Hex: encodeHex(textSha256) };
}

type VersionRow = Omit<RoundVersion, "sha256Hex" | "textSha256Hex"> & {
  readonly sha256: Uint8Array;
  readonly textSha256: Uint8Array;
};

const roundColumns = {
  id: true,
  number: true,
  state: true,
  deadline: true,
  openedAt: true,
  closedAt: true,
  closedReason: true,
  rooms: {
    orderBy: { generation: "desc" },
    take: 1,
    select: { id: true, generation: true, lastSeq: true, closedAt: true },
  },
  versions: {
    where: { state: { not: "WITHDRAWN_TEXT" } },
    orderBy: { frozenAt: "desc" },
    take: 1,
    select: {
      id: true,
      number: true,
      state: true,
      title: true,
      canonical: true,
      sha256: true,
      textSha256: true,
      frozenAt: true,
      roomSeq: true,
      adoptedAt: true,
      askedAgainAt: true,
    },
  },
} as const;
