import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser, signInAs, type TestBrowser, type Visitor } from "#tests/support/browser.ts";
import { saveState, untilSaved } from "#tests/support/editor-page.ts";
import { startServer, type TestServer } from "#tests/support/server.ts";
import { until } from "#tests/support/until.ts";

const draftTitle = "Charter on Trustworthy Automated Decisions";
const convenor = "Priya Raman";
const author = "Ada Brandt";

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

test("a text that was edited many times is whole after the server was stopped and started again", async () => {
  const { page, context, errors, path } = await openDraft(author);
  await cursorInFirstClause(page);
  const words = Array.from({ length: 14 }, (_, at) => `word${at + 1}`);
  for (const word of words) {
    await page.keyboard.type(` ${word}`);
    await untilSaved(page, `${word} to be saved`);
  }
  const text = await charterText(page);
  await server.stop();
  server = await startServer({ PORT: String(server.port) }, { dataFolder: server.dataFolder });

  await page.goto(`${path}/edit`);
  await page.waitForSelector(".editor-text .clause");
  await untilSaved(page, "the text to be open for edits, not damaged");
  expect(await charterText(page)).toBe(text);
  expect(text).toContain(words.join(" "));
  expect(errors).toEqual([]);
  await context.close();
});

test("[3] a freeze while somebody writes offline keeps its text; the author is told, and keeps the words for themselves", async () => {
  const offline = await openDraft(author);
  const { page } = offline;
  await untilSaved(page, "the draft to be open");
  await cursorInFirstClause(page);
  await offline.context.setOffline(true);
  await until(async () => (await saveState(page)).startsWith("Offline"), { what: "the network to be gone" });
  await page.keyboard.type(" Written while the text was being frozen.");
  await until(async () => (await saveState(page)) === "Offline — kept on this device", { what: "the honest state" });

  const chair = await browser.visitor();
  await signInAs(chair.page, convenor);
  await chair.page.goto(`${offline.path}/candidate`);
  chair.page.on("dialog", (dialog) => void dialog.accept());
  await chair.page.getByRole("button", { name: "Freeze this text" }).click();
  await chair.page.getByText("Frozen on").waitFor();
  const hash = await fingerprint(chair.page);

  await offline.context.setOffline(false);
  const kept = page.getByTestId("kept-text");
  await kept.waitFor();
  expect(await kept.innerText()).toContain("Written while the text was being frozen.");
  await page.getByRole("alert").filter({ hasText: "The text was frozen before this edit arrived." }).waitFor();
  await page.getByText("Read-only: this text is frozen").waitFor();
  // The copy that was refused stays until the fresh one is there.
  await until(async () => !(await charterText(page)).includes("Written while the text was being frozen."), {
    what: "the frozen text without them",
  });

  await page.getByText("It is kept for you as a private draft").waitFor();
  await page.getByRole("button", { name: "Close" }).click();
  await kept.waitFor({ state: "detached" });
  await page.goto(offline.path);
  const own = page.locator("section", { has: page.getByRole("heading", { name: "Kept for you" }) });
  await own.getByText("Written while the text was being frozen.").waitFor();

  await chair.page.reload();
  expect(await fingerprint(chair.page)).toBe(hash);
  expect(await chair.page.getByText("Written while the text was being frozen.").count()).toBe(0);
  await chair.page.goto(offline.path);
  expect(await chair.page.getByText("Written while the text was being frozen.").count()).toBe(0);
  expect([...chair.errors, ...offline.errors]).toEqual([]);
  await Promise.all([chair.context.close(), offline.context.close()]);
});

test("an objection's reason is not put into the mouth of whoever can accept, and nothing is adopted against it", async () => {
  const { page, context, errors, path } = await openDraft(convenor);
  page.on("dialog", (dialog) => void dialog.accept());
  await page.goto(`${path}/candidate`);
  // The test before froze the text; whoever runs this one alone freezes it here.
  if ((await page.getByText("Frozen on").count()) === 0) {
    await page.getByRole("button", { name: "Freeze this text" }).click();
    await page.getByText("Frozen on").waitFor();
  }
  const reason = page.getByLabel("Reason");
  await page.getByLabel("Object", { exact: true }).check();
  await reason.fill("It says too little.");
  await page.getByLabel("What would remedy it").fill("Say more.");
  await page.getByRole("button", { name: /^Record for/ }).click();
  await page.getByText("Reason: It says too little.").waitFor();
  expect(await page.getByRole("button", { name: "Adopt this text" }).count()).toBe(0);
  await page.getByText("keeps up its objection").or(page.getByText("keep up their objection")).first().waitFor();

  await page.reload();
  await page.getByLabel("Can accept", { exact: true }).check();
  await until(async () => (await reason.inputValue()) === "", { what: "the reason of another position to be gone" });
  await page.getByLabel("Object", { exact: true }).check();
  expect(await reason.inputValue()).toBe("It says too little.");
  expect(errors).toEqual([]);
  await context.close();
});

async function openDraft(name: string): Promise<Visitor & { readonly path: string }> {
  const visitor = await browser.visitor();
  await signInAs(visitor.page, name);
  const link = await visitor.page.getByRole("link", { name: draftTitle }).first().getAttribute("href");
  // What waits for somebody leads to a page of the draft.
  const path = link?.match(/^\/drafts\/[0-9a-f-]{36}/)?.[0];
  if (!path) throw new Error("The demo world has no such draft.");
  await visitor.page.goto(`${path}/edit`);
  await visitor.page.waitForSelector(".editor-text .clause");
  return { ...visitor, path };
}

async function cursorInFirstClause(page: Page): Promise<void> {
  await page.locator('section.clause[data-kind="clause"] p').first().click();
  await page.keyboard.press("End");
}

/** The words of the draft, without the labels of others' cursors. */
async function charterText(page: Page): Promise<string> {
  return page.locator(".editor-text").evaluate((root) => {
    const copy = root.cloneNode(true);
    if (copy instanceof Element) for (const caret of copy.querySelectorAll(".remote-caret")) caret.remove();
    return (copy.textContent ?? "").replaceAll("\u2060", "");
  });
}

/** The fingerprint that the page shows, in hex. */
async function fingerprint(page: Page): Promise<string> {
  const hashHex = await page.locator("main code[title]").first().getAttribute("title");
  if (!hashHex || !/^[0-9a-f]{64}$/.test(hashHex)) throw new Error("The page shows no fingerprint.");
  return hashHex;
}
