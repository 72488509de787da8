import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { roomSeat, roomSeatsNow } from "#lib/auth/room-seat.ts";
import { storedSessionToken } from "#lib/auth/session-token.ts";
import { changeMemberRoles } from "#lib/commands/change-member-roles.ts";
import { endSession } from "#lib/commands/end-session.ts";
import { parseRightsChange, rightsChannel } from "#lib/data/rights-change.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { until } from "#tests/support/until.ts";
import { createWorld, type World, type WorldPerson } from "#tests/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** The seat a person gets through a session of their own, as a socket upgrade asks for it. */
async function seatOf(person: WorldPerson | null, roomId: string) {
  const token = randomUUID();
  if (person) {
    await world.store.db.session.create({
      data: {
        sessionToken: storedSessionToken(token),
        userId: person.userId,
        createdAt: world.now,
        lastSeenAt: world.now,
        expires: new Date(world.now.getTime() + 60_000),
      },
    });
  }
  return roomSeat(world.store.pool, token, roomId, world.now).then(
    ({ mode, reason }) => ({ mode, reason }),
    (error: unknown) => (error instanceof Refusal ? error.code : String(error)),
  );
}

test("a drafter writes once the policy is acknowledged, and reads until then", async () => {
  const organization = await world.organization();
  const drafter = await world.person(organization, ["drafter"]);
  const second = await world.person(organization, ["drafter"]);
  const { charterId, roomId } = await world.charter();
  await world.seat(charterId, drafter);
  expect(await seatOf(drafter, roomId)).toEqual({ mode: "write", reason: null });
  expect(await seatOf(second, roomId)).toEqual({ mode: "read", reason: "not-acknowledged" });
});

test("observers and organizations without an editor's seat read, with the reason", async () => {
  const organization = await world.organization();
  const representative = await world.person(organization, ["representative"]);
  const observer = await world.person(organization, ["observer"]);
  const { charterId, roomId } = await world.charter();
  await world.seat(charterId, representative);
  expect(await seatOf(observer, roomId)).toEqual({ mode: "read", reason: "not-permitted" });
  await world.seat(charterId, representative, false);
  expect(await seatOf(representative, roomId)).toEqual({ mode: "read", reason: "not-permitted" });
});

test("a frozen or closed room is for reading", async () => {
  const { roomId, convenor } = await world.charter();
  const room = await world.store.db.room.findUniqueOrThrow({ where: { id: roomId } });
  await world.store.db.draftRound.update({ where: { id: room.draftRoundId }, data: { state: "FINAL_CALL" } });
  expect(await seatOf(convenor, roomId)).toEqual({ mode: "read", reason: "frozen" });
  await world.store.db.draftRound.update({ where: { id: room.draftRoundId }, data: { state: "REVIEW" } });
  expect(await seatOf(convenor, roomId)).toEqual({ mode: "read", reason: "not-drafting" });
});

test("to visitors and outsiders the room does not exist", async () => {
  const { roomId } = await world.charter();
  const stranger = await world.person(await world.organization());
  expect(await seatOf(null, roomId)).toBe("not-signed-in");
  expect(await seatOf(stranger, roomId)).toBe("not-found");
  expect(await seatOf(stranger, randomUUID())).toBe("not-found");
});

test("many seats are asked for in one question, each answered for itself; only whoever writes uses their session", async () => {
  const { roomId, convenor } = await world.charter();
  const other = await world.charter();
  const long = 10 * 60_000;
  const sessionOf = async (userId: string, expiresIn = 3_600_000) =>
    world.store.db.session.create({
      data: {
        sessionToken: randomUUID(),
        userId,
        createdAt: new Date(world.now.getTime() - long),
        lastSeenAt: new Date(world.now.getTime() - long),
        expires: new Date(world.now.getTime() + expiresIn),
      },
    });
  const [writes, looks, ended] = await Promise.all([
    sessionOf(convenor.userId),
    sessionOf(convenor.userId),
    sessionOf(convenor.userId, -1),
  ]);
  const held = [
    { sessionId: looks.id, roomId, isActive: false },
    { sessionId: writes.id, roomId: other.roomId, isActive: true },
    { sessionId: writes.id, roomId, isActive: true },
    { sessionId: ended.id, roomId, isActive: true },
    { sessionId: randomUUID(), roomId, isActive: true },
    { sessionId: looks.id, roomId: randomUUID(), isActive: true },
  ];
  const seats = await roomSeatsNow(world.store.pool, held, world.now);
  expect(seats.map((seat) => seat && [seat.mode, seat.sessionId])).toEqual([
    ["write", looks.id],
    undefined,
    ["write", writes.id],
    undefined,
    undefined,
    undefined,
  ]);
  const seenAt = async (id: string) => (await world.store.db.session.findUniqueOrThrow({ where: { id } })).lastSeenAt;
  expect(await seenAt(writes.id)).toEqual(world.now);
  expect(await seenAt(looks.id)).toEqual(looks.lastSeenAt);
  expect(await seenAt(ended.id)).toEqual(ended.lastSeenAt);
});

test("T-revoke-live: taking a role away or ending a session is told to whoever holds sockets, at the commit", async () => {
  const organization = await world.organization();
  const admin = await world.person(organization, ["admin"]);
  const drafter = await world.person(organization, ["drafter"]);
  const heard: unknown[] = [];
  const client = await world.store.pool.connect();
  client.on("notification", (message) => heard.push(parseRightsChange(message.payload)));
  await client.query(`LISTEN ${rightsChannel}`);
  try {
    const membership = await world.store.db.membership.findFirstOrThrow({ where: { userId: drafter.userId } });
    await changeMemberRoles(world.as(admin), organization.id, membership.id, ["observer"]);
    await until(() => heard.length === 1, { what: "word of the changed role" });
    await endSession(world.as(drafter), randomUUID());
    await until(() => heard.length === 2, { what: "word of the ended session" });
    expect(heard).toEqual([{ userId: drafter.userId }, { userId: drafter.userId }]);
  } finally {
    await client.query(`UNLISTEN ${rightsChannel}`);
    client.release();
  }
});

test("words on the channel that are none of ours are left alone", () => {
  expect(parseRightsChange("not json")).toBeUndefined();
  expect(parseRightsChange(undefined)).toBeUndefined();
  expect(parseRightsChange('{"userId":5,"more":true}')).toEqual({});
});
