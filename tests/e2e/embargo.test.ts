import { afterAll, beforeAll, expect, test } from "vitest";
import { signInAs } from "../support/browser.ts";
import { type LiveWorld, openLiveWorld } from "../support/live-world.ts";
import { until } from "../support/until.ts";

const ada = "Ada Brandt";
const mirela = "Mirela Costa";
const title = "Accord on Still Waters";
const slug = "accord-on-still-waters";
const unknown = "accord-on-stilt-waters";

let world: LiveWorld;
beforeAll(async () => {
  world = await openLiveWorld();
});
afterAll(() => world?.close());

/** Everything public that could tell of one charter. */
const aboutOne = [
  "/c/{}",
  "/c/{}/v/1",
  "/c/{}/v/1/text.json",
  "/c/{}/v/1/text.md",
  "/c/{}/signatories",
  "/c/{}/signatories.csv",
  "/c/{}/signatories.json",
  "/c/{}/notifications",
  "/c/{}/feed.xml",
  "/c/{}/share.png",
  "/c/{}/join",
  "/c/{}/report",
  "/join/{}",
  "/api/v1/charters/{}",
  "/api/v1/charters/{}/signatories",
  "/api/v1/charters/{}/notifications",
  "/api/v1/charters/{}/versions/1",
  "/api/v1/charters/{}/export.zip",
];

/** Everything public that lists, and the page of an organization that signs under seal. */
const aboutMany = [
  "/",
  "/charters",
  "/charters?q=still+waters",
  "/sitemap.xml",
  "/api/v1/charters",
  "/api/v1/organizations/northlight",
  "/o/northlight",
  "/log/checkpoint",
];

type Answer = { readonly status: number; readonly headers: Record<string, string>; readonly body: string };

test("[4] before its instant a sealed charter is like one that does not exist; killed at the instant, it is published once", async () => {
  const { db } = world.store;
  const isSigned = async () => {
    const head = await db.checkpoint.findFirst({ orderBy: { size: "desc" } });
    return Number(head?.size) === (await db.logEntry.count());
  };
  await until(isSigned, { what: "the log of the demo world to be signed" });
  const before = await answers(aboutMany);
  const { versionId, charterId } = await world.openCharter(ada, title, {
    kind: "at",
    wallTime: `${new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10)}T09:00`,
    zone: "Europe/Lisbon",
  });
  await signSealed(versionId);
  for (const path of aboutOne) {
    const [sealed, absent] = await Promise.all([slug, unknown].map((one) => answer(path.replace("{}", one))));
    expect(sealed, path).toEqual(absent);
    expect(sealed?.status, path).toBeGreaterThanOrEqual(300);
  }
  expect(await answers(aboutMany)).toEqual(before);

  const opensAt = new Date(Date.now() + 2_000);
  await world.store.db.charterVersion.update({ where: { id: versionId }, data: { opensAt } });
  await until(() => Date.now() >= opensAt.getTime(), { what: "the instant" });
  await world.server.stop("SIGKILL");
  await world.restart();

  // Not asked for more often than a reader would: who has too many pages made is told to wait.
  const appears = (path: string) =>
    until(async () => (await answer(path)).status === 200, { what: `${path} to appear`, everyMs: 250 });
  await appears(`/c/${slug}`);
  for (const path of aboutOne) {
    if (path.startsWith("/join") || path.endsWith("/join")) continue;
    // The export waits for the log to be signed over what was just published.
    await appears(path.replace("{}", slug));
  }
  for (const path of ["/charters", "/sitemap.xml", "/o/northlight"])
    expect((await answer(path)).body).toContain("/c/{}");
  const list = await answer(`/c/${slug}/signatories.json`);
  expect(list.body).toContain("Northlight");
  const acts = await world.store.db.actPublication.findMany({ where: { charterId }, include: { act: true } });
  expect(acts.filter((one) => one.act.kind === "sign")).toHaveLength(1);
  expect(acts.filter((one) => one.act.kind === "open")).toHaveLength(1);
  expect(new Set(acts.map((one) => one.number)).size).toBe(acts.length);
});

async function signSealed(versionId: string): Promise<void> {
  const { page, context } = await world.browser.visitor();
  await signInAs(page, mirela);
  await world.toConfirm(page, versionId, "Northlight");
  const since = new Date(Date.now() - 1000);
  await page.getByRole("button", { name: "Send me the code" }).click();
  await page.getByLabel("The code of the mail").fill(await world.codeSentTo(mirela, "confirm for Northlight", since));
  await page.getByRole("button", { name: "Sign for Northlight GmbH" }).click();
  await page.waitForURL(/\/receipts\//);
  await page.getByText("taken in and sealed").waitFor();
  await context.close();
}

async function answers(paths: readonly string[]): Promise<Map<string, Answer>> {
  const all = new Map<string, Answer>();
  for (const path of paths) all.set(path, await answer(path));
  return all;
}

/** What a stranger gets, without what differs between any two answers: the date, nonces, and the slug that was asked for. */
async function answer(path: string): Promise<Answer> {
  const response = await fetch(world.server.url + path, { redirect: "manual" });
  const plain = (words: string) =>
    words
      .replaceAll(slug, "{}")
      .replaceAll(unknown, "{}")
      .replaceAll(/nonce-[\w+/=-]+/g, "nonce")
      .replaceAll(/nonce(=|\\?":\\?)"?\\?"[\w+/=-]+/g, "nonce");
  const headers = [...response.headers].filter(([name]) => !["date", "x-request-id"].includes(name));
  return {
    status: response.status,
    headers: Object.fromEntries(headers.map(([name, value]) => [name, plain(value)])),
    body: plain(await response.text()),
  };
}
