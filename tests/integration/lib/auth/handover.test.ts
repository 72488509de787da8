import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { actorOfSession } from "#lib/auth/actor-of.ts";
import { beginHandover, finishHandover, makeHandover } from "#lib/auth/handover.ts";
import { endOtherSessions } from "#lib/commands/end-other-sessions.ts";
import { endSession } from "#lib/commands/end-session.ts";
import type { Person } from "#lib/domain/actor.ts";
import { createWorld, type World } from "#tests/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** A person with a session on the host where people sign in. */
async function signedIn(): Promise<Person> {
  const { userId } = await world.person(await world.organization());
  const { db } = world.store;
  const session = await db.session.create({
    data: {
      id: randomUUID(),
      sessionToken: randomUUID(),
      userId,
      createdAt: world.now,
      lastSeenAt: world.now,
      expires: new Date(world.now.getTime() + 24 * 3_600_000),
    },
  });
  const actor = world.as({ userId, name: "", email: "", organization: null, roles: [] }).actor;
  if (actor.kind !== "person") throw new Error("Nobody is signed in.");
  return { ...actor, sessionId: session.id };
}

const finish = (ticket: string, nonce: string | undefined) =>
  finishHandover(world.store.db, { ticket, nonce, userAgent: "A browser" }, world.now);

test("a person who is signed in becomes the same person on the signing host, once", async () => {
  const person = await signedIn();
  const { nonce, state } = beginHandover();
  const ticket = await makeHandover(world.store.db, person, state, world.now);
  const token = await finish(ticket, nonce);
  expect(await actorOfSession(world.store.db, token, world.now)).toMatchObject({ userId: person.userId });
  await expect(finish(ticket, nonce)).rejects.toMatchObject({ code: "expired" });
});

test("a ticket is of no use in another browser, later, or after signing out", async () => {
  const person = await signedIn();
  const { nonce, state } = beginHandover();
  const make = () => makeHandover(world.store.db, person, state, world.now);
  for (const other of [beginHandover().nonce, "", undefined]) {
    await expect(finish(await make(), other)).rejects.toMatchObject({ code: "expired" });
  }
  const late = await make();
  world.advance(2 * 60_000);
  await expect(finish(late, nonce)).rejects.toMatchObject({ code: "expired" });
  const left = await make();
  await world.store.db.session.deleteMany({ where: { id: person.sessionId } });
  await expect(finish(left, nonce)).rejects.toMatchObject({ code: "expired" });
});

test("who signs out, ends the session from another device or signs out everywhere else is signed out on the signing host too", async () => {
  const { db } = world.store;
  const handOver = async (person: Person) => {
    const { nonce, state } = beginHandover();
    return finish(await makeHandover(db, person, state, world.now), nonce);
  };
  const isSignedIn = async (token: string) => (await actorOfSession(db, token, world.now)).kind === "person";
  const leave: readonly ((person: Person) => Promise<void>)[] = [
    (person) => endSession({ ...world.as(null), actor: person }, person.sessionId),
    async (person) => {
      const other = await db.session.create({
        data: { sessionToken: randomUUID(), userId: person.userId, expires: new Date(world.now.getTime() + 3_600_000) },
      });
      await endOtherSessions({ ...world.as(null), actor: { ...person, sessionId: other.id } });
    },
    // The page that signs out everywhere else is of the session that stays; what it handed over is elsewhere.
    (person) => endOtherSessions({ ...world.as(null), actor: person }),
  ];
  for (const end of leave) {
    const [person, bystander] = [await signedIn(), await signedIn()];
    const [token, another] = [await handOver(person), await handOver(bystander)];
    expect(await isSignedIn(token)).toBe(true);
    await end(person);
    expect(await isSignedIn(token)).toBe(false);
    expect(await isSignedIn(another)).toBe(true);
  }
});
