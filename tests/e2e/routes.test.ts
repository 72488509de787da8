import { readdir } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openStore, type Store } from "#lib/data/store.ts";
import { findCluster } from "#server/database/embedded.ts";
import { axeFaults } from "#tests/support/axe.ts";
import { openBrowser, signInAs, type TestBrowser } from "#tests/support/browser.ts";
import { startServer, type TestServer } from "#tests/support/server.ts";

/**
 * Who may see what an address shows: anybody; anybody while it is a demo world on this machine; a person who signed in;
 * people of an organization at the table of the charter, or of the organization itself; its signing officers; operators.
 */
type Who = "visitor" | "demo" | "person" | "participant" | "officer" | "operator";

/** The address with names for real ids, who may see it, and what a visitor is answered. */
type Row = readonly [who: Who, address: string, status: 200 | 303 | 307 | 401 | 404 | 405];

/** Every page and route under app/. A new one without a row here fails. */
const routes: Readonly<Record<string, Row>> = {
  "(public)/page.tsx": ["visitor", "/", 200],
  "(public)/charters/page.tsx": ["visitor", "/charters", 200],
  "(public)/verify/page.tsx": ["visitor", "/verify", 200],
  "(public)/o/[slug]/page.tsx": ["visitor", "/o/:organization", 200],
  "(public)/c/[slug]/page.tsx": ["visitor", "/c/:slug", 200],
  "(public)/c/[slug]/clauses/[clauseId]/page.tsx": ["visitor", "/c/:slug/clauses/:clause", 200],
  "(public)/c/[slug]/compare/[range]/page.tsx": ["visitor", "/c/:slug/compare/1...2", 200],
  "(public)/c/[slug]/feed.xml/route.ts": ["visitor", "/c/:slug/feed.xml", 200],
  "(public)/c/[slug]/join/page.tsx": ["visitor", "/c/:slug/join", 200],
  "(public)/c/[slug]/notifications/page.tsx": ["visitor", "/c/:slug/notifications", 200],
  "(public)/c/[slug]/report/page.tsx": ["visitor", "/c/:slug/report", 200],
  "(public)/c/[slug]/report/send/route.ts": ["visitor", "/c/:slug/report/send", 405],
  "(public)/c/[slug]/share.png/route.tsx": ["visitor", "/c/:slug/share.png", 200],
  "(public)/c/[slug]/signatories.csv/route.ts": ["visitor", "/c/:slug/signatories.csv", 200],
  "(public)/c/[slug]/signatories.json/route.ts": ["visitor", "/c/:slug/signatories.json", 200],
  "(public)/c/[slug]/signatories/page.tsx": ["visitor", "/c/:slug/signatories", 200],
  "(public)/c/[slug]/v/[number]/page.tsx": ["visitor", "/c/:slug/v/1", 200],
  "(public)/c/[slug]/v/[number]/text.json/route.ts": ["visitor", "/c/:slug/v/1/text.json", 200],
  "(public)/c/[slug]/v/[number]/text.md/route.ts": ["visitor", "/c/:slug/v/1/text.md", 200],
  "(public)/c/[slug]/v/[number]/corrections/page.tsx": ["visitor", "/c/:slug/v/1/corrections", 200],
  "(public)/log/blob/[sha256]/route.ts": ["visitor", `/log/blob/${"0".repeat(64)}`, 404],
  "(public)/log/checkpoint/route.ts": ["visitor", "/log/checkpoint", 200],
  "(public)/log/consistency/route.ts": ["visitor", "/log/consistency?from=1", 200],
  "(public)/log/entries/route.ts": ["visitor", "/log/entries", 200],
  "(public)/log/policy/route.ts": ["visitor", "/log/policy", 200],
  "api/v1/[...rest]/route.ts": ["visitor", "/api/v1/nothing/here", 404],
  "api/v1/charters/route.ts": ["visitor", "/api/v1/charters", 200],
  "api/v1/charters/[slug]/route.ts": ["visitor", "/api/v1/charters/:slug", 200],
  "api/v1/charters/[slug]/clauses/[clauseId]/history/route.ts": [
    "visitor",
    "/api/v1/charters/:slug/clauses/:clause/history",
    200,
  ],
  "api/v1/charters/[slug]/export.zip/route.ts": ["visitor", "/api/v1/charters/:slug/export.zip", 200],
  "api/v1/charters/[slug]/notifications/route.ts": ["visitor", "/api/v1/charters/:slug/notifications", 200],
  "api/v1/charters/[slug]/signatories/route.ts": ["visitor", "/api/v1/charters/:slug/signatories", 200],
  "api/v1/charters/[slug]/versions/[number]/route.ts": ["visitor", "/api/v1/charters/:slug/versions/1", 200],
  "api/v1/openapi.json/route.ts": ["visitor", "/api/v1/openapi.json", 200],
  "api/v1/organizations/[slug]/route.ts": ["visitor", "/api/v1/organizations/:organization", 200],
  "api/auth/answer/route.ts": ["visitor", "/api/auth/answer", 405],
  "api/auth/ask/route.ts": ["visitor", "/api/auth/ask", 405],
  "api/auth/callback/[provider]/route.ts": ["visitor", "/api/auth/callback/github", 303],
  "api/auth/handover/route.ts": ["visitor", "/api/auth/handover", 404],
  "api/auth/demo/route.ts": ["demo", "/api/auth/demo", 405],
  "api/auth/provider/route.ts": ["visitor", "/api/auth/provider", 405],
  "api/auth/signout/route.ts": ["person", "/api/auth/signout", 405],
  "(account)/signin/page.tsx": ["visitor", "/signin", 200],
  "(account)/signin/check/page.tsx": ["visitor", "/signin/check", 200],
  "(account)/signin/confirm/page.tsx": ["visitor", "/signin/confirm", 200],
  "(account)/dev/mail/page.tsx": ["demo", "/dev/mail", 200],
  "(account)/account/page.tsx": ["person", "/account", 307],
  "(account)/invitations/[invitationId]/page.tsx": ["person", "/invitations/:unknown", 307],
  "(account)/operator/page.tsx": ["operator", "/operator", 307],
  "(account)/operator/organizations/[organizationId]/page.tsx": [
    "operator",
    "/operator/organizations/:organizationId",
    307,
  ],
  "(account)/operator/record/page.tsx": ["operator", "/operator/record", 307],
  "(account)/organizations/[organizationId]/record/page.tsx": [
    "participant",
    "/organizations/:organizationId/record",
    307,
  ],
  "(account)/organizations/[organizationId]/page.tsx": ["participant", "/organizations/:organizationId", 307],
  "(account)/organizations/new/page.tsx": ["person", "/organizations/new", 307],
  "(work)/home/page.tsx": ["person", "/home", 307],
  "(work)/join/[slug]/page.tsx": ["visitor", "/join/:slug", 200],
  "(work)/keys/[organizationId]/page.tsx": ["officer", "/keys/:organizationId", 307],
  "(work)/drafts/new/page.tsx": ["person", "/drafts/new", 307],
  "(work)/drafts/invitations/[invitationId]/page.tsx": ["person", "/drafts/invitations/:unknown", 307],
  "(work)/drafts/[charterId]/page.tsx": ["participant", "/drafts/:draft", 307],
  "(work)/drafts/[charterId]/candidate/page.tsx": ["participant", "/drafts/:draft/candidate", 307],
  "(work)/drafts/[charterId]/compare/page.tsx": ["participant", "/drafts/:draft/compare", 307],
  "(work)/drafts/[charterId]/edit/page.tsx": ["participant", "/drafts/:draft/edit", 307],
  "(work)/drafts/[charterId]/corrections/page.tsx": ["participant", "/drafts/:sealedDraft/corrections", 307],
  "(work)/drafts/[charterId]/export.md/route.ts": ["participant", "/drafts/:draft/export.md", 401],
  "(work)/drafts/[charterId]/history/[clauseId]/page.tsx": ["participant", "/drafts/:draft/history/:draftClause", 307],
  "(work)/drafts/[charterId]/history/page.tsx": ["participant", "/drafts/:draft/history", 307],
  "(work)/drafts/[charterId]/people/page.tsx": ["participant", "/drafts/:draft/people", 307],
  "(work)/drafts/[charterId]/policy/page.tsx": ["participant", "/drafts/:draft/policy", 307],
  "(work)/drafts/[charterId]/print/page.tsx": ["participant", "/drafts/:draft/print", 307],
  "(work)/drafts/[charterId]/signing/page.tsx": ["participant", "/drafts/:sealedDraft/signing", 307],
  "(work)/drafts/[charterId]/signing/instrument/route.ts": [
    "participant",
    "/drafts/:sealedDraft/signing/instrument",
    405,
  ],
  "(work)/drafts/[charterId]/signing/rehearsal/page.tsx": [
    "participant",
    "/drafts/:sealedDraft/signing/rehearsal",
    307,
  ],
  "(work)/receipts/[actId]/page.tsx": ["participant", "/receipts/:sealedAct", 307],
  "(work)/receipts/[actId]/receipt.json/route.ts": ["participant", "/receipts/:sealedAct/receipt.json", 401],
  "(work)/receipts/[actId]/sealed-receipt.json/route.ts": [
    "participant",
    "/receipts/:sealedAct/sealed-receipt.json",
    401,
  ],
  "(work)/receipts/[actId]/instrument/route.ts": ["participant", "/receipts/:sealedAct/instrument", 401],
  "(work)/receipts/[actId]/statement.txt/route.ts": ["participant", "/receipts/:sealedAct/statement.txt", 401],
  "(sign)/receipts/[actId]/narrow/page.tsx": ["officer", "/receipts/:sealedAct/narrow", 307],
  "(sign)/receipts/[actId]/reaffirm/page.tsx": ["officer", "/receipts/:sealedAct/reaffirm", 307],
  "(sign)/receipts/[actId]/endorse/page.tsx": ["officer", "/receipts/:sealedAct/endorse", 307],
  "(sign)/receipts/[actId]/withdraw/page.tsx": ["officer", "/receipts/:sealedAct/withdraw", 307],
  "(sign)/sign/[versionId]/page.tsx": ["officer", "/sign/:sealedVersion", 307],
  "(sign)/sign/[versionId]/text/route.ts": ["officer", "/sign/:sealedVersion/text", 401],
  "(sign)/sign/[versionId]/text.md/route.ts": ["officer", "/sign/:sealedVersion/text.md", 401],
};

/** The ways by which one address has shown elsewhere what it should not. */
const ways: readonly (readonly [name: string, suffix: string, init: RequestInit])[] = [
  ["plainly", "", {}],
  ["for Next's navigation", "?_rsc=", { headers: { rsc: "1" } }],
  ["for Next's prefetching", "?_rsc=", { headers: { rsc: "1", "next-router-prefetch": "1" } }],
  ["with a prefetch header alone", "", { headers: { "next-router-prefetch": "1" } }],
  ["by its name for data", ".rsc", {}],
  ["as if already checked", "", { headers: { "x-middleware-subrequest": "middleware:middleware:middleware" } }],
  ["from elsewhere", "", { headers: { "x-forwarded-host": "evil.example.org", "x-forwarded-for": "127.0.0.1" } }],
];

let server: TestServer;
let browser: TestBrowser;
let store: Store;
let ids: Readonly<Record<string, string>>;
/** Titles and purposes of what is not public; none may be in an answer. */
let privateWords: string[];

beforeAll(async () => {
  server = await startServer();
  const cluster = await findCluster(server.dataFolder);
  if (!cluster) throw new Error("The server has no database.");
  store = openStore(await cluster.database("concordat"), 2);
  browser = await openBrowser(server.url);
  ids = await findIds();
  const hidden = await store.db.charter.findMany({ where: { visibility: { not: "PUBLIC" } } });
  privateWords = hidden.flatMap((one) => [one.title, one.purpose]).filter((words) => words !== "");
});
afterAll(async () => {
  await browser?.close();
  await store?.close();
  await server?.remove();
});

test("every page and route has a row that says who may see it", async () => {
  const files = await readdir("app", { recursive: true });
  const found = files.filter((file) => /(?:^|\/)(?:page|route)\.tsx?$/.test(file)).sort();
  expect(Object.keys(routes).sort()).toEqual(found);
});

test("a visitor is answered as the table says, and hears nothing private by whatever way", async () => {
  expect(privateWords.length).toBeGreaterThan(4);
  const wrong: string[] = [];
  for (const [file, [who, pattern, status]] of Object.entries(routes)) {
    const address = addressOf(pattern);
    for (const [name, suffix, init] of ways) {
      const response = await fetch(server.url + address + suffix, { ...init, redirect: "manual" });
      const body = await response.text();
      if (name === "plainly" && response.status !== status) wrong.push(`${file}: ${response.status}, not ${status}`);
      // To its own navigation Next answers 200 with the order to go elsewhere.
      const isShown = response.status === 200 && !name.startsWith("for Next");
      if (isShown && who !== "visitor" && who !== "demo") wrong.push(`${file} is shown ${name}`);
      // What is mailed in a demo world is for everybody on this machine.
      const heard = file.includes("dev/mail") ? undefined : privateWords.find((words) => body.includes(words));
      if (heard) wrong.push(`${file} tells “${heard}” ${name}`);
      if (body.includes("evil.example.org")) wrong.push(`${file} believes a header about our name`);
    }
    const head = await fetch(server.url + address, { method: "HEAD", redirect: "manual" });
    if (head.status !== status) wrong.push(`${file}: HEAD ${head.status}, not ${status}`);
  }
  expect(wrong).toEqual([]);
});

test("what is private answers a visitor exactly as what does not exist", async () => {
  for (const [, [, pattern]] of Object.entries(routes)) {
    const named = /:(draft|sealedDraft|sealedAct|sealedVersion)\b/.exec(pattern);
    if (!named) continue;
    const real = await answerOf(addressOf(pattern), ids[named[1] ?? ""] ?? "");
    const unknown = ids.unknown ?? "";
    const none = await answerOf(addressOf(pattern.replace(named[0], unknown)), unknown);
    expect([pattern, real]).toEqual([pattern, none]);
  }
});

test("an operator, who belongs to no organization, sees nothing of what is for participants and officers", async () => {
  const { context, page } = await browser.visitor();
  await signInAs(page, "Robin Okoye");
  const wrong: string[] = [];
  for (const [file, [who, pattern]] of Object.entries(routes)) {
    if (who === "visitor" || who === "demo" || who === "operator") continue;
    for (const headers of [{}, { rsc: "1" }]) {
      const response = await context.request.get(addressOf(pattern), { headers });
      const body = await response.text();
      const heard = privateWords.find((words) => body.includes(words));
      if (heard) wrong.push(`${file} tells “${heard}”`);
      const isThere = new URL(response.url()).pathname === addressOf(pattern) && response.status() === 200;
      if (isThere && who !== "person" && !("rsc" in headers)) {
        wrong.push(`${file} is shown to somebody who is no ${who}`);
      }
    }
  }
  await context.close();
  expect(wrong).toEqual([]);
});

test("no page for those who signed in has a fault that axe finds, light or dark, or is wider than a narrow screen", async () => {
  const faults: string[] = [];
  const left = new Map(
    Object.entries(routes).flatMap(([file, [who, pattern]]) =>
      file.endsWith("page.tsx") && who !== "visitor" && !pattern.includes(":unknown")
        ? [[file, addressOf(pattern)]]
        : [],
    ),
  );
  for (const name of ["Ada Brandt", "Wanjiru Kamau", "Robin Okoye"]) {
    // Without motion: a colour on its way from one scheme to the other is none that anybody reads.
    const { context, page, errors } = await browser.visitor({ reducedMotion: "reduce" });
    await signInAs(page, name);
    for (const [file, address] of left) {
      // What is for somebody else is looked at by the next one.
      if ((await page.goto(address))?.status() !== 200) continue;
      left.delete(file);
      for (const fault of await faultsOf(page)) faults.push(`${address}: ${fault}`);
    }
    faults.push(...errors);
    await context.close();
  }
  expect(faults).toEqual([]);
  expect([...left.keys()]).toEqual([]);
});

/** What axe finds, once in light and for the colours in dark, and whether the page is wider than the narrowest screen. */
async function faultsOf(page: Page): Promise<string[]> {
  const light = await axeFaults(page);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 320, height: 640 });
  const dark = await axeFaults(page, ["color-contrast"]);
  const isWide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
  return [...light, ...dark.map((fault) => `dark, narrow: ${fault}`), ...(isWide ? ["wider than 320 pixels"] : [])];
}

function addressOf(pattern: string): string {
  return pattern.replaceAll(/:([a-zA-Z]+)/g, (_whole, name: string) => ids[name] ?? `missing-${name}`);
}

/** The answer without what is chance in it, and without the id that was asked for. */
async function answerOf(address: string, id: string): Promise<{ status: number; location: string | null }> {
  const response = await fetch(server.url + address, { redirect: "manual" });
  return { status: response.status, location: response.headers.get("location")?.replace(id, "<id>") ?? null };
}

/** Real ids of the demo world, of what is public and of what is not. */
async function findIds(): Promise<Record<string, string>> {
  const { db } = store;
  const open = await db.charter.findFirstOrThrow({
    where: { visibility: "PUBLIC", versions: { some: { number: 2 } } },
  });
  const sealed = await db.charterVersion.findFirstOrThrow({ where: { state: "OPEN_SEALED" } });
  const { organizationId } = await db.membership.findFirstOrThrow({ where: { user: { name: "Wanjiru Kamau" } } });
  const act = await db.act.findFirstOrThrow({
    where: { versionId: sealed.id, kind: "sign", publication: null, organizationId },
  });
  const draft = await db.charter.findFirstOrThrow({
    where: { visibility: "PRIVATE", id: { not: sealed.charterId }, rounds: { some: { state: "DRAFTING" } } },
  });
  const revision = await db.clauseRevision.findFirstOrThrow({ where: { charterId: draft.id } });
  const organization = await db.organization.findFirstOrThrow({ where: { slug: { not: null } } });
  const charter: { clauses: { id: string }[] } = JSON.parse(
    await (await fetch(`${server.url}/api/v1/charters/${open.slug}/versions/1`)).text(),
  );
  return {
    slug: open.slug ?? "",
    clause: charter.clauses[0]?.id ?? "",
    organization: organization.slug ?? "",
    organizationId: act.organizationId ?? "",
    draft: draft.id,
    draftClause: revision.clauseId,
    sealedDraft: sealed.charterId,
    sealedVersion: sealed.id,
    sealedAct: act.id,
    unknown: "00000000-0000-4000-8000-000000000000",
  };
}
