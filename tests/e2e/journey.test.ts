import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser, signInAs, type TestBrowser } from "#tests/support/browser.ts";
import { settled, untilSaved } from "#tests/support/editor-page.ts";
import { startServer, type TestServer } from "#tests/support/server.ts";
import { until } from "#tests/support/until.ts";

// The whole main job, as the people concerned do it: two organizations that nobody knows yet, and a reader without account.

let server: TestServer;
let chromium: TestBrowser;
beforeAll(async () => {
  server = await startServer();
  chromium = await openBrowser(server.url);
});
afterAll(async () => {
  await chromium?.close();
  await server?.remove();
});

type Officer = { readonly mail: string; readonly name: string; readonly legalName: string };
const aster = { mail: "helena@aster.example", name: "Helena Frost", legalName: "Aster Instruments Oy", country: "FI" };
const borealis = {
  mail: "pavel@borealis.example",
  name: "Pavel Dvorak",
  legalName: "Borealis Bank a.s.",
  country: "CZ",
};
const title = "Charter on Plain Notices";
const draft = `# ${title}

Notices are written to be understood.

## Commitments

1. We write each notice so that those it concerns can follow it.
2. We answer questions about a notice within ten days.
`;

test("two organizations draft, agree, sign and publish a charter, and a reader without account or script finds all of it", async () => {
  const [a, b] = [await chromium.visitor(), await chromium.visitor()];
  // What is asked once more is meant.
  for (const { page } of [a, b]) page.on("dialog", (dialog) => void dialog.accept());
  await signInByMail(a.page, aster.mail);
  await signInByMail(b.page, borealis.mail);
  await foundOrganization(a.page, aster);
  await foundOrganization(b.page, borealis);
  await verifyAll();

  const charterPath = await openCharter(a.page);
  await invite(a.page, charterPath, borealis);
  await acceptInvitation(b.page);
  await acknowledge(b.page, charterPath);
  await writeTogether(a.page, b.page, charterPath);

  await a.page.goto(`${charterPath}/candidate`);
  await submit(a.page, "Freeze this text");
  await a.page.getByRole("heading", { name: "Adoption" }).waitFor();
  const candidateText = await a.page.locator(".charter-text").innerText();
  expect(candidateText).toContain("clearly and without haste");
  expect(candidateText).toContain("and in their own language");
  for (const [page, name] of [
    [a.page, aster.legalName],
    [b.page, borealis.legalName],
  ] as const) {
    await page.goto(`${charterPath}/candidate`);
    await page.locator("input[value=AGREE]").check();
    await submit(page, `Record for ${name}`);
    await page.getByText(/Agree/).first().waitFor();
  }
  await a.page.goto(`${charterPath}/candidate`);
  await submit(a.page, "Adopt this text");
  await a.page.goto(`${charterPath}/signing`);
  await submit(a.page, "Open for signature now");

  await until(async () => (await publicPath()) !== undefined, { what: "the charter to be public", everyMs: 100 });
  const slug = await publicPath();
  await a.page.goto(`${slug}`);
  const fingerprint = await fingerprintOn(a.page);

  const versionId = await versionToSign(a.page, charterPath);
  await sign(a.page, versionId, aster, fingerprint);
  await sign(b.page, versionId, borealis, fingerprint);
  expect([...a.errors, ...b.errors]).toEqual([]);

  const reader = await chromium.visitor({ javaScriptEnabled: false });
  await reader.page.goto(`${slug}`);
  const text = await reader.page.locator(".charter-text").innerText();
  expect(text).toContain("clearly and without haste");
  expect(text).toContain("and in their own language");
  expect(await fingerprintOn(reader.page)).toBe(fingerprint);
  expect(await reader.page.locator("body").innerText()).toMatch(/2 signatories/);
  await reader.page.goto(`${slug}/signatories`);
  const rows = await reader.page.locator("tbody tr").allInnerTexts();
  expect(rows).toHaveLength(2);
  expect(rows.join("\n")).toContain(aster.legalName);
  expect(rows.join("\n")).toContain(borealis.legalName);
  const list = (await (await fetch(`${server.url}${slug}/signatories.json`)).json()) as { signatories?: unknown[] };
  expect(list.signatories).toHaveLength(2);

  await reader.page.goto(`${slug}`);
  const clause = await reader.page.locator(".clause", { hasText: "without haste" }).getAttribute("id");
  await reader.page.goto(`${slug}/clauses/${clause?.slice(2)}`);
  expect(await reader.page.locator("main").innerText()).toMatch(/version 1/i);
  await reader.page.goto(`${slug}/notifications`);
  expect(await reader.page.locator("main").innerText()).toContain(borealis.legalName);
});

async function submit(page: Page, name: string): Promise<void> {
  const answered = page.waitForResponse((response) => response.request().method() === "POST");
  await page.getByRole("button", { name, exact: true }).click();
  await answered;
  await page.locator("button[aria-busy=true]").waitFor({ state: "detached" });
  const refused = page.getByRole("alert").filter({ hasText: "That did not work" });
  if (await refused.count()) throw new Error(`${name}: ${await refused.first().innerText()}`);
}

/** The newest mail to an address, as its page shows it. */
async function mailTo(email: string, subject: RegExp): Promise<Page> {
  const { page } = await chromium.visitor();
  await until(
    async () => {
      await page.goto(`/dev/mail?to=${encodeURIComponent(email)}`);
      return subject.test(await page.locator("main").innerText());
    },
    { what: `a mail to ${email}: ${subject}` },
  );
  return page;
}

async function codeFor(email: string, subject: RegExp): Promise<string> {
  const inbox = await mailTo(email, subject);
  const code = (await inbox.locator("main").innerText()).match(/\b(\d{6}|\d{3} \d{3})\b/)?.[1];
  await inbox.context().close();
  if (!code) throw new Error(`The mail to ${email} has no code.`);
  return code;
}

async function signInByMail(page: Page, email: string): Promise<void> {
  await page.goto("/signin");
  await page.getByLabel("Mail address").fill(email);
  await page.getByRole("button", { name: "Send me a code" }).click();
  await page.waitForURL(/signin\/check/);
  await page.getByLabel("Code").fill(await codeFor(email, /code/i));
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/home/);
}

async function foundOrganization(page: Page, organization: typeof aster): Promise<void> {
  await page.goto("/organizations/new");
  await page.getByLabel("Legal name").fill(organization.legalName);
  await page.getByLabel("Display name").fill(organization.legalName);
  await page.getByLabel("Country of registration").selectOption(organization.country);
  await page.getByLabel("What it is").selectOption("company");
  await page.getByLabel("Sector").fill("Instruments");
  await submit(page, "Add the organization");
  await page.waitForURL(/organizations\/[0-9a-f-]{36}/);
  const here = page.url();
  // The founder is its first admin; that the same person also signs is for the organization to say.
  await page.getByText("(you)").click();
  for (const role of ["representative", "drafter", "signing-officer"]) {
    await page.locator(`input[name=roles][value=${role}]:visible`).first().check();
  }
  await submit(page, "Save the roles");
  await page.goto(here);
  await page.getByLabel("Title", { exact: true }).fill("Managing Director");
  await page.getByLabel("What it rests on").fill("Entry in the register of companies.");
  await submit(page, "Record the mandate");
  await page.getByLabel("What shows who you are").fill("Extract of the register of companies, number 12345.");
  await submit(page, "Hand in the evidence");
}

async function verifyAll(): Promise<void> {
  const operator = await chromium.visitor();
  await signInAs(operator.page, "Robin Okoye", "/operator");
  for (const { legalName } of [aster, borealis]) {
    const review = operator.page.locator("article").filter({ hasText: legalName });
    await review.getByLabel("What the decision rests on").fill("The extract agrees with the register.");
    await review.getByRole("button", { name: "Verify", exact: true }).click();
    await review.waitFor({ state: "detached" });
    await operator.page.goto("/operator");
  }
  await operator.context.close();
}

async function openCharter(page: Page): Promise<string> {
  await page.goto("/drafts/new?template=import");
  await page.getByLabel("Markdown").first().fill(draft);
  await submit(page, "Create the charter");
  await page.waitForURL(/drafts\/[0-9a-f-]{36}/);
  const path = new URL(page.url()).pathname.split("/").slice(0, 3).join("/");
  await page.goto(`${path}/policy`);
  await submit(page, "Fix this policy and open drafting");
  return path;
}

async function invite(page: Page, charterPath: string, guest: typeof borealis): Promise<void> {
  await page.goto(`${charterPath}/people`);
  await page.getByLabel("Legal name of the organization").fill(guest.legalName);
  await page.getByLabel("Mail address of the contact").fill(guest.mail);
  await submit(page, "Send the invitation");
}

async function acceptInvitation(page: Page): Promise<void> {
  const inbox = await mailTo(borealis.mail, /invite/i);
  const path = (await inbox.locator("main").innerHTML()).match(/\/drafts\/invitations\/[0-9a-f-]{36}/)?.[0];
  await inbox.context().close();
  if (!path) throw new Error("The invitation has no link.");
  await page.goto(path);
  await submit(page, "Take part");
}

async function acknowledge(page: Page, charterPath: string): Promise<void> {
  await page.goto(`${charterPath}/policy`);
  await submit(page, "I have read this");
}

/** Both write into the first commitment at once; both texts arrive on both screens, and both are told that they are saved. */
async function writeTogether(a: Page, b: Page, charterPath: string): Promise<void> {
  for (const page of [a, b]) {
    await page.goto(`${charterPath}/edit`);
    await page.getByRole("textbox", { name: "Text of the charter" }).waitFor();
  }
  await putCaretAfter(a, "We write each notice");
  await putCaretAfter(b, "can follow it");
  await Promise.all([
    a.keyboard.type(" clearly and without haste", { delay: 15 }),
    b.keyboard.type(" and in their own language", { delay: 15 }),
  ]);
  for (const page of [a, b]) {
    await until(
      async () => {
        const text = await wordsOf(page);
        return Boolean(
          text.includes("We write each notice clearly and without haste so that") &&
            text.includes("can follow it and in their own language."),
        );
      },
      { what: "both texts on both screens" },
    );
    await untilSaved(page, "both texts to be saved");
  }
  await until(async () => (await a.getByTestId("presence").innerText()).includes("Borealis"), {
    what: "the other one",
  });
}

/** The words of the draft, without the labels of the others' carets among them. */
async function wordsOf(page: Page): Promise<string> {
  return page.locator("[role=textbox][contenteditable=true]").evaluate((surface) => {
    const copy = surface.cloneNode(true);
    if (copy instanceof Element) for (const caret of copy.querySelectorAll(".remote-caret")) caret.remove();
    return copy.textContent?.replaceAll("\u2060", "") ?? "";
  });
}

/** Puts the caret behind words, again if need be: in the 20 ms behind a focus, ProseMirror puts it back where it was. */
async function putCaretAfter(page: Page, words: string): Promise<void> {
  const isThere = () =>
    page.evaluate((wanted) => {
      const { anchorNode, anchorOffset = 0 } = getSelection() ?? {};
      return anchorNode?.textContent?.slice(0, anchorOffset).endsWith(wanted) ?? false;
    }, words);
  await until(
    async () => {
      await collapseAfter(page, words);
      await settled(page);
      return isThere();
    },
    { what: `the caret to stay behind “${words}”` },
  );
}

async function collapseAfter(page: Page, words: string): Promise<void> {
  await page.evaluate((wanted) => {
    const surface = document.querySelector<HTMLElement>("[role=textbox][contenteditable=true]");
    const walker = document.createTreeWalker(surface ?? document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const start = node.textContent?.indexOf(wanted) ?? -1;
      if (start < 0) continue;
      surface?.focus();
      getSelection()?.collapse(node, start + wanted.length);
      return;
    }
    throw new Error(`The text has no words “${wanted}”.`);
  }, words);
}

async function publicPath(): Promise<string | undefined> {
  const page = await (await fetch(`${server.url}/charters`)).text();
  return page.match(/\/c\/charter-on-plain-notices[a-z0-9-]*/)?.[0];
}

async function fingerprintOn(page: Page): Promise<string> {
  const code = page.locator("code[title]").first();
  return (await code.getAttribute("title")) ?? "";
}

async function versionToSign(page: Page, charterPath: string): Promise<string> {
  await page.goto(`${charterPath}/signing`);
  const href = (await page.locator("main").innerHTML()).match(/\/sign\/[0-9a-f-]{36}/)?.[0];
  if (!href) throw new Error("The signing page leads to no ceremony.");
  return href;
}

async function sign(page: Page, path: string, { mail, name, legalName }: Officer, fingerprint: string): Promise<void> {
  await page.goto(path);
  await page.getByLabel("Your own name").fill(name);
  await page.getByLabel("Type the name of the organization you sign for").fill(legalName);
  await page.getByRole("button", { name: "Continue" }).click();
  expect(await fingerprintOn(page)).toBe(fingerprint);
  await page.getByLabel(/I have read version 1/).check();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Sign", exact: true }).click();
  await page.getByRole("button", { name: "Continue" }).click();
  const last = page.getByRole("button", { name: `Sign for ${legalName}` });
  await until(async () => (await last.count()) + (await page.getByRole("button", { name: /code/i }).count()) > 0, {
    what: "the last step",
  });
  const send = page.getByRole("button", { name: /code/i });
  if (await send.count()) await send.first().click();
  await page.getByLabel(/code/i).fill(await codeFor(mail, /confirm for/i));
  await last.click();
  await page.waitForURL(/\/receipts\//);
}
