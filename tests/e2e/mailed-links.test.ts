import { afterAll, beforeAll, expect, test } from "vitest";
import { inviteMember } from "#lib/commands/invite-member.ts";
import { inviteOrganization } from "#lib/commands/invite-organization.ts";
import { inviteToSign } from "#lib/commands/invite-to-sign.ts";
import { signInAs, type Visitor } from "../support/browser.ts";
import { type LiveWorld, openLiveWorld } from "../support/live-world.ts";
import { until } from "../support/until.ts";

const ada = "Ada Brandt";
const haruka = "Haruka Mori";
const kenji = "Kenji Arai";
const newcomer = "new.person@northlight.example";

let world: LiveWorld;
beforeAll(async () => {
  world = await openLiveWorld();
});
afterAll(() => world?.close());

test("an address that is refused at the sign-in stays in its field, out of the page's own address, and leads on to where one wanted to go", async () => {
  const { page, context } = await world.browser.visitor();
  await page.goto("/signin?next=/drafts/new");
  await page.getByLabel("Mail address").fill("ada@northlight");
  await page.getByRole("button", { name: "Send me a code" }).click();
  await page.getByText("That is not a mail address we can use.").waitFor();
  expect(await page.getByLabel("Mail address").inputValue()).toBe("ada@northlight");
  expect(page.url()).not.toContain("northlight");
  expect(new URL(page.url()).searchParams.get("next")).toBe("/drafts/new");
  await context.close();
});

test("[7] every mailed link fetched three times over, by programs and by a browser, changes nothing; then it works once for a person", async () => {
  const asker = await world.browser.visitor();
  const links = await sendAll(asker);
  await until(async () => (await world.store.db.outbox.count({ where: { sentAt: null } })) === 0, {
    what: "the mails",
  });

  const before = await dump();
  for (const link of Object.values(links)) await fetchLikeAScanner(link);
  const after = await dump();
  for (const [table, rows] of Object.entries(before)) expect(after[table], table).toEqual(rows);

  await asker.page.goto(links.signIn);
  await asker.page.getByRole("button", { name: "Sign in", exact: true }).click();
  await asker.page.waitForURL(/\/home/);
  await asker.page.goto(links.member);
  await asker.page.getByRole("button", { name: "Accept" }).click();
  await asker.page.waitForURL(/\/organizations\//);
  expect(await answerOf("membership_invitation", links.member)).toBe("accepted");
  await asker.page.goto(links.member);
  await asker.page.getByText("You accepted this invitation.").waitFor();
  await asker.context.close();
  const again = await world.browser.visitor();
  await again.page.goto(links.signIn);
  await again.page.getByText("This link does not count any more").waitFor();
  await again.context.close();

  const representative = await world.browser.visitor();
  await signInAs(representative.page, haruka, new URL(links.table).pathname);
  await representative.page.getByRole("button", { name: "Take part" }).click();
  await until(async () => (await answerOf("charter_invitation", links.table)) === "accepted", {
    what: "the seat to be taken",
  });
  await representative.context.close();

  const officer = await world.browser.visitor();
  await signInAs(officer.page, kenji, new URL(links.sign).pathname);
  await officer.page.getByLabel("Type the name of the organization you sign for").fill("Sakura Semiconductor");
  expect(await stateOfSigning()).toBe("SENT");
  await officer.page.getByRole("button", { name: "Continue" }).click();
  await until(async () => (await stateOfSigning()) !== "SENT", { what: "the invitation to be opened by its officer" });
  await officer.context.close();
});

type Links = { readonly signIn: string; readonly member: string; readonly table: string; readonly sign: string };

/** Has every kind of mail with a link sent, and reads the links out of the mails as they arrived. */
async function sendAll(asker: Visitor): Promise<Links> {
  const { page } = asker;
  await page.goto("/signin");
  await page.getByLabel("Mail address").fill(newcomer);
  await page.getByRole("button", { name: "Send me a code" }).click();
  await page.waitForURL(/signin\/check/);

  const ctx = await world.as(ada);
  await inviteMember(ctx, ctx.actor.organizationId ?? "", { email: newcomer, roles: ["drafter"] });
  const [haru, ken] = [(await world.as(haruka)).actor, (await world.as(kenji)).actor];
  const charterId = await world.openDraft(ada, "Accord on Open Doors");
  const legalName = "Sakura Semiconductor K.K.";
  await inviteOrganization(ctx, { charterId, legalName, email: haru.email, domain: null, isEditor: true, message: "" });
  const { versionId } = await world.openCharter(ada, "Accord on Keeping Letters", { kind: "now" });
  await inviteToSign(await world.as(ada), { versionId, legalName, email: ken.email, message: "" });
  return {
    signIn: await linkTo(newcomer, "/signin/confirm"),
    member: await linkTo(newcomer, "/invitations/"),
    table: await linkTo(haru.email, "/drafts/invitations/"),
    sign: await linkTo(ken.email, "/sign/"),
  };
}

async function linkTo(email: string, path: string): Promise<string> {
  const find = async () => {
    const mails = await world.store.db.developmentMail.findMany({
      where: { to: email },
      orderBy: { receivedAt: "desc" },
    });
    const links = mails.flatMap((mail) => mail.text.match(/https?:\/\/\S+/g) ?? []);
    return links.find((link) => link.startsWith(world.server.url + path));
  };
  await until(async () => (await find()) !== undefined, { what: `a mail with ${path}`, everyMs: 50 });
  return (await find()) ?? "";
}

/** What scanners of mail do: fetch, fetch again, and look at the page in a browser that runs its scripts. */
async function fetchLikeAScanner(link: string): Promise<void> {
  for (let times = 0; times < 3; times += 1) {
    for (const method of ["GET", "HEAD"]) {
      const response = await fetch(link, { method });
      await response.arrayBuffer();
      expect(response.status, `${method} ${link}`).toBeLessThan(500);
    }
  }
  const { page, context } = await world.browser.visitor();
  await page.goto(link, { waitUntil: "networkidle" });
  await context.close();
}

const tables = [
  "user",
  "session",
  "account",
  "membership",
  "membership_invitation",
  "sign_in_challenge",
  "charter_invitation",
  "participant",
  "policy_acknowledgement",
  "signing_invitation",
  "prepared_statement",
  "signature",
  "act",
  "outbox",
  "last_looked",
];

/** Everything that an opened link could touch, row by row. */
async function dump(): Promise<Record<string, string[]>> {
  const dumped: Record<string, string[]> = {};
  for (const name of tables) {
    const { rows } = await world.store.pool.query<{ row: string }>(
      `SELECT to_jsonb(t)::text AS row FROM "${name}" t ORDER BY 1`,
    );
    dumped[name] = rows.map((one) => one.row);
  }
  return dumped;
}

async function answerOf(table: "membership_invitation" | "charter_invitation", link: string): Promise<string | null> {
  const { rows } = await world.store.pool.query<{ answer: string | null }>(
    `SELECT answer FROM ${table} WHERE id = $1`,
    [link.split("/").at(-1)],
  );
  return rows[0]?.answer ?? null;
}

async function stateOfSigning(): Promise<string> {
  const { email } = (await world.as(kenji)).actor;
  const row = await world.store.db.signingInvitation.findFirstOrThrow({
    where: { email },
    orderBy: { createdAt: "desc" },
  });
  return row.state;
}
