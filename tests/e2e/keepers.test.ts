import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseCanonicalVersion } from "#lib/ledger/canonical-version.ts";
import { listening, signInAs, type Visitor } from "../support/browser.ts";
import { type LiveWorld, openLiveWorld } from "../support/live-world.ts";

const ada = "Ada Brandt";
const priya = "Priya Raman";
const robin = "Robin Okoye";

let world: LiveWorld;
beforeAll(async () => {
  world = await openLiveWorld();
});
afterAll(() => world?.close());

async function signedIn(name: string): Promise<Visitor> {
  const visitor = await world.browser.visitor();
  visitor.page.on("dialog", (dialog) => void dialog.accept());
  await signInAs(visitor.page, name);
  return visitor;
}

/** The line that is read out and has the focus, since the form that said it is gone. */
async function saidAndFocused(page: Page, words: string): Promise<void> {
  await page.locator("[role=status].said:focus", { hasText: words }).waitFor();
}

async function publicCharter() {
  const { id, slug } = await world.store.db.charter.findFirstOrThrow({ where: { visibility: "PUBLIC" } });
  return { charterId: id, slug: slug ?? "" };
}

test("a depositary who disputes and settles a signature, and takes a correction back, hears of each that it is done", async () => {
  const { charterId, slug } = await publicCharter();
  const { page, context, errors } = await signedIn(ada);
  await page.goto(`/drafts/${charterId}/signing?q=Meridian#record`);
  await listening(page, "Search");
  await page.getByText("Meridian Cloud Ltd, version 2").click();
  await page.getByLabel("What is to be looked into").first().fill("The officer writes that it was a mistake.");
  await page.getByRole("button", { name: "Put it under review" }).first().click();
  await saidAndFocused(page, "The list shows it as disputed");
  await page.getByLabel("Why it stands").fill("The board confirmed the signature.");
  await page.getByRole("button", { name: "The signature stands" }).click();
  await saidAndFocused(page, "The signature stands; the organization gets a mail.");

  await page.goto(`/drafts/${charterId}/corrections`);
  await listening(page, "Propose the correction");
  const form = page.locator("form", { hasText: "The words that are wrong" }).first();
  const { canonical } = await world.store.db.charterVersion.findFirstOrThrow({ where: { charterId, number: 2 } });
  // The longest words of a clause stand in it once.
  const { clauses } = parseCanonicalVersion(canonical).text;
  const clause = clauses.find((one) => (one.body[0]?.text ?? "").length > 40);
  const wrong = clause?.body[0]?.text ?? "";
  await form.getByLabel("Clause").selectOption(clause?.id ?? "");
  await form.getByLabel("The words that are wrong").fill(wrong);
  await form.getByLabel("The words that belong there").fill(`${wrong} always`);
  await form.getByLabel("Reason").fill("A word was left out when it was typed.");
  await form.getByRole("button", { name: "Propose the correction" }).click();
  await saidAndFocused(page, "It is proposed; every organization that signed gets a mail.");
  await page.getByText("Take it back").click();
  await page.getByLabel("Why it is taken back").fill("The words were right after all.");
  await page.getByRole("button", { name: "Take the correction back" }).click();
  await saidAndFocused(page, "It is taken back, and the text stays as it is");
  await page.goto(`/c/${slug}/v/2/corrections`);
  await page.getByText("taken back", { exact: true }).waitFor();
  await page.getByText("Northlight GmbH: The words were right after all.").waitFor();
  expect(errors).toEqual([]);
  await context.close();
});

test("a convenor hands its role to another organization at the table, which accepts it", async () => {
  const charterId = await world.openDraft(ada, "Accord on Handing Over");
  const { organizationId } = (await world.as(priya)).actor;
  await world.store.db.participant.create({ data: { charterId, organizationId: organizationId ?? "" } });
  const from = await signedIn(ada);
  await from.page.goto(`/drafts/${charterId}/people#convening`);
  // What is folded is found once it is opened.
  await from.page.getByText("Hand the role over").click();
  await listening(from.page, "Offer the role");
  await from.page.getByLabel("To", { exact: true }).selectOption({ label: "Meridian Cloud" });
  await from.page.getByLabel("Why").fill("Our secretariat closes at the end of the month.");
  await from.page.getByRole("button", { name: "Offer the role" }).click();
  await saidAndFocused(from.page, "It is offered; both organizations get a mail");

  const to = await signedIn(priya);
  await to.page.getByRole("link", { name: /is asked to convene “Accord on Handing Over”/ }).click();
  await listening(to.page, "Accept for Meridian Cloud");
  await to.page.getByRole("button", { name: "Accept for Meridian Cloud" }).click();
  await saidAndFocused(to.page, "Your organization is the convenor from now on");
  await to.page.getByText("Meridian Cloud convenes this charter").waitFor();
  await to.page.goto(`/drafts/${charterId}/history`);
  await to.page.getByText("The convening passed from Northlight to Meridian Cloud").waitFor();
  await from.page.goto(`/drafts/${charterId}/people`);
  await from.page.getByText("Meridian Cloud convenes this charter").waitFor();
  expect(await from.page.getByText("Hand the role over").count()).toBe(0);
  expect([...from.errors, ...to.errors]).toEqual([]);
  await from.context.close();
  await to.context.close();
});

test("an operator names another admin on evidence, and the admin who is there after all stops it", async () => {
  const { organizationId } = (await world.as(ada)).actor;
  const operator = await signedIn(robin);
  await operator.page.goto(`/operator/organizations/${organizationId}`);
  await operator.page.getByText("Name another admin").click();
  await listening(operator.page, "Name this admin");
  await operator.page.getByLabel("Member").selectOption({ index: 1 });
  await operator.page
    .getByLabel("Evidence")
    .first()
    .fill("A letter of the board, and a call back to its office on 3 May.");
  await operator.page.getByRole("button", { name: "Name this admin" }).click();
  await saidAndFocused(operator.page, "It takes effect in seven days");
  const admin = await signedIn(ada);
  await admin.page.goto(`/organizations/${organizationId}#people`);
  await listening(admin.page, "Stop it");
  await admin.page.getByText("A letter of the board").waitFor();
  await admin.page.getByRole("button", { name: "Stop it" }).click();
  await saidAndFocused(admin.page, "It is stopped");
  await operator.page.reload();
  await operator.page.getByText("was stopped").waitFor();
  expect([...operator.errors, ...admin.errors]).toEqual([]);
  await operator.context.close();
  await admin.context.close();
});

test("who adds an organization loses no typed word to the search, to a refusal or to the back button", async () => {
  const { page, context, errors } = await signedIn("Jonas Keller");
  await page.goto("/organizations/new");
  await listening(page, "Add the organization");
  await page.getByLabel("Legal name").fill("Northlight GmbH");
  await page.getByLabel("Country of registration").selectOption("DE");
  await page.getByLabel("What it is").selectOption("company");
  await page.getByLabel("Sector").fill("Light houses");
  const isKept = async (legalName: string) => {
    await listening(page, "Add the organization");
    expect(await page.getByLabel("Legal name").inputValue()).toBe(legalName);
    expect(await page.getByLabel("Country of registration").inputValue()).toBe("DE");
    expect(await page.getByLabel("What it is").inputValue()).toBe("company");
    expect(await page.getByLabel("Sector").inputValue()).toBe("Light houses");
  };
  await page.getByLabel("Part of its name").fill("Harbor");
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByText("Harbor Bank N.V.").waitFor();
  await isKept("Northlight GmbH");
  await page.getByRole("button", { name: "Add the organization" }).click();
  await page.getByText("That did not work").waitFor();
  await isKept("Northlight GmbH");
  await page.goto("/home");
  await page.goBack();
  await isKept("Northlight GmbH");
  await page.getByLabel("Legal name").fill("Lanternfish Charts Ltd");
  await page.getByRole("button", { name: "Add the organization" }).click();
  await page.waitForURL(/\/organizations\/[0-9a-f-]{36}/);
  // What has arrived is kept no longer.
  await page.goto("/organizations/new");
  await listening(page, "Add the organization");
  expect(await page.getByLabel("Legal name").inputValue()).toBe("");
  expect(errors).toEqual([]);
  await context.close();
});
