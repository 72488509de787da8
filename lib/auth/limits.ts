import { RateLimiterMemory } from "rate-limiter-flexible";
import type { Db } from "#lib/data/store.ts";
import { Refusal } from "#lib/domain/refusal.ts";

/** Mails one address may be sent in a quarter of an hour, and in a day; counted in the database, for all processes together. */
const mailsPerAddress = [
  { windowMs: 15 * 60 * 1000, max: 5 },
  { windowMs: 24 * 60 * 60 * 1000, max: 20 },
] as const;

/** Requests one client may make in a quarter of an hour; per process. Behind a shared address many people sign in. */
const clients = { ask: limiter(30), answer: limiter(100) };

/**
 * Lets an address be sent another code only now and then, so that nobody's mailbox is filled and codes cannot be guessed.
 *
 * @throws {Refusal} too-many.
 */
export async function limitAddress(db: Db, email: string, now: Date): Promise<void> {
  for (const { windowMs, max } of mailsPerAddress) {
    const since = new Date(now.getTime() - windowMs);
    const count = await db.signInChallenge.count({ where: { email, createdAt: { gt: since } } });
    if (count >= max) {
      throw new Refusal(
        "too-many",
        "This address was sent several mails already. Use the latest one, or wait a while.",
      );
    }
  }
}

/**
 * Lets one client, by its network address, do only so much.
 *
 * @throws {Refusal} too-many.
 */
export async function limitClient(what: keyof typeof clients, client: string): Promise<void> {
  try {
    await clients[what].consume(client);
  } catch (error) {
    if (error instanceof Error) throw error;
    throw new Refusal(
      "too-many",
      "There were too many tries from your network. Wait a quarter of an hour and try again.",
    );
  }
}

function limiter(points: number): RateLimiterMemory {
  return new RateLimiterMemory({ points, duration: 15 * 60 });
}
