import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CDPSession, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listening, signInAs, type Visitor } from "../support/browser.ts";
import { type LiveWorld, openLiveWorld } from "../support/live-world.ts";
import { startNameServer, type TestNameServer } from "../support/name-server.ts";
import { until } from "../support/until.ts";

const mirela = "Mirela Costa";
const wanjiru = "Wanjiru Kamau";
const ada = "Ada Brandt";

let world: LiveWorld;
let folder: string;
let names: TestNameServer;
beforeAll(async () => {
  names = await startNameServer();
  world = await openLiveWorld({ NAME_SERVER: names.address });
  folder = await mkdtemp(join(tmpdir(), "concordat-receipts-"));
});
afterAll(async () => {
  await world?.close();
  await names?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

test("[14] an officer enrols a passkey and signs with it by the keyboard alone, and the receipt is valid offline", async () => {
  const { versionId } = await world.openCharter(ada, "Accord on Keeping Promises", { kind: "now" });
  const { page, context, errors } = await officer(mirela);
  const devtools = await context.newCDPSession(page);
  await plugInPasskey(devtools);
  const { organizationId } = (await world.as(mirela)).actor;

  await page.goto(`/keys/${organizationId}`);
  const since = new Date();
  await press(page, "Enrol a signing passkey");
  await page.locator("input[name=code]:focus").waitFor();
  await page.keyboard.type(await world.codeSentTo(mirela, "to enrol a signing key", since));
  await page.keyboard.press("Enter");
  await page.getByText("The signing key is enrolled").waitFor();

  await page.goto(`/sign/${versionId}`);
  await tabTo(page, "Type the name of the organization you sign for");
  await page.keyboard.type("Northlight GmbH");
  await page.keyboard.press("Enter");
  await confirmed(page);
  await tabTo(page, "I have read version 1");
  await page.keyboard.press("Space");
  await press(page, "Continue");
  await heading(page, "Your answer");
  await press(page, "Sign");
  await heading(page, "How you will appear");
  await tabTo(page, "A statement for publication");
  await page.keyboard.type("We keep ours.");
  await press(page, "Continue");
  await heading(page, "Confirm");
  await page.getByText("Your browser checked the fingerprint").waitFor();
  await press(page, "Sign for Northlight GmbH");
  await page.waitForURL(/\/receipts\//);
  await page.getByText("It is in the record.").waitFor();
  expect(errors).toEqual([]);

  const receipt = await downloadReceipt(page);
  expect(verify(receipt)).toMatchObject({ status: 5 });
  expect(verify(receipt).stdout).toContain("Northlight GmbH");
  const text = await readFile(receipt, "utf8");
  const spoilt = join(folder, "spoilt.json");
  await writeFile(spoilt, text.replace("We keep what we promise", "We keep what he promise"));
  expect(verify(spoilt).status).toBe(2);
  await context.close();
});

test("an officer reserves a clause, the depositary examines it, the public reads it, and the officer narrows it; the back button signs nothing twice", async () => {
  const opening = { kind: "now" } as const;
  const policy = { reservationPolicy: "any-clause" } as const;
  const { charterId, versionId } = await world.openCharter(ada, "Accord on Reservations", opening, policy);
  const { page, context, errors } = await officer(mirela);
  const since = new Date();
  await page.goto(`/sign/${versionId}`);
  await listening(page, "Continue");
  await page.getByLabel("Type the name of the organization you sign for").fill("Northlight GmbH");
  await page.getByRole("button", { name: "Continue" }).click();
  await confirmed(page);
  await page.getByLabel(/^I have read version/).check();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Sign", exact: true }).click();
  await heading(page, "What you accept");
  await page.getByLabel("Reserve clause 1.1").check();
  await page.getByLabel("Your reservation to clause 1.1").fill("We promise less. And only in spring.");
  await page.getByRole("button", { name: "Continue" }).click();
  await heading(page, "How you will appear");
  // Back by the browser and forth again: nothing that was typed is lost.
  await page.goBack();
  await heading(page, "What you accept");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("A declaration on how you understand the text").fill("We read it kindly.");
  await page.getByRole("button", { name: "Continue" }).click();
  await heading(page, "Confirm");
  await page.getByText("And only in spring.").waitFor();
  await page.getByLabel("Six digits by mail").check();
  await page.getByRole("button", { name: "Send me the code" }).click();
  await page.getByLabel("The code of the mail").fill(await world.codeSentTo(mirela, "Northlight", since));
  await page.getByRole("button", { name: "Sign for Northlight GmbH" }).dblclick();
  await page.waitForURL(/\/receipts\//);
  await page.getByText("The signature waits for the depositary.").waitFor();
  const receipt = page.url();
  await page.goto(`/sign/${versionId}`);
  await page.getByText("You have signed").waitFor();

  const keeper = await world.browser.visitor();
  await signInAs(keeper.page, ada);
  await keeper.page.goto(`/drafts/${charterId}/signing`);
  await keeper.page.getByText("We promise less.").waitFor();
  await keeper.page.getByRole("button", { name: "It is in due form" }).click();
  await keeper.page.getByRole("heading", { name: "To examine" }).waitFor({ state: "detached" });
  const { slug } = await world.store.db.charter.findUniqueOrThrow({ where: { id: charterId } });
  await keeper.page.goto(`/c/${slug}/signatories`);
  await keeper.page.getByText("with 1 reservation").click();
  await keeper.page.getByText("And only in spring.").waitFor();
  await keeper.page.goto(`/c/${slug}`);
  await keeper.page.getByRole("link", { name: "1 signatory reserves this clause." }).click();
  await keeper.page.getByRole("heading", { name: "Reservations" }).waitFor();

  // Words typed before the page's script has come would be shown and not sent: the field waits for it.
  const release = await holdScripts(page);
  await page.goto(`${receipt.split("?")[0]}/narrow`, { waitUntil: "commit" });
  const reserved = page.getByLabel("Your reservation to clause 1.1");
  await reserved.waitFor();
  expect(await reserved.isDisabled()).toBe(true);
  release();
  await reserved.fill("We promise less.");
  await page.getByLabel("Six digits by mail").check();
  const again = new Date();
  await page.getByRole("button", { name: "Send me the code" }).click();
  await page.getByLabel("The code of the mail").fill(await world.codeSentTo(mirela, "Northlight", again));
  await page.getByRole("button", { name: "Narrow for Northlight GmbH" }).click();
  await page.getByRole("heading", { name: "Reservations narrowed" }).waitFor();
  await keeper.page.reload();
  await until(
    async () => {
      await keeper.page.reload();
      return (await keeper.page.getByText("And only in spring.").count()) === 0;
    },
    { what: "the narrowed words in public" },
  );
  expect([...errors, ...keeper.errors]).toEqual([]);
  await context.close();
  await keeper.context.close();
});

test("a passkey that the DNS names approves the organization's own key, which signs on another machine and is valid by the reader's policy", async () => {
  const { versionId } = await world.openCharter(ada, "Accord on Own Keys", { kind: "now" });
  const { page, context, errors } = await officer(wanjiru);
  await plugInPasskey(await context.newCDPSession(page));
  const { organizationId } = (await world.as(wanjiru)).actor;
  const organization = await world.store.db.organization.findUniqueOrThrow({
    where: { id: organizationId ?? "" },
    include: { domains: true },
  });

  await page.goto(`/keys/${organization.id}`);
  const confirmKey = async (since: Date) => {
    const code = page.getByLabel("The code of the mail");
    await code.waitFor();
    await code.fill(await world.codeSentTo(wanjiru, "to enrol a signing key", since));
    await page.getByRole("button", { name: "Confirm the key" }).click();
  };
  const asked = new Date();
  await page.getByRole("button", { name: "Enrol a signing passkey" }).click();
  await confirmKey(asked);
  await page.getByText("The signing key is enrolled").waitFor();
  await page.getByText("Let your domain name it").click();
  const record = (await page.locator("pre", { hasText: "v=1; k=" }).first().innerText()).trim();
  names.records.set(`_concordat.${organization.domains[0]?.domain}`, [record]);
  await page.getByRole("button", { name: "Look now" }).click();
  await page.getByText("Named in the DNS of the organization’s domain.").waitFor();

  const keyFile = join(folder, "own.pem");
  const made = concordat("key", keyFile).stdout;
  await page.getByLabel("Public key").fill(/base64\): (\S+)/.exec(made)?.[1] ?? "");
  await page.getByRole("button", { name: "Go on" }).click();
  await bringBack(page, keyFile);
  const askedAgain = new Date();
  await page.getByRole("button", { name: "Enrol the key" }).click();
  await confirmKey(askedAgain);
  await page.getByText("It signs once an enrolled key approves it").waitFor();
  await page.getByRole("button", { name: /^Approve it with/ }).click();
  await page.getByText("Approved by an enrolled key").waitFor();

  await world.toConfirm(page, versionId, organization.legalName);
  await page.getByLabel(/^Your organization’s own key/).check();
  await page.getByRole("button", { name: "Write the statement" }).click();
  await bringBack(page, keyFile);
  await page.getByRole("button", { name: `Sign for ${organization.legalName}` }).click();
  await page.waitForURL(/\/receipts\//);
  await page.getByText("Class A′").waitFor();
  expect(errors).toEqual([]);

  const receipt = await downloadReceipt(page);
  const { log } = JSON.parse(await readFile(receipt, "utf8"));
  const policy = join(folder, "policy.txt");
  const key = /k=([0-9a-f]{64})/.exec(made)?.[1];
  await writeFile(policy, `log ${log}\norganization ${organization.id} ${key}\nquorum none\n`);
  const verdict = concordat("verify", receipt, "--policy", policy);
  expect(verdict).toMatchObject({ status: 3, stdout: expect.stringContaining("Valid, not witnessed") });
  expect(verdict.stdout).toContain("approved by an enrolled key of the organization");
  await context.close();
});

test("two officers press at once: one signs, the other is led to the receipt of the first", async () => {
  await makeOfficer(ada);
  const { versionId } = await world.openCharter(ada, "Accord on Answering Letters", { kind: "now" });
  const people = await Promise.all([mirela, ada].map((name) => officer(name)));
  for (const [at, { page }] of people.entries()) {
    await world.toConfirm(page, versionId, "Northlight");
    await page.getByLabel("Six digits by mail").check();
    const since = new Date(Date.now() - 1000);
    await page.getByRole("button", { name: "Send me the code" }).click();
    const code = await world.codeSentTo(at === 0 ? mirela : ada, "confirm for Northlight", since);
    await page.getByLabel("The code of the mail").fill(code);
  }
  await Promise.all(people.map(({ page }) => page.getByRole("button", { name: "Sign for Northlight GmbH" }).click()));

  const isDone = ({ page }: Visitor) => page.url().includes("/receipts/");
  await until(() => people.some(isDone), { what: "one to sign" });
  const late = people.find((one) => !isDone(one));
  if (!late) throw new Error("Both signed.");
  await late.page.getByText("A colleague has signed already").waitFor();
  await late.page.getByRole("link", { name: "Open the receipt" }).click();
  await late.page.waitForURL(/\/receipts\//);
  const [first] = await world.store.db.signature.findMany({ where: { versionId } });
  expect(late.page.url()).toContain(first?.signActId);
  expect(await world.store.db.signature.count({ where: { versionId } })).toBe(1);
  expect(people.flatMap((one) => one.errors)).toEqual([]);

  const signed = people.find(isDone)?.page ?? late.page;
  await signed.goto(`/sign/${versionId}`);
  await signed.getByText(/(You have|A colleague has) signed already|You have signed/).waitFor();
  expect(await signed.getByRole("button", { name: "Decline" }).count()).toBe(0);
  const again = await world.store.db.signature.findMany({ where: { versionId } });
  expect(again).toEqual([first]);
  await Promise.all(people.map(({ context }) => context.close()));
});

test("an officer is shown what a corrected copy changes, endorses it with a code, and a newcomer is told of it before it signs the text", async () => {
  const { versionId, sha256 } = await world.store.db.correction.findFirstOrThrow({ where: { state: "PUBLISHED" } });
  const { organizationId } = (await world.as(mirela)).actor;
  const { signActId } = await world.store.db.signature.findFirstOrThrow({
    where: { versionId, organizationId: organizationId ?? "", status: "EFFECTIVE" },
  });
  const { page, context, errors } = await officer(mirela);
  await page.goto(`/receipts/${signActId}`);
  await page.getByRole("link", { name: "Endorse the corrected copy" }).click();
  await page.getByRole("heading", { name: "Endorse the corrected copy" }).waitFor();
  await page.getByText("Your browser checked the fingerprint").waitFor();
  await page.getByLabel("Six digits by mail").check();
  const since = new Date();
  await page.getByRole("button", { name: "Send me the code" }).click();
  await page.getByLabel("The code of the mail").fill(await world.codeSentTo(mirela, "Northlight", since));
  await page.getByRole("button", { name: "Endorse for Northlight GmbH" }).click();
  await page.getByRole("heading", { name: "Endorsement of a correction" }).waitFor();
  await page.getByText("It is in the record.").waitFor();
  const endorsed = await world.store.db.act.findFirstOrThrow({ where: { versionId, kind: "endorse-correction" } });
  expect(page.url()).toContain(endorsed.id);
  expect(endorsed.payload).toMatchObject({ versionSha256: Buffer.from(sha256).toString("hex"), signActId });
  expect(errors).toEqual([]);
  await context.close();

  const newcomer = await officer(wanjiru);
  await newcomer.page.goto(`/sign/${versionId}`);
  await listening(newcomer.page, "Continue");
  await newcomer.page.getByText(`You, ${wanjiru}, sign for`).waitFor();
  const name = await world.store.db.organization.findUniqueOrThrow({
    where: { id: (await world.as(wanjiru)).actor.organizationId ?? "" },
  });
  await newcomer.page.getByLabel("Type the name of the organization you sign for").fill(name.legalName);
  await newcomer.page.getByRole("button", { name: "Continue" }).click();
  await newcomer.page.getByText("A corrected copy of this text was published").waitFor();
  await confirmed(newcomer.page);
  await newcomer.page.getByLabel(/^I have read version/).check();
  await newcomer.page.getByRole("button", { name: "Continue" }).click();
  // Another answer is left by the browser's back button, and its heading with it.
  await newcomer.page.getByRole("button", { name: "Not now" }).click();
  await heading(newcomer.page, "Not now");
  await newcomer.page.goBack();
  await heading(newcomer.page, "Your answer");
  await newcomer.page.goBack();
  await heading(newcomer.page, "The text");
  await confirmed(newcomer.page);
  // Signed out in another tab: what is wrong is said, and nothing typed is lost.
  await newcomer.context.clearCookies();
  await newcomer.page.getByRole("button", { name: "Continue" }).click();
  await newcomer.page.getByText("You are signed out.").waitFor();
  const again = await newcomer.context.newPage();
  await signInAs(again, wanjiru);
  await newcomer.page.getByRole("button", { name: "Check again" }).click();
  await confirmed(newcomer.page);
  expect(await newcomer.page.getByLabel(/^I have read version/).isChecked()).toBe(true);
  await newcomer.context.close();
});

test("words that were changed on the screen stop the ceremony before anything is signed", async () => {
  const { versionId } = await world.openCharter(ada, "Accord on Reading First", { kind: "now" });
  const { page, context } = await officer(mirela);
  await page.goto(`/sign/${versionId}`);
  await page.getByLabel("Type the name of the organization you sign for").fill("Northlight");
  await page.getByRole("button", { name: "Continue" }).click();
  await confirmed(page);
  await page
    .locator(".charter-text p")
    .first()
    .evaluate((paragraph) => {
      paragraph.textContent = "We keep nothing.";
    });
  await page.getByLabel(/^I have read version 1/).check();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByText("The text could not be confirmed").waitFor();
  expect(await page.getByTestId("text-check").innerText()).toContain("other words than are signed");
  expect(await page.getByRole("button", { name: "Continue" }).isDisabled()).toBe(true);
  await context.close();
});

/** Keeps the page's scripts on their way, as a slow network does, until they are released. */
async function holdScripts(page: Page): Promise<() => void> {
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(/\/_next\/static\/.*\.js/, async (route) => {
    await gate;
    await route.continue();
  });
  return () => release();
}

async function officer(name: string): Promise<Visitor> {
  const visitor = await world.browser.visitor();
  await signInAs(visitor.page, name);
  return visitor;
}

async function makeOfficer(name: string): Promise<void> {
  const { actor, db, now } = await world.as(name);
  const organizationId = actor.organizationId ?? "";
  const userId = actor.userId;
  await db.membership.updateMany({ where: { userId, organizationId }, data: { roles: { push: "signing-officer" } } });
  await db.signingMandate.create({
    data: { organizationId, userId, title: "Head of Public Policy", grantedBy: userId, from: now },
  });
}

async function plugInPasskey(devtools: CDPSession): Promise<void> {
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

async function heading(page: Page, name: string): Promise<void> {
  await page.getByRole("heading", { name, exact: true }).waitFor();
}

async function confirmed(page: Page): Promise<void> {
  await page.getByText("Your browser computed the fingerprint itself").waitFor();
}

/** Presses Tab until the control with these words has the focus. */
async function tabTo(page: Page, words: string): Promise<void> {
  const isThere = () =>
    page.evaluate((wanted) => {
      const focused = document.activeElement;
      if (!(focused instanceof HTMLElement) || focused === document.body || focused.tagName === "H2") return false;
      const isField = focused instanceof HTMLInputElement || focused instanceof HTMLTextAreaElement;
      const name = isField ? focused.labels?.[0]?.innerText : focused.innerText;
      return name?.trim().startsWith(wanted) ?? false;
    }, words);
  // What waits for the page's scripts takes no focus yet.
  await until(async () => (await page.locator(".unheard").count()) === 0, { what: "the page to listen" });
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press("Tab");
    if (await isThere()) return;
  }
  throw new Error(`The Tab key never reached “${words}”.`);
}

async function press(page: Page, words: string): Promise<void> {
  await tabTo(page, words);
  await page.keyboard.press("Enter");
}

/** Waits until the log is signed over the act, and keeps the receipt as a file. */
async function downloadReceipt(page: Page): Promise<string> {
  const link = page.getByRole("link", { name: "Download receipt.json" });
  await until(
    async () => {
      await page.goto(page.url());
      return (await link.count()) === 1;
    },
    { what: "the proof", everyMs: 100 },
  );
  const answer = await page.request.get((await link.getAttribute("href")) ?? "");
  const file = join(folder, "receipt.json");
  await writeFile(file, await answer.body());
  return file;
}

function verify(receipt: string): { status: number | null; stdout: string } {
  return concordat("verify", receipt);
}

/** Signs the statement on the page with the program, as on another machine, and brings the note back. */
async function bringBack(page: Page, keyFile: string): Promise<void> {
  await page.getByText("Read the statement", { exact: true }).click();
  const statement = join(folder, "statement.txt");
  await writeFile(statement, (await page.locator("details pre", { hasText: "/v1" }).last().textContent()) ?? "");
  const { stdout, status } = concordat("sign", statement, "--key", keyFile);
  expect(status).toBe(0);
  await page.getByRole("textbox", { name: "Signed note" }).fill(stdout);
}

function concordat(...args: string[]): { status: number | null; stdout: string } {
  const program = join("public", "verify", "concordat.mjs");
  return spawnSync(process.execPath, [program, ...args], { encoding: "utf8" });
}
