import type { Page } from "playwright-core";
import { adoptCandidate } from "#lib/commands/adopt-candidate.ts";
import { createCharter } from "#lib/commands/create-charter.ts";
import { fixPolicyAndOpenDrafting } from "#lib/commands/fix-policy-and-open-drafting.ts";
import { freezeCandidate } from "#lib/commands/freeze-candidate.ts";
import { openForSignature } from "#lib/commands/open-for-signature.ts";
import { takePosition } from "#lib/commands/take-position.ts";
import type { Context } from "#lib/data/context.ts";
import { openStore, type Store } from "#lib/data/store.ts";
import { type OrganizationRole, organizationRoles, type Person } from "#lib/domain/actor.ts";
import type { OpeningTime } from "#lib/domain/opening.ts";
import { type CharterPolicy, defaultPolicy } from "#lib/domain/policy.ts";
import { findCluster } from "#server/database/embedded.ts";
import { listening, openBrowser, type TestBrowser } from "./browser.ts";
import { startServer, type TestServer } from "./server.ts";
import { until } from "./until.ts";

/** A running server with the demo world, Chromium, and a way past the pages to its rows. */
export type LiveWorld = {
  server: TestServer;
  readonly browser: TestBrowser;
  readonly store: Store;
  /** What a command gets when this person of the demo world acts now. */
  as(name: string): Promise<Context & { readonly actor: Person }>;
  /** A charter in drafting that `convenor` opened alone; gives back its id. */
  openDraft(convenor: string, title: string, policy?: Partial<CharterPolicy>): Promise<string>;
  /** A charter that `convenor` wrote, froze, adopted and opened alone. */
  openCharter(
    convenor: string,
    title: string,
    opening: OpeningTime,
    policy?: Partial<CharterPolicy>,
  ): Promise<OpenCharter>;
  /** The code of the newest mail to a person whose subject has these words, and which came after `since`. */
  codeSentTo(name: string, words: string, since: Date): Promise<string>;
  /** Goes through the ceremony of signing up to its last step; `organization` is typed as its name. */
  toConfirm(page: Page, versionId: string, organization: string): Promise<void>;
  /** Starts the server again on the same data, after its end. */
  restart(): Promise<void>;
  close(): Promise<void>;
};

type OpenCharter = { readonly charterId: string; readonly versionId: string };

/** Starts it with these variables; takes half a minute. */
export async function openLiveWorld(variables: Record<string, string> = {}): Promise<LiveWorld> {
  const server = await startServer(variables);
  const cluster = await findCluster(server.dataFolder);
  if (!cluster) throw new Error("The server runs without its database.");
  const store = openStore(await cluster.database("concordat"), 3);
  const browser = await openBrowser(server.url);
  const world: LiveWorld = {
    server,
    browser,
    store,
    async as(name) {
      return { db: store.db, actor: await findPerson(store, name), now: new Date(), random, site: siteOf(server.url) };
    },
    async openDraft(convenor, title, policy = {}) {
      const ctx = await world.as(convenor);
      const organizationId = ctx.actor.organizationId ?? "";
      const { charterId } = await createCharter(ctx, {
        organizationId,
        template: "multi-party-accord",
        markdown: `# ${title}\n\n## Commitments\n\n1. We keep what we promise.\n2. We say so when we could not.\n`,
        title: "",
        purpose: "Organizations keep what they promise.",
        displayType: "Accord",
        language: "en",
        policy: { ...defaultPolicy, ...policy },
      });
      await fixPolicyAndOpenDrafting(ctx, { charterId });
      return charterId;
    },
    async openCharter(convenor, title, opening, policy) {
      const charterId = await world.openDraft(convenor, title, policy);
      const ctx = await world.as(convenor);
      const { versionId } = await freezeCandidate(ctx, { charterId });
      await takePosition(ctx, { charterId, versionId, value: "AGREE", reason: "", remedy: "" });
      await adoptCandidate(ctx, { charterId, versionId });
      await openForSignature(await world.as(convenor), { versionId, opening });
      return { charterId, versionId };
    },
    async codeSentTo(name, words, since) {
      const { email } = (await world.as(name)).actor;
      // Other mail names the organization, too, and may come late.
      const find = async () => {
        const mails = await store.db.developmentMail.findMany({
          where: { to: email, subject: { contains: words }, receivedAt: { gte: since } },
          orderBy: { receivedAt: "desc" },
        });
        return mails.flatMap(({ subject }) => /^\d{6}/.exec(subject)?.[0] ?? [])[0];
      };
      await until(async () => (await find()) !== undefined, { what: `a code for ${name}`, everyMs: 50 });
      return (await find()) ?? "";
    },
    async toConfirm(page, versionId, organization) {
      const next = () => page.getByRole("button", { name: "Continue" }).click();
      await page.goto(`/sign/${versionId}`);
      await listening(page, "Continue");
      await page.getByLabel("Type the name of the organization you sign for").fill(organization);
      await next();
      await page.getByText("Your browser computed the fingerprint itself").waitFor();
      await page.getByLabel(/^I have read version/).check();
      await next();
      await page.getByRole("button", { name: "Sign", exact: true }).click();
      await next();
      await page.getByRole("heading", { name: "Confirm", exact: true }).waitFor();
      await page.getByText("Your browser checked the fingerprint").waitFor();
    },
    async restart() {
      const { dataFolder, port } = world.server;
      world.server = await startServer({ PORT: String(port) }, { dataFolder });
    },
    async close() {
      await browser.close();
      await store.close();
      await world.server.remove();
    },
  };
  return world;
}

async function findPerson(store: Store, name: string): Promise<Person> {
  const user = await store.db.user.findFirstOrThrow({
    where: { name },
    include: { memberships: { where: { endedAt: null }, include: { organization: true } } },
  });
  return {
    kind: "person",
    userId: user.id,
    sessionId: user.id,
    name,
    hasGivenName: true,
    email: user.email,
    isOperator: user.isOperator,
    organizationId: user.currentOrganizationId,
    memberships: user.memberships.map(({ organizationId, organization, roles }) => ({
      organizationId,
      displayName: organization.displayName,
      roles: roles.filter((role): role is OrganizationRole => (organizationRoles as readonly string[]).includes(role)),
    })),
  };
}

function siteOf(url: string): Context["site"] {
  return {
    publicUrl: url,
    logOrigin: "localhost/log",
    signOrigin: url,
    signRpId: "localhost",
    isDemo: true,
    secret: new Uint8Array(32),
  };
}

const random: Context["random"] = (bytes) => crypto.getRandomValues(bytes);
