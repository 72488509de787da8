import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

/** What axe found on a page: the id of the rule, and where it is broken. `rules` narrows it to some, such as those a colour scheme changes. */
export async function axeFaults(page: Page, rules?: readonly string[]): Promise<string[]> {
  const isLoaded = await page.evaluate(() => Reflect.has(window, "axe"));
  if (!isLoaded) {
    await page.evaluate(await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"));
  }
  return page.evaluate(async (only) => {
    const axe: {
      run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
    } = Reflect.get(window, "axe");
    // What passes is not written down, which is most of the work on a page with long lists.
    const { violations } = await axe.run({ resultTypes: ["violations"], ...(only ? { runOnly: only } : {}) });
    return violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
  }, rules);
}
