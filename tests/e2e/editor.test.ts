import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openStore } from "#lib/data/store.ts";
import { findCluster } from "#server/database/embedded.ts";
import { axeFaults } from "../support/axe.ts";
import { openBrowser, signInAs, type TestBrowser, type Visitor } from "../support/browser.ts";
import { saveState, settled, untilSaved } from "../support/editor-page.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { until } from "../support/until.ts";

const draftTitle = "Charter on Trustworthy Automated Decisions";
const northlight = "Ada Brandt";
const meridian = "Priya Raman";

let server: TestServer;
let browser: TestBrowser;

beforeAll(async () => {
  server = await startServer();
  browser = await openBrowser(server.url);
});

afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

test("[1] two organizations write in one clause at once, one is cut off for a while, and neither loses a word", async () => {
  const ada = await openDraft(northlight);
  const priya = await openDraft(meridian);
  await until(async () => (await presence(ada.page)).includes("Meridian Cloud"), { what: "Meridian to be seen" });
  await until(async () => (await presence(priya.page)).includes("Northlight"), { what: "Northlight to be seen" });

  const clauseId = await firstClauseId(ada.page);
  await cursorTo(ada.page, clauseId, "End");
  await cursorTo(priya.page, clauseId, "Home");
  await Promise.all([
    ada.page.keyboard.type(" Northlight writes this.", { delay: 25 }),
    priya.page.keyboard.type("Meridian begins so. ", { delay: 25 }),
  ]);
  const both = async (page: Page, ...words: string[]) => {
    const text = await clauseText(page, clauseId);
    return words.every((one) => text.includes(one));
  };
  for (const { page } of [ada, priya])
    await until(() => both(page, "Northlight writes this.", "Meridian begins so. "), { what: "both sentences" });

  await untilSaved(ada.page, "Ada's words to be saved");
  await recordSaveStates(ada.page);
  await ada.context.setOffline(true);
  // The page hears of it when it does; what is typed before that is not written without a network.
  await until(async () => (await saveState(ada.page)).startsWith("Offline"), { what: "the network to be gone" });
  await ada.page.keyboard.type(" Written without a network.");
  await until(async () => (await saveState(ada.page)) === "Offline — kept on this device", {
    what: "the honest state",
  });
  await priya.page.keyboard.type("Meanwhile elsewhere. ");
  await until(() => both(priya.page, "Meanwhile elsewhere. "), { what: "Priya's words" });
  expect(await clauseText(priya.page, clauseId)).not.toContain("Written without a network.");
  expect(await recordedSaveStates(ada.page)).not.toContainEqual(expect.stringContaining("Saved"));

  await ada.context.setOffline(false);
  for (const { page } of [ada, priya])
    await until(() => both(page, "Written without a network.", "Meanwhile elsewhere. "), { what: "both again" });
  await untilSaved(ada.page, "Ada to be saved again");

  await ada.page.reload();
  // What this device kept may be there before what the server has.
  await until(() => both(ada.page, "Written without a network.", "Meanwhile elsewhere. "), { what: "all of it again" });
  expect([...ada.errors, ...priya.errors]).toEqual([]);
  await Promise.all([ada.context.close(), priya.context.close()]);
});

test("after the database was restored, a page that was open opens the text as it is now, with what was written meanwhile beside it", async () => {
  const { page, context, errors } = await openDraft(northlight);
  const clauseId = await firstClauseId(page);
  await cursorTo(page, clauseId, "End");
  await context.setOffline(true);
  await page.keyboard.type(" Written meanwhile.");
  await until(async () => (await saveState(page)) === "Offline — kept on this device", { what: "the honest state" });
  await renewGenerations();
  await context.setOffline(false);
  await page.getByTestId("kept-text").filter({ hasText: "Written meanwhile." }).waitFor({ timeout: 120_000 });
  await until(async () => (await saveState(page)).startsWith("Saved"), {
    what: "the present text to be open",
    timeoutMs: 120_000,
  });
  expect(await clauseText(page, clauseId)).not.toContain("Written meanwhile.");
  expect(errors).toEqual([]);
  await context.close();
});

test("what a tab has left on the device that was closed without a network is given back after the database was restored", async () => {
  const { page, context } = await openDraft(meridian);
  const path = new URL(page.url()).pathname;
  await cursorTo(page, await firstClauseId(page), "End");
  await context.setOffline(true);
  await page.keyboard.type(" Left behind.");
  await until(async () => (await saveState(page)) === "Offline — kept on this device", { what: "the honest state" });
  await page.close();
  await renewGenerations();
  await context.setOffline(false);
  const next = await context.newPage();
  await next.goto(path);
  await next.getByTestId("kept-text").filter({ hasText: "Left behind." }).waitFor({ timeout: 120_000 });
  await until(async () => (await saveState(next)).startsWith("Saved"), {
    what: "the present text to be open",
    timeoutMs: 120_000,
  });
  await context.close();
});

test("[14] a drafter adds, writes, refers, moves, indents, comments and deletes by keyboard alone", async () => {
  const { page, context, errors } = await openDraft(northlight);
  const { keyboard } = page;
  await tabTo(page, '[role="textbox"][aria-multiline="true"]');
  await toTheEnd(page);
  await keyboard.press("Control+Enter");
  await until(async () => (await currentText(page)).trim() === "", { what: "the new clause" });
  await keyboard.type("Written by keyboard");
  await keyboard.press("Enter");
  await keyboard.type("See ");
  await keyboard.press("Control+Shift+L");
  await page.getByRole("dialog", { name: "Refer to a clause" }).waitFor();
  const inPicker = () => page.evaluate(() => document.activeElement?.tagName === "INPUT");
  await until(inPicker, { what: "the focus to be in the picker" });
  await keyboard.type("Whoever is affected");
  await page.locator('[role="option"][aria-selected="true"]', { hasText: "Whoever is affected" }).waitFor();
  await keyboard.press("Enter");
  await until(async () => (await currentText(page)).includes("See clause 4.1"), { what: "the reference" });
  await page.getByRole("dialog", { name: "Refer to a clause" }).waitFor({ state: "detached" });
  const inText = () => page.evaluate(() => document.activeElement?.classList.contains("editor-text") ?? false);
  await until(inText, { what: "the focus to be in the text again" });

  await keyboard.press("Alt+ArrowUp");
  await until(async () => /is now clause/.test(await announcement(page)), { what: "the move to be told" });
  await keyboard.press("Tab");
  await until(async () => (await announcement(page)) === "One level deeper.", { what: "the level to be told" });
  await keyboard.press("Shift+Tab");

  await keyboard.press("Control+Alt+m");
  await until(() => page.evaluate(() => document.activeElement?.tagName === "TEXTAREA"), { what: "the comment field" });
  await keyboard.type("Is this the right place?");
  await keyboard.press("Control+Enter");
  await page.getByTestId("thread").getByText("Is this the right place?").waitFor();

  await tabTo(page, '[role="textbox"][aria-multiline="true"]');
  await keyboard.press("Escape");
  const inOutline = () => page.evaluate(() => document.activeElement?.hasAttribute("data-outline-row") ?? false);
  await until(inOutline, { what: "Escape to lead out of the text" });
  await keyboard.press("Alt+ArrowUp");
  await until(async () => /is now clause/.test(await announcement(page)), { what: "the second move to be told" });
  await until(inOutline, { what: "the focus to go with the clause" });
  await keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard" }).waitFor();
  await keyboard.press("Escape");
  await until(inOutline, { what: "the focus to come back" });
  await keyboard.press("Enter");
  await until(async () => (await currentText(page)).includes("Written by keyboard"), { what: "the text again" });
  await until(inText, { what: "the focus to be in the text" });
  await keyboard.press("Control+Shift+Backspace");
  await until(async () => /deleted\.$/.test(await announcement(page)), { what: "the deletion to be told" });
  expect(await page.locator(".editor-text").innerText()).not.toContain("Written by keyboard");
  expect(errors).toEqual([]);
  await context.close();
});

test("words keep their first author when another organization breaks the paragraph they stand in", async () => {
  const ada = await openDraft(northlight);
  await ada.page.locator(".editor-text > section.clause").last().locator("p").first().click();
  await toTheEnd(ada.page);
  await ada.page.keyboard.press("Control+Enter");
  await until(async () => (await currentText(ada.page)).trim() === "", { what: "the new clause" });
  await ada.page.keyboard.type("Questions");
  await ada.page.keyboard.press("Enter");
  await ada.page.keyboard.type("Northlight answers them within ten days.");
  const clauseId = await ada.page.locator(".clause.is-current").getAttribute("data-clause");
  if (clauseId === null) throw new Error("The new clause has no id.");
  await untilSaved(ada.page, "Ada's words to be saved");
  await ada.context.close();

  const { page, context, errors } = await openDraft(meridian);
  const moved = "within ten days.";
  await until(async () => (await clauseText(page, clauseId)).includes(moved), { what: "Ada's words to be there" });
  await caretBefore(page, clauseId, moved);
  await page.keyboard.press("Enter");
  const paragraphs = page.locator(`section[data-clause="${clauseId}"] .clause-body p`);
  await until(async () => (await paragraphs.last().innerText()).replaceAll("\u2060", "").startsWith(moved), {
    what: "the paragraph to be broken",
  });
  await untilSaved(page, "the break to be saved");

  // The history is written when the last one has left the text.
  const said = "First written by Northlight (Ada Brandt), last placed by Meridian Cloud (Priya Raman)";
  const edit = page.url();
  const written = page.locator("details", { hasText: "Who wrote this" });
  await until(
    async () => {
      await page.goto(edit.replace(/edit$/, `history/${clauseId}`));
      return ((await written.first().textContent({ timeout: 5_000 })) ?? "").includes(said);
    },
    { what: "the history to name both", everyMs: 500 },
  );
  await page.goto(edit);
  await page.waitForSelector(".editor-text .clause");
  await cursorTo(page, clauseId, "End");
  const beside = page.getByRole("tabpanel", { name: "Who wrote this" });
  await until(
    async () => {
      // Pressed before the page listens it is heard by nobody.
      if (!(await beside.isVisible())) await page.keyboard.press("Control+Alt+w");
      return beside.isVisible();
    },
    { what: "the panel to open", everyMs: 500 },
  );
  await until(async () => (await beside.innerText()).includes(said), { what: "both to be named beside the text" });
  expect(await beside.innerText()).toContain("3 words");
  expect(errors).toEqual([]);
  await context.close();
});

test("a paste with a sign that no room takes costs nobody a word, nor what is typed on behind it", async () => {
  const { page, context, errors } = await openDraft(northlight);
  await page.locator(".editor-text > section.clause").last().locator("p").first().click();
  await toTheEnd(page);
  await page.keyboard.press("Control+Enter");
  await until(async () => (await currentText(page)).trim() === "", { what: "the new clause" });
  await page.keyboard.press("Enter");
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.setData("text/plain", "pasted \u0000words");
    const paste = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
    document.querySelector(".editor-text")?.dispatchEvent(paste);
  });
  await page.keyboard.type(" and typed on", { delay: 20 });
  await until(async () => (await currentText(page)).includes("pasted words and typed on"), { what: "all words" });
  await untilSaved(page, "them to be saved");
  expect(await page.getByTestId("kept-text").count()).toBe(0);
  expect(errors).toEqual([]);
  await context.close();
});

test("the editor has no fault that axe finds, light and dark, wide and at 320 pixels, and stands still for those who ask", async () => {
  for (const options of [
    { colorScheme: "light", viewport: { width: 1280, height: 900 } },
    { colorScheme: "dark", viewport: { width: 320, height: 700 } },
  ] as const) {
    const { page, context } = await openDraft(meridian, { ...options, reducedMotion: "reduce" });
    expect(await axeFaults(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
    await context.close();
  }
});

/** Every text as a restored database has it: of the next generation. */
async function renewGenerations(): Promise<void> {
  const cluster = await findCluster(server.dataFolder);
  const store = openStore((await cluster?.database("concordat")) ?? "", 1);
  await store.db.room.updateMany({ data: { generation: { increment: 1 } } });
  await store.close();
}

async function openDraft(name: string, options: Parameters<TestBrowser["visitor"]>[0] = {}): Promise<Visitor> {
  const visitor = await browser.visitor(options);
  await signInAs(visitor.page, name);
  const link = await visitor.page.getByRole("link", { name: draftTitle }).first().getAttribute("href");
  // What waits for somebody leads to a page of the draft.
  const path = link?.match(/^\/drafts\/[0-9a-f-]{36}/)?.[0];
  await visitor.page.goto(`${path}/edit`);
  await visitor.page.waitForSelector(".editor-text .clause");
  return visitor;
}

async function presence(page: Page): Promise<string> {
  return page.getByTestId("presence").innerText();
}

async function announcement(page: Page): Promise<string> {
  return ((await page.getByTestId("announcement").textContent()) ?? "").replaceAll("\u00a0", "");
}

async function firstClauseId(page: Page): Promise<string> {
  const id = await page.locator('section.clause[data-kind="clause"]').first().getAttribute("data-clause");
  if (!id) throw new Error("The draft of the demo world has no clause.");
  return id;
}

/** Puts the caret to an end of a line of the clause's first paragraph. Within 20 ms of a click ProseMirror puts it back to where the click was. */
async function cursorTo(page: Page, clauseId: string, key: "Home" | "End"): Promise<void> {
  const caret = () =>
    page.evaluate(() => `${document.getSelection()?.anchorNode?.textContent} ${document.getSelection()?.anchorOffset}`);
  await until(
    async () => {
      await page.locator(`section[data-clause="${clauseId}"] p`).first().click();
      await settled(page);
      await page.keyboard.press(key);
      const there = await caret();
      await settled(page);
      return (await caret()) === there;
    },
    { what: `the caret to stay at the ${key} of its line`, everyMs: 50 },
  );
}

/** Puts the caret before the last words of a clause's paragraph, again if need be: see `toTheEnd`. */
async function caretBefore(page: Page, clauseId: string, words: string): Promise<void> {
  const behindCaret = () =>
    page.evaluate(() => {
      const selection = document.getSelection();
      return selection?.anchorNode?.textContent?.slice(selection.anchorOffset);
    });
  await until(
    async () => {
      await cursorTo(page, clauseId, "End");
      for (const _letter of words) await page.keyboard.press("ArrowLeft");
      if ((await behindCaret()) !== words) return false;
      await settled(page);
      return (await behindCaret()) === words;
    },
    { what: `the caret to be before "${words}"`, everyMs: 50 },
  );
}

/** The words of a clause as they stand, without the labels of others' cursors. */
async function clauseText(page: Page, clauseId: string): Promise<string> {
  return page.locator(`section[data-clause="${clauseId}"] .clause-body`).evaluate((body) => {
    const copy = body.cloneNode(true);
    if (copy instanceof Element) for (const caret of copy.querySelectorAll(".remote-caret")) caret.remove();
    return (copy.textContent ?? "").replaceAll("\u2060", "");
  });
}

/** Moves the caret to the end, again if need be: in the 20 ms behind a focus, ProseMirror puts the caret back where it was. */
async function toTheEnd(page: Page): Promise<void> {
  const atEnd = () =>
    page
      .locator(".editor-text > section.clause")
      .last()
      .evaluate((one) => one.matches(".is-current"));
  await until(
    async () => {
      await page.keyboard.press("Control+End");
      return atEnd();
    },
    { what: "the caret to be at the end", everyMs: 50 },
  );
}

async function currentText(page: Page): Promise<string> {
  return page.locator(".clause.is-current .clause-body").innerText();
}

async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
    await page.keyboard.press(presses % 2 === 0 || presses < 40 ? "Tab" : "Shift+Tab");
  }
  throw new Error(`The Tab key never reached ${selector}.`);
}

/** Notes every sentence that the save state shows from now on. */
async function recordSaveStates(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen: string[] = [];
    const state = document.querySelector('[data-testid="save-state"]');
    if (!state) return;
    Object.assign(window, { seenSaveStates: seen });
    new MutationObserver(() => seen.push(state.textContent ?? "")).observe(state, {
      subtree: true,
      childList: true,
      characterData: true,
    });
  });
}

async function recordedSaveStates(page: Page): Promise<string[]> {
  const seen: unknown = await page.evaluate(() => Reflect.get(window, "seenSaveStates"));
  if (!Array.isArray(seen) || seen.length === 0) throw new Error("No save state was recorded.");
  return seen.map(String);
}
