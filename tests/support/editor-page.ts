import type { Page } from "playwright-core";
import { until } from "./until.ts";

/** What the editor says of saving, without the sign before the words. */
export async function saveState(page: Page): Promise<string> {
  return (await page.getByTestId("save-state").innerText()).replace(/^\P{L}+/u, "");
}

/**
 * Until the editor says that everything is saved. What was typed is drawn a moment later: "Saved" may still be of the time before, and
 * counts only where the next drawing says so, too.
 */
export async function untilSaved(page: Page, what: string): Promise<void> {
  const isSaved = async () => (await saveState(page)).startsWith("Saved");
  await until(
    async () => {
      if (!(await isSaved())) return false;
      await settled(page);
      return isSaved();
    },
    { what },
  );
}

/** Behind the 20 ms in which ProseMirror may put the caret back to where a click was, and drawn since then. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((resolve) => setTimeout(() => requestAnimationFrame(resolve), 60)));
}
