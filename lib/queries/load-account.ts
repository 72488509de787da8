import type { Context } from "#lib/data/context.ts";
import { requirePerson } from "#lib/domain/rights.ts";

/** A person's own account. */
export type AccountView = {
  readonly name: string;
  readonly email: string;
  readonly createdAt: Date;
  readonly providers: readonly string[];
  readonly sessions: readonly {
    readonly id: string;
    readonly isThis: boolean;
    readonly device: string;
    readonly createdAt: Date;
    readonly lastSeenAt: Date;
  }[];
};

/**
 * The account of the person who asks, with the sessions that still count.
 *
 * @throws {Refusal} not-signed-in.
 */
export async function loadAccount(ctx: Context): Promise<AccountView> {
  const person = requirePerson(ctx.actor);
  const user = await ctx.db.user.findUniqueOrThrow({
    where: { id: person.userId },
    select: {
      name: true,
      email: true,
      createdAt: true,
      accounts: { select: { provider: true } },
      sessions: {
        where: { expires: { gt: ctx.now }, lastSeenAt: { gt: new Date(ctx.now.getTime() - sessionShownMs) } },
        orderBy: { lastSeenAt: "desc" },
        select: { id: true, userAgent: true, createdAt: true, lastSeenAt: true },
      },
    },
  });
  return {
    name: user.name ?? "",
    email: user.email,
    createdAt: user.createdAt,
    providers: user.accounts.map((one) => one.provider),
    sessions: user.sessions.map((one) => ({
      id: one.id,
      isThis: one.id === person.sessionId,
      device: deviceOf(one.userAgent),
      createdAt: one.createdAt,
      lastSeenAt: one.lastSeenAt,
    })),
  };
}

/** Sessions idle for longer have ended by themselves. */
const sessionShownMs = 12 * 60 * 60 * 1000;

/** What a browser calls itself, in words; it may say anything, so it is only a help. */
function deviceOf(userAgent: string | null): string {
  const words = userAgent ?? "";
  const browser = [
    ["Edg/", "Edge"],
    ["Firefox/", "Firefox"],
    ["Chrome/", "Chrome"],
    ["Safari/", "Safari"],
  ].find(([sign]) => words.includes(sign ?? ""))?.[1];
  const system = ["Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"].find((sign) => words.includes(sign));
  return browser ? `${browser}${system ? ` on ${system}` : ""}` : "A browser that did not say its name";
}
