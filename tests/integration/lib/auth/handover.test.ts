import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { actorOfSession } from "#lib/auth/actor-of.ts";
import { beginHandover, finishHandover, makeHandover } from "#lib/auth/handover.ts";
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
