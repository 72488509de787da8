import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openStore } from "#lib/data/store.ts";
import type { Clause } from "#lib/domain/charter-text.ts";
import { formatArchive, parseArchive } from "#lib/ledger/archive.ts";
import { entryLines, rebuildSignatories } from "#lib/ledger/charter-export.ts";
import { parseEntry } from "#lib/ledger/entry.ts";
import { sha256Hex } from "#lib/ledger/hash.ts";
import { parsePolicy } from "#lib/ledger/policy.ts";
import { checkExport } from "#server/cli/fsck.ts";
import { runVerifier } from "#server/cli/verifier.ts";
import { machineDoors } from "#server/cli/verifier-doors.ts";
import { findCluster } from "#server/database/embedded.ts";
import { axeFaults } from "#tests/support/axe.ts";
import { openBrowser, type TestBrowser } from "#tests/support/browser.ts";
import { PublicRecord } from "#tests/support/public-record.ts";
import { startServer, type TestServer } from "#tests/support/server.ts";
import { until } from "#tests/support/until.ts";

/** Words that would do something if anybody took them for markup. */
const payload = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>";

let server: TestServer;
let browser: TestBrowser;
let slug: string;
let pages: string[];

beforeAll(async () => {
  server = await startServer();
  browser = await openBrowser(server.url);
  const { charters } = await json("/api/v1/charters");
  slug = charters.find((one: { version: number }) => one.version === 2).slug;
  const { clauses } = await json(`/api/v1/charters/${slug}/versions/2`);
  const { signatories } = await json(`/api/v1/charters/${slug}/signatories`);
  const clause = clauses.find((one: { kind: string }) => one.kind === "clause");
  const charter = `/c/${slug}`;
  pages = [
    "/",
    "/charters",
    "/charters?q=nothing+like+it",
    charter,
    `${charter}/v/1`,
    `${charter}/signatories`,
    `${charter}/signatories?sort=nothing`,
    `${charter}/clauses/${clause.id}`,
    `${charter}/compare/1...2`,
    `${charter}/notifications`,
    `${charter}/join`,
    `${charter}/report`,
    `/o/${signatories[0].slug}`,
    "/verify",
    "/c/there-is-no-such-charter",
  ];
});
afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

test.each(["light", "dark"] as const)("axe finds no fault in any public page (%s)", async (colorScheme) => {
  const { context, page, errors } = await browser.visitor({ colorScheme });
  const faults: string[] = [];
  for (const address of pages) {
    await page.goto(address);
    for (const fault of await axeFaults(page)) faults.push(`${address} ${fault}`);
  }
  await context.close();
  expect(faults).toEqual([]);
  expect(errors).toEqual([]);
});

test("no public page is wider than a narrow screen", async () => {
  const { context, page } = await browser.visitor({ viewport: { width: 320, height: 640 } });
  const wide: string[] = [];
  for (const address of pages) {
    await page.goto(address);
    const beyond = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (beyond > 0) wide.push(`${address} by ${beyond} px`);
  }
  await context.close();
  expect(wide).toEqual([]);
});

test("every public page is whole without JavaScript, and carries no script", async () => {
  const { context, page } = await browser.visitor({ javaScriptEnabled: false });
  for (const address of pages) {
    const html = await (await fetch(server.url + address)).text();
    const scripts = (html.match(/<script\b[^>]*>/g) ?? []).filter((tag) => !tag.includes('type="application/ld+json"'));
    expect([address, scripts, / on[a-z]+="/.test(html)]).toEqual([address, [], false]);
    await page.goto(address);
    expect([address, await page.locator("main h1").count()]).toEqual([address, 1]);
    expect((await page.locator("main").innerText()).length, address).toBeGreaterThan(40);
  }
  await context.close();
});

test("a reader reaches the text, the list and a filter with the keyboard alone", async () => {
  const { context, page } = await browser.visitor();
  await page.goto(`/c/${slug}`);
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.getAttribute("href"))).toBe("#main");
  await page.getByRole("link", { name: "Signatories", exact: true }).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/c/${slug}/signatories`);
  await page.getByLabel("Name").focus();
  await page.keyboard.type("northlight");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/signatories?**q=northlight**");
  expect(await page.locator("tbody tr").count()).toBe(1);
  await context.close();
});

test("names and texts that look like markup are shown as they are written, and nothing of them runs", async () => {
  const hostile = await writeHostileCharter();
  // Pages that are kept hear of what another process wrote within a second.
  await until(async () => (await text("/charters")).includes("alert(1)"), {
    what: "the list to have it",
    everyMs: 100,
  });
  // Without the policy that forbids scripts: the escaping alone must hold.
  const { context, page, errors } = await browser.visitor({ bypassCSP: true });
  const dialogs: string[] = [];
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  for (const address of hostile.pages) {
    await page.goto(address);
    expect([address, await page.locator("img[src=x], script:not([type='application/ld+json'])").count()]).toEqual([
      address,
      0,
    ]);
    expect([address, (await page.locator("body").innerText()).includes(payload)]).toEqual([address, true]);
  }
  await context.close();
  expect([dialogs, errors]).toEqual([[], []]);
});

test("[10] as of the day before and the day after a withdrawal there are two lists, each the same whenever asked, and the name stays findable", async () => {
  const list = `/api/v1/charters/${slug}/signatories`;
  const { signatories } = await json(`${list}?status=withdrawn`);
  const [gone] = signatories;
  const withdrawsAt = Date.parse(gone.periods[0].withdrawsAt);
  const day = (days: number) => new Date(withdrawsAt + days * 86_400_000).toISOString().slice(0, 10);
  const before = await text(`${list}?asOf=${day(-1)}`);
  const after = await text(`${list}?asOf=${day(1)}`);
  expect(after).not.toBe(before);
  const count = (body: string) => JSON.parse(body).counts;
  expect(count(before).signatories - count(after).signatories).toBe(1);
  expect(count(after).withdrawn - count(before).withdrawn).toBe(1);
  expect(await text(`${list}?asOf=${day(-1)}`)).toBe(before);
  expect(await text(`${list}?asOf=${day(1)}`)).toBe(after);
  const found = await json(`${list}?q=${encodeURIComponent(gone.name)}`);
  expect(found.signatories.map((row: { name: string }) => row.name)).toEqual([gone.name]);
  expect(await text(`/c/${slug}/signatories?q=${encodeURIComponent(gone.name)}`)).toContain(gone.name);
});

test("[13] with two versions each signatory is shown with those it signed, and each version counts its own", async () => {
  const { versions } = await json(`/api/v1/charters/${slug}`);
  const { signatories } = await json(`/api/v1/charters/${slug}/signatories`);
  for (const version of versions) {
    const standing = signatories.filter((row: { periods: { version: number; status: string }[] }) =>
      row.periods.some((period) => period.version === version.number && period.status !== "withdrawn"),
    );
    expect([version.number, version.signatories]).toEqual([version.number, standing.length]);
  }
  const onlyOf = (number: number) =>
    signatories.filter((row: { versions: number[] }) => row.versions.join() === String(number));
  expect(onlyOf(1).length).toBeGreaterThan(0);
  expect(onlyOf(2).length).toBeGreaterThan(0);
});

test("the served verifier has the fingerprints that the page states, and finds the served log whole", async () => {
  const page = (await text("/verify")).replaceAll(/<[^>]+>|\s/g, "");
  const sums = await text("/verify/SHA256SUMS");
  for (const name of ["concordat.mjs", "verify.html"]) {
    const bytes = new Uint8Array(await (await fetch(`${server.url}/verify/${name}`)).arrayBuffer());
    expect(sums).toContain(`${sha256Hex(bytes)}  ${name}\n`);
    expect(page).toContain(sha256Hex(bytes));
  }
  const folder = await mkdtemp(join(tmpdir(), "concordat-log-"));
  const checkpoint = await text("/log/checkpoint");
  const size = Number(checkpoint.split("\n")[1]);
  const half = Math.floor(size / 2);
  const entries = (await text(`/log/entries?to=${half}`)) + (await text(`/log/entries?from=${half}&to=${size}`));
  await writeFile(join(folder, "entries"), entries);
  await writeFile(join(folder, "checkpoint"), checkpoint);
  await writeFile(join(folder, "policy"), await text("/log/policy"));
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  const files = [join(folder, "entries"), join(folder, "checkpoint"), "--policy", join(folder, "policy")];
  expect([runVerifier(["check", ...files], { ...machineDoors, print, write: print }), lines]).toEqual([
    0,
    [`The log has ${size} entries in good order and is the log of the checkpoint.`],
  ]);
  await rm(folder, { recursive: true });
});

test("the words behind a hash of the log are served, and beyond what is signed there is nothing", async () => {
  const { versions } = await json(`/api/v1/charters/${slug}`);
  const entries = (await text("/log/entries")).trimEnd().split("\n");
  const opened = entries
    .map((line) => JSON.parse(line))
    .find((entry) => entry.type === "version" && entry.versionSha256 === versions[0].sha256);
  const blob = await text(`/log/blob/${opened.clausesSha256}`);
  expect(sha256Hex(new TextEncoder().encode(blob))).toBe(opened.clausesSha256);
  expect((await fetch(`${server.url}/log/blob/${"0".repeat(64)}`)).status).toBe(404);
  expect((await fetch(`${server.url}/log/entries?from=${entries.length + 1}`)).status).toBe(400);
});

test("[11] from the export alone the verifier makes the list of signatories again, to the byte of the API's answer", async () => {
  const archive = await bytes(`/api/v1/charters/${slug}/export.zip`);
  const policy = parsePolicy(await text("/log/policy"));
  // Most of the demo's signatories signed by code, and nobody but the keeper vouches for the others' keys.
  expect(checkExport(archive, policy).exit).toBe(5);
  expect(checkExport(archive, null).exit).toBe(5);
  const files = parseArchive(archive);
  const read = (name: string) => files.get(name) ?? new Uint8Array();
  const { asOf } = JSON.parse(new TextDecoder().decode(read("export.json")));
  const rebuilt = rebuildSignatories(files, entryLines(read("log/entries")).map(parseEntry));
  expect(new TextDecoder().decode(rebuilt)).toBe(await text(`/api/v1/charters/${slug}/signatories?asOf=${asOf}`));
});

test.each([
  ["a name on the list", "signatories.json", "Northlight", "Southlight", "signatories.json is not the list"],
  ["a word of the text", "texts/1.json", "faults", "fault", "texts/1.json is not the text in the log"],
  ["a name in the log", "log/entries", "Northlight", "Southlight", "the entries are not the log of the checkpoint"],
  [
    "the id of a charter",
    "export.json",
    '"concordat/export/v2"',
    '"concordat/export/v3"',
    "export.json is not that of",
  ],
])("an export with %s changed is refused with the reason (11)", async (_what, name, from, to, reason) => {
  const files = parseArchive(await bytes(`/api/v1/charters/${slug}/export.zip`));
  const before = new TextDecoder().decode(files.get(name));
  const changed = before.replace(from, to);
  expect(changed).not.toBe(before);
  files.set(name, new TextEncoder().encode(changed));
  expect(() => checkExport(archiveOf(files), null)).toThrow(reason);
});

test("[11] an export from which a statement is missing is refused", async () => {
  const files = parseArchive(await bytes(`/api/v1/charters/${slug}/export.zip`));
  for (const name of [...files.keys()]) if (name.endsWith(".statement.txt")) files.delete(name);
  expect(() => checkExport(archiveOf(files), null)).toThrow(/has no acts\/\d+\.statement\.txt/);
});

function archiveOf(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  return formatArchive([...files].map(([name, content]) => ({ name, bytes: content })));
}

/** A public charter, written past every rule about names, with the payload wherever somebody may write words. */
async function writeHostileCharter(): Promise<{ pages: string[] }> {
  const cluster = await findCluster(server.dataFolder);
  if (!cluster) throw new Error("The server has no database.");
  const store = openStore(await cluster.database("concordat"), 2);
  try {
    const record = new PublicRecord(store);
    const openedAt = new Date("2025-03-01T10:00:00.000Z");
    const organization = await record.organization({ name: payload, sector: payload });
    const charter = await record.charter({ convenor: organization, purpose: payload, publishedAt: openedAt });
    const clause: Clause = {
      id: "abcdefabcdef",
      kind: "clause",
      level: 1,
      heading: payload,
      body: [{ kind: "p", text: payload }],
    };
    const version = await record.version(charter, { title: payload, clauses: [clause], openedAt });
    await record.sign(charter, version, organization, openedAt, { signedAs: payload, officerTitle: payload });
    const base = `/c/${charter.slug}`;
    const names = [base, `${base}/v/1`, `${base}/signatories`, `${base}/clauses/${clause.id}`, `${base}/notifications`];
    return { pages: ["/charters", ...names, `${base}/join`, `/o/${organization.slug}`] };
  } finally {
    await store.close();
  }
}

async function bytes(address: string): Promise<Uint8Array> {
  const response = await fetch(server.url + address);
  if (response.status !== 200) throw new Error(`${address} was answered with ${response.status}.`);
  return new Uint8Array(await response.arrayBuffer());
}

async function text(address: string): Promise<string> {
  const response = await fetch(server.url + address);
  if (response.status !== 200) throw new Error(`${address} was answered with ${response.status}.`);
  return response.text();
}

// biome-ignore lint/suspicious/noExplicitAny: answers of the API, whose shape is what these tests are about
async function json(address: string): Promise<any> {
  return JSON.parse(await text(address));
}
