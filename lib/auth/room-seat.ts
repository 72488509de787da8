import type { Db, Tx } from "#lib/data/store.ts";
import { type Actor, membershipIn } from "#lib/domain/actor.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { type CharterSeats, mayOnCharter, requireOnCharter } from "#lib/domain/rights.ts";

/** Why a room is open for reading only, in the order in which the reasons are looked at. */
export type ReadOnlyReason = "frozen" | "not-drafting" | "not-acknowledged" | "not-permitted";

/** The seat of one person in one room, as of now. */
export type RoomSeat = {
  readonly mode: "write" | "read";
  /** Why the mode is "read"; null when it is "write". */
  readonly reason: ReadOnlyReason | null;
  readonly userId: string;
  readonly sessionId: string;
  readonly name: string;
  readonly organizationId: string;
  readonly organizationName: string;
  readonly charterId: string;
};

/**
 * The seat an actor takes in a room: to write for editors who have acknowledged the policy while the text is being drafted,
 * to read for every other participant, with the reason. Ask again whenever rights may have changed.
 *
 * @throws {Refusal} not-signed-in; not-found for people who may not even read the draft, and for rooms that do not exist.
 */
export async function roomSeat(db: Db | Tx, actor: Actor, roomId: string): Promise<RoomSeat> {
  const room = await db.room.findUnique({ where: { id: roomId }, select: roomColumns });
  if (!room) throw new Refusal("not-found", "There is no such charter.");
  const { charter, state } = room.draftRound;
  const seats: CharterSeats = { ...charter, participants: charter.participants };
  const { person, organizationId } = requireOnCharter(actor, "read-draft", seats);
  const acknowledged = await db.policyAcknowledgement.findUnique({
    where: { charterId_userId: { charterId: charter.id, userId: person.userId } },
    select: { at: true },
  });
  const reason = readOnlyReason({
    isClosed: room.closedAt !== null,
    state,
    mayEdit: mayOnCharter(actor, "edit-draft", seats),
    hasAcknowledged: acknowledged !== null,
  });
  return {
    mode: reason === null ? "write" : "read",
    reason,
    userId: person.userId,
    sessionId: person.sessionId,
    name: person.name,
    organizationId,
    organizationName: membershipIn(actor, organizationId)?.displayName ?? "",
    charterId: charter.id,
  };
}

/** The first reason why a person may only read, or null. */
export function readOnlyReason(room: {
  isClosed: boolean;
  state: string;
  mayEdit: boolean;
  hasAcknowledged: boolean;
}): ReadOnlyReason | null {
  if (room.state === "FINAL_CALL" || room.state === "ADOPTED") return "frozen";
  if (room.isClosed || room.state !== "DRAFTING") return "not-drafting";
  if (!room.mayEdit) return "not-permitted";
  return room.hasAcknowledged ? null : "not-acknowledged";
}

const roomColumns = {
  closedAt: true,
  draftRound: {
    select: {
      state: true,
      charter: {
        select: {
          id: true,
          convenorOrganizationId: true,
          depositaryOrganizationId: true,
          participants: { where: { leftAt: null }, select: { organizationId: true, isEditor: true } },
        },
      },
    },
  },
} as const;
