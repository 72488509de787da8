import type { Context } from "#lib/data/context.ts";
import { compareTexts, type TextComparison } from "#lib/domain/clause-diff.ts";
import { loadPublicCharter, notPublic, type PublicCharter, type PublicVersion } from "./public-charter.ts";
import { loadVersionText } from "./public-version.ts";

/** Two public versions of a charter side by side. */
export type PublicComparison = {
  readonly charter: PublicCharter;
  readonly from: PublicVersion;
  readonly to: PublicVersion;
  readonly comparison: TextComparison;
};

/**
 * Compares two public versions; `range` is written `1...2`, either way around.
 *
 * @throws {Refusal} not-found, for any other spelling as well.
 */
export async function loadPublicComparison(ctx: Context, slug: string, range: string): Promise<PublicComparison> {
  const match = /^([1-9]\d{0,5})\.\.\.([1-9]\d{0,5})$/.exec(range);
  const charter = await loadPublicCharter(ctx, slug);
  const find = (number: string | undefined) => charter.versions.find((one) => one.number === Number(number));
  const from = find(match?.[1]);
  const to = find(match?.[2]);
  if (!from || !to) throw notPublic();
  const [before, after] = await Promise.all([loadVersionText(ctx.db, from), loadVersionText(ctx.db, to)]);
  return { charter, from, to, comparison: compareTexts(before.text, after.text) };
}
