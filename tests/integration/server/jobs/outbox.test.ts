import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { retryMail } from "#lib/commands/retry-mail.ts";
import { enqueueMail } from "#lib/data/outbox.ts";
import { transaction } from "#lib/data/store.ts";
import { deliverMail, mailAttemptsMax } from "#lib/mail/deliver-mail.ts";
import { startDevelopmentInbox } from "#server/jobs/development-inbox.ts";
import { startOutbox } from "#server/jobs/outbox.ts";
import { until } from "#tests/support/until.ts";
import { createWorld, type World } from "#tests/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => world.store.db.outbox.deleteMany());

const from = { mailFrom: "Concordat <no-reply@example.org>", publicUrl: "http://localhost:3000" };
const mail = (to: string, subject = "You are invited") => ({
  kind: "note",
  to,
  content: {
    subject,
    from: "Ada Brandt of Northlight asks you.",
    paragraphs: ["Grüße — read the text first."],
    action: { label: "See it", path: "/invitations/1" },
  },
});

test("a mail leaves by SMTP within a second of its commit and arrives whole; what it said is forgotten then", async () => {
  const { db } = world.store;
  const inbox = await startDevelopmentInbox(world.store);
  const outbox = startOutbox(world.store, from, inbox.smtpUrl);
  try {
    await transaction(db, (tx) => enqueueMail(tx, mail("grace@example.org", "Grüße\r\nBcc: x@example.org")));
    await until(() => db.developmentMail.count({ where: { to: "grace@example.org" } }), { what: "the mail" });
    const arrived = await db.developmentMail.findFirstOrThrow({ where: { to: "grace@example.org" } });
    expect(arrived.subject).toBe("Grüße Bcc: x@example.org");
    expect(arrived.text).toContain("Grüße — read the text first.");
    expect(arrived.text).toContain("http://localhost:3000/invitations/1");
    expect(arrived.from).toBe("no-reply@example.org");
    await until(async () => (await db.outbox.findFirstOrThrow()).sentAt !== null, { what: "the mark" });
    expect((await db.outbox.findFirstOrThrow()).payload).toEqual({});
    expect(await db.developmentMail.count({ where: { to: { contains: "x@example.org" } } })).toBe(0);
  } finally {
    await outbox.drain();
    await inbox.close();
  }
});

test("a command that fails sends nothing", async () => {
  const failing = transaction(world.store.db, async (tx) => {
    await enqueueMail(tx, mail("nobody@example.org"));
    throw new Error("rolled back");
  });
  await expect(failing).rejects.toThrow("rolled back");
  expect(await world.store.db.outbox.count()).toBe(0);
});

test("several processes deliver each mail once", async () => {
  for (let at = 0; at < 12; at += 1) await enqueueMail(world.store.db, mail(`one${at}@example.org`));
  const sent: string[] = [];
  const now = new Date(Date.now() + 1000);
  const worker = async () => {
    while (await deliverMail(world.store, from.publicUrl, async ({ to }) => void sent.push(to), now));
  };
  await Promise.all([worker(), worker(), worker()]);
  expect(sent.length).toBe(12);
  expect(new Set(sent).size).toBe(12);
});

test("a code does not wait behind a crowd of other mails, nor for one that a mail server chews on", async () => {
  const { db } = world.store;
  for (let at = 0; at < 5; at += 1) await enqueueMail(db, mail(`crowd${at}@example.org`));
  const code = mail("waiting@example.org", "123456 is your code");
  await enqueueMail(db, { ...code, content: { ...code.content, code: "123456" } });
  const now = new Date(Date.now() + 1000);
  const sent: string[] = [];
  const send = async ({ to }: { to: string }) => void sent.push(to);
  expect(await deliverMail(world.store, from.publicUrl, send, now)).toBe(true);
  expect(sent).toEqual(["waiting@example.org"]);
  expect(await deliverMail(world.store, from.publicUrl, send, now, "codes")).toBe(false);
  expect(await deliverMail(world.store, from.publicUrl, send, now)).toBe(true);
  expect(sent[1]).toMatch(/^crowd/);
});

test("a mail the server refuses is tried again with growing pauses, then waits for the operator, who can send it on", async () => {
  const { db } = world.store;
  await enqueueMail(db, mail("later@example.org"));
  let now = new Date(Date.now() + 1000);
  const refuse = async () => {
    throw new Error("450 try later\u001b]0;evil");
  };
  const pauses: number[] = [];
  for (let attempt = 1; attempt <= mailAttemptsMax; attempt += 1) {
    expect(await deliverMail(world.store, from.publicUrl, refuse, now)).toBe(true);
    expect(await deliverMail(world.store, from.publicUrl, refuse, now)).toBe(false);
    const row = await db.outbox.findFirstOrThrow();
    pauses.push((row.sendAfter.getTime() - now.getTime()) / 1000);
    now = row.sendAfter;
  }
  expect(pauses).toEqual([30, 120, 480, 1920, 7680, 30720]);
  const failed = await db.outbox.findFirstOrThrow();
  expect(failed.failedAt).not.toBeNull();
  expect(failed.lastProblem).toBe("450 try later ]0;evil");
  expect(await deliverMail(world.store, from.publicUrl, refuse, new Date(now.getTime() + 1e9))).toBe(false);

  const ctx = world.as(await world.person(null));
  const operator = ctx.actor.kind === "person" ? { ...ctx.actor, isOperator: true } : ctx.actor;
  await retryMail({ ...ctx, now, actor: operator }, failed.id);
  expect(await deliverMail(world.store, from.publicUrl, async () => {}, now)).toBe(true);
  expect((await db.outbox.findFirstOrThrow()).sentAt).toEqual(now);
});

test("a crash between the mail server's yes and our mark leads to a second mail, never to none", async () => {
  await enqueueMail(world.store.db, mail("crash@example.org"));
  const now = new Date(Date.now() + 1000);
  const taken: string[] = [];
  const dying = {
    ...world.store,
    db: { ...world.store.db, outbox: { update: () => Promise.reject(new Error("died")) } },
  };
  // A store that loses its connection just when the mark is written.
  const broken = dying as unknown as typeof world.store;
  const deliver = deliverMail(broken, from.publicUrl, async ({ to }) => void taken.push(to), now);
  await expect(deliver).rejects.toThrow("died");
  const later = new Date(now.getTime() + 31_000);
  expect(await deliverMail(world.store, from.publicUrl, async ({ to }) => void taken.push(to), later)).toBe(true);
  expect(taken).toEqual(["crash@example.org", "crash@example.org"]);
});
