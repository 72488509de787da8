import type { Context } from "#lib/data/context.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requirePerson } from "#lib/domain/rights.ts";

/**
 * Gives the person another name, as others read it from now on. What was signed keeps the name it was signed under.
 *
 * @throws {Refusal} not-signed-in, malformed.
 */
export async function renamePerson(ctx: Context, text: string): Promise<void> {
  const person = requirePerson(ctx.actor);
  const name = text.normalize("NFC").replace(/\s+/g, " ").trim();
  if ([...name].length > 80 || !/\p{L}/u.test(name))
    throw new Refusal("malformed", "Give your name, in at most 80 characters.");
  if (/[\p{Cc}\p{Cf}\p{Co}\p{Cn}<>]/u.test(name) || /\p{M}{3,}/u.test(name.normalize("NFD"))) {
    throw new Refusal("malformed", "The name has characters that cannot be seen or do not belong into a name.");
  }
  await ctx.db.user.update({ where: { id: person.userId }, data: { name } });
}
