import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { actorOfSession } from "#lib/auth/actor-of.ts";
import { answerSignIn } from "#lib/auth/answer-sign-in.ts";
import { askSignIn } from "#lib/auth/ask-sign-in.ts";
import { cookieIn } from "#lib/auth/cookies.ts";
import { finishMailSignIn, type NextAuthCall } from "#lib/auth/next-auth.ts";
import { sessionAbsoluteMs, sessionIdleMs } from "#lib/auth/session-limits.ts";
import { storedSessionToken } from "#lib/auth/session-token.ts";
import { challengeTtlMs, viewChallenge } from "#lib/data/challenge.ts";
import { MailContent } from "#lib/domain/mail.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { createWorld, type World } from "#tests/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** Asks for a code as a browser does, and reads the mail. */
async function ask(email: string, { browser = "this-browser", next = "/home" } = {}) {
  const { actor: _nobody, ...ctx } = world.as(null);
  const { challengeId } = await askSignIn(ctx, { email, next, browser, client: email });
  const row = await world.store.db.outbox.findFirstOrThrow({ where: { to: email }, orderBy: { createdAt: "desc" } });
  const { code = "", action } = MailContent.parse(row.payload);
  const token = new URL(action?.path ?? "", "http://x.invalid").searchParams.get("t") ?? "";
  return { id: challengeId, code, token, browser };
}

function call(cookies: Record<string, string> = {}): NextAuthCall {
  const { db, site } = world.as(null);
  return { db, site, doors: { host: "127.0.0.1", providers: [] }, cookies, userAgent: "A browser" };
}

async function answer(given: Parameters<typeof answerSignIn>[2], cookies = {}): Promise<Response> {
  return answerSignIn(call(cookies), world.now, given);
}

async function refusal(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "accepted",
    (error: unknown) => (error instanceof Refusal ? error.code : String(error)),
  );
}

function sessionOf(response: Response): string {
  const line = response.headers.getSetCookie().find((one) => one.startsWith("concordat.session="));
  return cookieIn(line?.split(";")[0], "concordat.session") ?? "";
}

describe("signing in by mail", () => {
  test("T-prefetch: a link fetched five times still signs in once, by a press of the button, and never again", async () => {
    const asked = await ask("prefetch@example.org", { next: "/drafts/new" });
    const before = await world.store.db.signInChallenge.findUniqueOrThrow({ where: { id: asked.id } });
    for (let fetched = 0; fetched < 5; fetched += 1) {
      const scanner = await viewChallenge(world.store.db, world.as(null), { ...asked, browser: undefined });
      expect(scanner.state).toBe("open");
    }
    expect(await world.store.db.signInChallenge.findUniqueOrThrow({ where: { id: asked.id } })).toEqual(before);

    const response = await answer({ id: asked.id, token: asked.token, browser: asked.browser });
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe("http://localhost:3000/drafts/new");
    // next-auth reads the machine's clock, not the one of this world.
    const actor = await actorOfSession(world.store.db, sessionOf(response), new Date());
    expect(actor).toMatchObject({ kind: "person", email: "prefetch@example.org", organizationId: null });

    expect(await refusal(answer({ id: asked.id, token: asked.token, browser: asked.browser }))).toBe("expired");
    expect(await refusal(answer({ id: asked.id, code: asked.code, browser: asked.browser }))).toBe("expired");
  });

  test("two presses at once make one session", async () => {
    const asked = await ask("twice@example.org");
    const outcomes = await Promise.all([refusal(answer(asked)), refusal(answer(asked))]);
    expect(outcomes.sort()).toEqual(["accepted", "expired"]);
    expect(await world.store.db.session.count({ where: { user: { email: "twice@example.org" } } })).toBe(1);
  });

  test("the typed code does the same as the link, with or without a space", async () => {
    const asked = await ask("code@example.org");
    const code = `${asked.code.slice(0, 3)} ${asked.code.slice(3)}`;
    const response = await answer({ id: asked.id, code, browser: asked.browser });
    expect(sessionOf(response)).not.toBe("");
  });

  test("five wrong codes end it, also for the right one", async () => {
    const asked = await ask("guess@example.org");
    const wrong = asked.code === "000000" ? "000001" : "000000";
    const tries = [];
    for (let attempt = 0; attempt < 5; attempt += 1) {
      tries.push(await refusal(answer({ id: asked.id, code: wrong, browser: asked.browser })));
    }
    expect(tries).toEqual(["wrong-code", "wrong-code", "wrong-code", "wrong-code", "expired"]);
    expect(await refusal(answer({ id: asked.id, code: asked.code, browser: asked.browser }))).toBe("expired");
  });

  test("opened in another browser the link shows the code, and cannot sign in there", async () => {
    const asked = await ask("other@example.org");
    const elsewhere = { id: asked.id, token: asked.token, browser: "another-browser" };
    expect(await viewChallenge(world.store.db, world.as(null), elsewhere)).toMatchObject({
      isThisBrowser: false,
      code: asked.code,
    });
    expect(await refusal(answer(elsewhere))).toBe("wrong-code");
    expect(await refusal(answer({ ...elsewhere, browser: undefined }))).toBe("wrong-code");
    expect(await refusal(answer({ id: asked.id, code: asked.code, browser: asked.browser }))).toBe("accepted");
  });

  test("after ten minutes neither link nor code count", async () => {
    const asked = await ask("late@example.org");
    world.advance(challengeTtlMs);
    expect(await refusal(answer({ id: asked.id, token: asked.token, browser: asked.browser }))).toBe("expired");
    expect((await viewChallenge(world.store.db, world.as(null), asked)).state).toBe("spent");
  });

  test("what the database keeps shows neither the token nor the code", async () => {
    const asked = await ask("rest@example.org");
    const row = await world.store.db.signInChallenge.findUniqueOrThrow({ where: { id: asked.id } });
    const kept = [row.tokenHmac, row.codeHmac, row.browserHmac]
      .map((one) => Buffer.from(one).toString("latin1"))
      .join("|");
    expect(kept).not.toContain(asked.code);
    expect(kept).not.toContain(asked.browser);
    expect(kept).not.toContain(Buffer.from(asked.token, "base64url").toString("latin1"));
  });

  test("an address that parsers disagree about gets no mail", async () => {
    const before = await world.store.db.outbox.count();
    for (const email of ['"e@attacker.com"@victim.com', "a＠evil.com@victim.com", "a@b\r\nBcc: x@example.org"]) {
      expect(await refusal(ask(email))).toBe("malformed");
    }
    expect(await world.store.db.outbox.count()).toBe(before);
  });

  test("an address is sent five mails in a quarter of an hour at most", async () => {
    for (let mail = 0; mail < 5; mail += 1) await ask("flood@example.org");
    expect(await refusal(ask("flood@example.org"))).toBe("too-many");
    world.advance(16 * 60 * 1000);
    expect(await refusal(ask("flood@example.org"))).toBe("accepted");
  });

  test("T-redirect: signing in leads back into the installation only", async () => {
    for (const next of ["//evil.example", "/\\evil.example", "https:evil.example", "/%2f%2fevil.example"]) {
      const response = await answer(await ask(`to${next.length}@example.org`, { next }));
      expect(response.headers.get("location")).toBe("http://localhost:3000/home");
    }
  });
});

describe("sessions", () => {
  const signIn = async (email: string, cookies = {}) =>
    sessionOf(await finishMailSignIn(call(cookies), email, "/home"));
  const kindOf = async (token: string) => (await actorOfSession(world.store.db, token, world.now)).kind;
  const align = (token: string) =>
    world.store.db.session.update({
      where: { sessionToken: storedSessionToken(token) },
      data: { createdAt: world.now, lastSeenAt: world.now, expires: new Date(world.now.getTime() + sessionAbsoluteMs) },
    });

  test("T-session: every sign-in gets a new session, and the one it replaces in this browser ends", async () => {
    const first = await signIn("again@example.org");
    const second = await signIn("again@example.org", { "concordat.session": first });
    expect(second).not.toBe(first);
    expect(await kindOf(first)).toBe("visitor");
    await align(second);
    expect(await kindOf(second)).toBe("person");
  });

  test("whoever reads the table of sessions can sign in as nobody", async () => {
    const token = await signIn("table@example.org");
    await align(token);
    const rows = await world.store.db.session.findMany();
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(await kindOf(row.sessionToken)).toBe("visitor");
    expect(await kindOf(token)).toBe("person");
  });

  test("a session that nobody used for twelve hours has ended", async () => {
    const token = await signIn("idle@example.org");
    await align(token);
    world.advance(sessionIdleMs - 1);
    expect(await kindOf(token)).toBe("person");
    world.advance(sessionIdleMs - 1);
    expect(await kindOf(token)).toBe("person");
    world.advance(sessionIdleMs);
    expect(await kindOf(token)).toBe("visitor");
  });

  test("a session ends after seven days, however much it is used", async () => {
    const token = await signIn("busy@example.org");
    await align(token);
    for (let half = 0; half < 13; half += 1) {
      world.advance(sessionIdleMs - 1);
      expect(await kindOf(token)).toBe("person");
    }
    world.advance(sessionIdleMs);
    expect(await kindOf(token)).toBe("visitor");
  });

  test("made-up, empty and over-long tokens are visitors", async () => {
    expect(await kindOf("made-up")).toBe("visitor");
    expect(await kindOf("")).toBe("visitor");
    expect(await kindOf("x".repeat(10_000))).toBe("visitor");
  });
});
