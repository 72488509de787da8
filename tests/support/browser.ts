import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { chromium } from "playwright-core";
import { chromiumArguments, findChromium } from "./chromium.mjs";
import { until } from "./until.ts";

/** Chromium for a test file; every person of a journey gets a context, and so cookies and storage, of their own. */
export type TestBrowser = {
  readonly browser: Browser;
  /** A new visitor at `url`. Page errors are collected, for a test to say that there were none. */
  visitor(options?: BrowserContextOptions): Promise<Visitor>;
  close(): Promise<void>;
};

export type Visitor = {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Exceptions that no code of the page caught. */
  readonly errors: readonly string[];
};

/** How long a page may take for anything that is waited for; what hangs is told by it, and a slow machine is no fault of the page. */
const patienceMs = 120_000;

/** Launches Chromium; addresses in `page.goto` may be relative to `baseURL`. */
export async function openBrowser(baseURL: string): Promise<TestBrowser> {
  const browser = await chromium.launch({
    executablePath: await findChromium(() => {}),
    args: [...chromiumArguments],
    timeout: patienceMs,
  });
  return {
    browser,
    async visitor(options = {}) {
      const context = await browser.newContext({ baseURL, viewport: { width: 1280, height: 900 }, ...options });
      context.setDefaultTimeout(patienceMs);
      const page = await context.newPage();
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(error.message));
      return { context, page, errors };
    },
    close: () => browser.close(),
  };
}

/** Signs in as somebody of the demo world, by the one-click button, and goes to `next`. */
export async function signInAs(page: Page, name: string, next = "/home"): Promise<void> {
  await page.goto(`/signin?next=${encodeURIComponent(next)}`);
  await page.getByRole("button", { name: `Sign in as ${name}` }).click();
  await page.waitForURL((url) => url.pathname === next);
}

/**
 * Until the scripts of the page hear this button: what is pressed before goes nowhere. A button that waits for them (`UntilHeard`) is open by
 * then, which it is not before what they do at their start is done, such as putting kept words back.
 */
export async function listening(page: Page, name: string): Promise<void> {
  const isHeard = (one: Element) =>
    Object.keys(one).some((key) => key.startsWith("__reactProps")) && !one.closest(".unheard");
  await until(() => page.getByRole("button", { name }).first().evaluate(isHeard), { what: `“${name}” to be heard` });
}
