import type pg from "pg";
import { readSeats, type SeatFacts, touchSessions } from "#lib/data/room-seats.ts";
import { type Actor, membershipIn } from "#lib/domain/actor.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { mayOnCharter, requireOnCharter } from "#lib/domain/rights.ts";
import { isLive, personOf, visitor } from "./actor-of.ts";
import { sessionTouchMs } from "./session-limits.ts";
import { storedSessionToken } from "./session-token.ts";

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

/** Somebody in a room; `isActive` when they wrote since the last time. */
export type HeldSeat = { readonly sessionId: string; readonly roomId: string; readonly isActive: boolean };

type Pool = Pick<pg.Pool, "query">;

/**
 * The seat that the holder of a session token takes in a room: to write for editors who have acknowledged the policy while the text is being
 * drafted, to read for every other participant, with the reason. Counts as a use of the session.
 *
 * @throws {Refusal} not-signed-in; not-found for people who may not even read the draft, and for rooms that do not exist.
 */
export async function roomSeat(
  pool: Pool,
  sessionToken: string | undefined,
  roomId: string,
  now: Date,
): Promise<RoomSeat> {
  const [seat] = await roomSeats(pool, [{ sessionToken, roomId }], now);
  if (!seat) throw new Error("A question about a seat was not answered.");
  if (seat instanceof Refusal) throw seat;
  return seat;
}

/** The same for many who come at once, asked for all of them in one statement; who gets no seat gets the refusal that `roomSeat` throws. */
export async function roomSeats(
  pool: Pool,
  asked: readonly { readonly sessionToken: string | undefined; readonly roomId: string }[],
  now: Date,
): Promise<(RoomSeat | Refusal)[]> {
  const questions = asked.map(({ sessionToken, roomId }) => ({
    session: sessionToken && sessionToken.length <= 200 ? storedSessionToken(sessionToken) : "",
    roomId,
  }));
  const facts = await readSeats(pool, "token", questions);
  const seats = facts.map((known) => seatOrRefusal(known, now));
  const used = seats.flatMap((seat, at) => {
    const known = facts[at];
    return seat instanceof Refusal || !known || !isStale(known, now) ? [] : [seat.sessionId];
  });
  await touchSessions(pool, [...new Set(used)], now);
  return seats;
}

/**
 * The seats that people in rooms have now, asked for all of them at once; undefined for whoever would no longer be let in. The session of
 * somebody who writes is in use; one that is only held open is not.
 */
export async function roomSeatsNow(
  pool: Pool,
  held: readonly HeldSeat[],
  now: Date,
): Promise<(RoomSeat | undefined)[]> {
  const questions = held.map(({ sessionId, roomId }) => ({ session: sessionId, roomId }));
  const facts = await readSeats(pool, "id", questions);
  const seats = held.map((_, at) => {
    const known = facts[at];
    if (!known) throw new Error("A question about a seat was not answered.");
    const seat = seatOrRefusal(known, now);
    return seat instanceof Refusal ? undefined : seat;
  });
  const used = seats.flatMap((seat, at) => {
    const known = facts[at];
    return seat && known && held[at]?.isActive && isStale(known, now) ? [seat.sessionId] : [];
  });
  await touchSessions(pool, [...new Set(used)], now);
  return seats;
}

function seatOrRefusal(facts: SeatFacts, now: Date): RoomSeat | Refusal {
  try {
    return seatFrom(facts, now);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

function seatFrom({ session, room, hasAcknowledged }: SeatFacts, now: Date): RoomSeat {
  if (!room) throw new Refusal("not-found", "There is no such charter.");
  const isHere = session !== undefined && isLive(session, now) && !session.user.isErased;
  const actor: Actor = isHere ? personOf(session.id, session.user) : visitor;
  const { person, organizationId } = requireOnCharter(actor, "read-draft", room);
  const reason = readOnlyReason({
    isClosed: room.isClosed,
    state: room.state,
    mayEdit: mayOnCharter(actor, "edit-draft", room),
    hasAcknowledged,
  });
  return {
    mode: reason === null ? "write" : "read",
    reason,
    userId: person.userId,
    sessionId: person.sessionId,
    name: person.name,
    organizationId,
    organizationName: membershipIn(actor, organizationId)?.displayName ?? "",
    charterId: room.charterId,
  };
}

/** Whether the last use of a session was noted long enough ago to note it again. */
function isStale({ session }: SeatFacts, now: Date): boolean {
  return session !== undefined && now.getTime() - session.lastSeenAt.getTime() > sessionTouchMs;
}

/** The first reason why a person may only read, or null. */
function readOnlyReason(room: {
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
