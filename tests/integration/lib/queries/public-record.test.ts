import { afterAll, beforeAll, expect, test } from "vitest";
import { signatoriesCsv } from "#app/(public)/_parts/signatory-files.ts";
import { reportError, reportsPerHourMax } from "#lib/commands/report-error.ts";
import type { Context } from "#lib/data/context.ts";
import { openStore, type Store } from "#lib/data/store.ts";
import type { Clause } from "#lib/domain/charter-text.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { signatoriesAnswer } from "#lib/domain/signatory-answer.ts";
import { loadPublicCharter } from "#lib/queries/public-charter.ts";
import { loadPublicClause } from "#lib/queries/public-clause.ts";
import { loadPublicComparison } from "#lib/queries/public-comparison.ts";
import { loadDirectoryEntries, loadPublicDirectory } from "#lib/queries/public-directory.ts";
import { findPublicHash } from "#lib/queries/public-hash.ts";
import { loadPublicNotifications } from "#lib/queries/public-notifications.ts";
import { loadPublicOrganization } from "#lib/queries/public-organization.ts";
import type { SignatoryQuery } from "#lib/queries/public-query.ts";
import { loadPublicSignatories } from "#lib/queries/public-signatories.ts";
import { loadSitemap } from "#lib/queries/public-sitemap.ts";
import { loadPublicVersion } from "#lib/queries/public-version.ts";
import { createTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { PublicRecord, type RecordedOrganization } from "#tests/support/public-record.ts";

let database: TestDatabase;
let store: Store;
let record: PublicRecord;

beforeAll(async () => {
  database = await createTestDatabase();
  store = openStore(database.url, 4);
  record = new PublicRecord(store);
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

const day = (text: string): Date => new Date(`${text}T12:00:00.000Z`);
const byDate: SignatoryQuery = { sort: "date" };

test("[10] as of the day before and the day after a withdrawal there are two different lists, and each can be had again", async () => {
  const { charter, version, organizations } = await signedCharter(["Northlight", "Meridian", "Tidewater"]);
  const [, second] = organizations;
  const list = await loadPublicSignatories(visitor(day("2031-06-01")), charter.slug, byDate);
  const signature = list.rows[1]?.periods[0];
  if (!second || !signature) throw new Error("The second signature is missing.");
  const publication = { actId: signature.actId, number: signature.actNumber };
  const dates = { at: day("2031-06-10"), effectiveOn: day("2031-07-10") };
  await record.withdraw(charter, version, second, publication, dates);

  const ctx = visitor(day("2031-12-01"));
  const ask = (asOf: string) => loadPublicSignatories(ctx, charter.slug, { ...byDate, asOf });
  const before = await ask("2031-07-09");
  const after = await ask("2031-07-10");
  expect(before.counts).toEqual({ signatories: 3, withdrawn: 0 });
  expect(after.counts).toEqual({ signatories: 2, withdrawn: 1 });
  expect(before.rows[1]?.status).toBe("withdrawing");
  expect(after.rows[1]?.status).toBe("withdrawn");
  expect(after.rows.map((row) => row.name)).toContain("Meridian");
  // Before the notice became public nobody could know of it.
  expect((await ask("2031-06-09")).rows[1]?.status).toBe("standing");
  // The same question later gives the same answer, to the byte.
  const again = await loadPublicSignatories(visitor(day("2032-05-01")), charter.slug, {
    ...byDate,
    asOf: "2031-07-09",
  });
  expect(JSON.stringify(signatoriesAnswer(again))).toBe(JSON.stringify(signatoriesAnswer(before)));
});

test("an organization that withdrew and signed again keeps both periods and counts once", async () => {
  const { charter, version, organizations } = await signedCharter(["Northlight"]);
  const [only] = organizations;
  const list = await loadPublicSignatories(visitor(), charter.slug, byDate);
  const first = list.rows[0]?.periods[0];
  if (!only || !first) throw new Error("The signature is missing.");
  const publication = { actId: first.actId, number: first.actNumber };
  await record.withdraw(charter, version, only, publication, {
    at: day("2031-03-01"),
    effectiveOn: day("2031-04-01"),
  });
  await record.sign(charter, version, only, day("2031-05-01"), { later: true });
  const view = await loadPublicSignatories(visitor(), charter.slug, byDate);
  expect(view.counts).toEqual({ signatories: 1, withdrawn: 0 });
  expect(view.rows).toHaveLength(1);
  expect(view.rows[0]?.periods.map((period) => period.status)).toEqual(["withdrawn", "effective"]);
});

test("page, CSV and JSON hold the same organizations in the same order, whatever is asked", async () => {
  const names = ["Zephyr", "åland Ports", "=HYPERLINK(1)", '<img src=x onerror="alert(1)">', "Émile & Co, Ltd"];
  const { charter } = await signedCharter(names);
  for (const query of [
    byDate,
    { sort: "-name" },
    { sort: "name", q: "e" },
    { sort: "date", status: "standing" },
  ] as const) {
    const page = await loadPublicSignatories(visitor(), charter.slug, query);
    const lines = signatoriesCsv(page).trimEnd().split("\r\n");
    const json = signatoriesAnswer(page);
    expect(lines).toHaveLength(page.rows.length + 1);
    expect(json.signatories.map((one) => one.name)).toEqual(page.rows.map((row) => row.name));
    expect(lines.slice(1).map((line) => line.split(",")[0])).toEqual(page.rows.map((row) => row.organizationId));
    expect(json.counts.matching).toBe(page.rows.length);
  }
  const all = await loadPublicSignatories(visitor(), charter.slug, byDate);
  expect(signatoriesCsv(all)).toContain('"\'=HYPERLINK(1)"');
});

test("what is not public answers exactly like what does not exist, after the same queries", async () => {
  const clauses = [clause("aaaaaaaaaaaa", "Pay fairly.")];
  for (const visibility of ["PRIVATE", "EMBARGOED"] as const) {
    const secret = await record.charter({ slug: `secret-${visibility.toLowerCase()}`, visibility });
    const version = await record.version(secret, { clauses, title: "A secret accord" });
    const signer = await record.organization({ name: "Secret Signer" });
    await record.sign(secret, version, signer, day("2031-02-01"));
    for (const load of loads) {
      const [known, unknown] = [
        await heard((ctx) => load(ctx, secret.slug)),
        await heard((ctx) => load(ctx, "unheard-of")),
      ];
      expect(known.refusal).toEqual(unknown.refusal);
      expect(known.queries).toEqual(unknown.queries);
      expect(known.refusal).toEqual({ code: "not-found", message: "There is nothing public at this address." });
    }
    const [known, unknown] = [
      await heard((ctx) => loadPublicOrganization(ctx, signer.slug)),
      await heard((ctx) => loadPublicOrganization(ctx, "nobody")),
    ];
    expect(known).toEqual(unknown);
    expect(await findPublicHash(visitor(), version.sha256)).toBeUndefined();
    expect((await loadDirectoryEntries(visitor())).map((one) => one.slug)).not.toContain(secret.slug);
    expect(await loadSitemap(visitor())).not.toContain(`/c/${secret.slug}`);
    expect(await loadSitemap(visitor())).not.toContain(`/o/${signer.slug}`);
  }
});

test("a version that is not open yet does not show beside the one that is", async () => {
  const { charter, version } = await signedCharter(["Northlight"]);
  await record.version(charter, {
    number: 2,
    state: "ADOPTED",
    clauses: [clause("bbbbbbbbbbbb", "New.")],
    previous: version,
  });
  const head = await loadPublicCharter(visitor(), charter.slug);
  expect(head.versions.map((one) => one.number)).toEqual([1]);
  await expect(loadPublicVersion(visitor(), charter.slug, 2)).rejects.toMatchObject({ code: "not-found" });
  await expect(loadPublicClause(visitor(), charter.slug, "bbbbbbbbbbbb")).rejects.toMatchObject({ code: "not-found" });
});

test("[13] signatures never carry over: a new version starts with none, and the old ones stay on theirs", async () => {
  const { charter, version, organizations } = await signedCharter(["Northlight", "Meridian"], { state: "IN_EFFECT" });
  const next = await record.version(charter, {
    number: 2,
    clauses: [clause("aaaaaaaaaaaa", "Pay more than fairly."), clause("cccccccccccc", "Report yearly.")],
    previous: version,
    openedAt: day("2031-05-01"),
  });
  const head = await loadPublicCharter(visitor(), charter.slug);
  expect(head.versions.map((one) => one.signatories)).toEqual([2, 0]);
  expect(head.current.number).toBe(1);
  expect(head.upcoming?.number).toBe(2);
  const [first] = organizations;
  if (first) await record.sign(charter, next, first, day("2031-05-02"));
  const view = await loadPublicSignatories(visitor(), charter.slug, byDate);
  expect(view.rows[0]?.versions).toEqual([1, 2]);
  expect(view.rows[1]?.versions).toEqual([1]);
  expect(view.counts.signatories).toBe(2);

  const history = await loadPublicClause(visitor(), charter.slug, "aaaaaaaaaaaa");
  expect(history.steps.map((step) => step.change)).toEqual(["introduced", "changed"]);
  expect(history.steps[1]?.body.filter((run) => run.kind === "added").map((run) => run.text.trim())).toEqual([
    "more than",
  ]);
  const comparison = await loadPublicComparison(visitor(), charter.slug, "1...2");
  expect(comparison.comparison.counts).toMatchObject({ changed: 1, added: 1 });
  await expect(loadPublicComparison(visitor(), charter.slug, "1..2")).rejects.toMatchObject({ code: "not-found" });
});

test("the directory counts what the charter's own page counts", async () => {
  const { charter } = await signedCharter(["A", "B", "C"]);
  for (const { slug, status, signatories } of await loadDirectoryEntries(visitor())) {
    const head = await loadPublicCharter(visitor(), slug);
    expect({ status, signatories }).toEqual({ status: head.current.status, signatories: head.current.signatories });
  }
  const found = await loadPublicDirectory(visitor(), { q: "AN ACCORD" });
  expect(found.entries.map((one) => one.slug)).toContain(charter.slug);
  expect((await loadPublicDirectory(visitor(), { q: "no such words" })).matching).toBe(0);
});

test("an act is on the list with the next question after its commit", async () => {
  const { charter, version } = await signedCharter(["A"]);
  expect((await loadPublicSignatories(visitor(), charter.slug, byDate)).total).toBe(1);
  await record.sign(charter, version, await record.organization({ name: "B" }), day("2031-06-01"));
  expect((await loadPublicSignatories(visitor(), charter.slug, byDate)).total).toBe(2);
});

test("what is counted once per list is counted anew after an act and when a day passes, and alike in every order", async () => {
  const { charter, version } = await signedCharter(["A"]);
  const other = await record.organization({ name: "B", country: "FR" });
  const counted = async (query: SignatoryQuery = byDate, now?: Date) => {
    const { charter: head, counts, facets } = await loadPublicSignatories(visitor(now), charter.slug, query);
    expect(head.current.signatories).toBe(counts.signatories);
    return { signatories: counts.signatories, country: facets.country, status: facets.status };
  };
  expect((await counted()).country).toEqual([["DE", 1]]);
  const signature = await record.sign(charter, version, other, day("2031-06-01"));
  const both: Awaited<ReturnType<typeof counted>> = {
    signatories: 2,
    country: [
      ["DE", 1],
      ["FR", 1],
    ],
    status: [["standing", 2]],
  };
  expect(await counted()).toEqual(both);
  expect(await counted({ sort: "-name" })).toEqual(both);
  const leaving = { at: day("2031-07-01"), effectiveOn: day("2031-09-01") };
  await record.withdraw(charter, version, other, signature, leaving);
  expect((await counted(byDate, day("2031-08-01"))).status).toEqual([
    ["standing", 1],
    ["withdrawing", 1],
  ]);
  // No act comes in between: the date alone ends it.
  const after = await counted(byDate, day("2031-10-01"));
  expect(after.signatories).toBe(1);
  expect(after.status).toEqual([
    ["standing", 1],
    ["withdrawn", 1],
  ]);
});

test("an organization that was renamed is found under both names and shown with both", async () => {
  const { charter, organizations } = await signedCharter(["Old Harbour"]);
  const [one] = organizations;
  if (!one) throw new Error("The organization is missing.");
  await store.db.organization.update({
    where: { id: one.id },
    data: { displayName: "New Haven", legalName: "New Haven" },
  });
  for (const q of ["old harb", "NEW HAVEN"]) {
    const { rows } = await loadPublicSignatories(visitor(), charter.slug, { ...byDate, q });
    expect(rows.map((row) => [row.name, row.signedAs])).toEqual([["New Haven", "Old Harbour"]]);
  }
});

test("searches look past case, accents and the dotted capital I", async () => {
  const { charter } = await signedCharter(["İstanbul Limanı", "Großhandel Straße", "Ｆｕｌｌ Width"]);
  const count = async (q: string) => (await loadPublicSignatories(visitor(), charter.slug, { ...byDate, q })).matching;
  expect([await count("istanbul"), await count("STRASSE"), await count("full"), await count("%")]).toEqual([
    1, 1, 1, 0,
  ]);
});

test("filters combine, and each facet counts what its values would leave", async () => {
  const { charter, version } = await signedCharter([]);
  const add = async (name: string, country: string, kind: string) =>
    record.sign(charter, version, await record.organization({ name, country, class: kind }), day("2031-02-01"));
  await add("A", "DE", "company");
  await add("B", "DE", "academia");
  await add("C", "CL", "company");
  const view = await loadPublicSignatories(visitor(), charter.slug, { ...byDate, country: "DE" });
  expect(view.rows.map((row) => row.name)).toEqual(["A", "B"]);
  expect(view.facets.country).toEqual([
    ["CL", 1],
    ["DE", 2],
  ]);
  expect(view.facets.class).toEqual([
    ["academia", 1],
    ["company", 1],
  ]);
});

test("paging neither skips nor repeats, even while others sign, and a foreign cursor is refused", async () => {
  const { charter, version } = await signedCharter(["A", "B", "C", "D", "E"]);
  const first = await loadPublicSignatories(visitor(), charter.slug, { sort: "name" }, 2);
  await record.sign(charter, version, await record.organization({ name: "AA" }), day("2031-06-01"));
  const names = first.rows.map((row) => row.name);
  for (let cursor = first.nextCursor; cursor !== null; ) {
    const page = await loadPublicSignatories(visitor(day("2031-07-01")), charter.slug, { sort: "name", cursor }, 2);
    names.push(...page.rows.map((row) => row.name));
    cursor = page.nextCursor;
  }
  expect(names).toEqual(["A", "B", "C", "D", "E"]);
  const other = await signedCharter(["X", "Y", "Z"]);
  const ask = (cursor: string) => loadPublicSignatories(visitor(), other.charter.slug, { sort: "name", cursor }, 2);
  for (const cursor of [first.nextCursor ?? "", "AAAA", "bm9wZQ"]) {
    await expect(ask(cursor)).rejects.toMatchObject({ code: "malformed", field: "cursor" });
  }
});

test("the list of a day to come is refused by name", async () => {
  const { charter } = await signedCharter(["A"]);
  const ask = (asOf: string) => loadPublicSignatories(visitor(day("2031-06-01")), charter.slug, { ...byDate, asOf });
  await expect(ask("2031-06-02")).rejects.toMatchObject({ code: "malformed", field: "asOf" });
  expect((await ask("2031-06-01")).asOf).toEqual(day("2031-06-01"));
});

test("a fingerprint leads to its public text", async () => {
  const { charter, version } = await signedCharter(["A"]);
  expect(await findPublicHash(visitor(), version.sha256)).toMatchObject({
    kind: "version",
    slug: charter.slug,
    number: 1,
  });
  expect(await findPublicHash(visitor(), "0".repeat(64))).toBeUndefined();
});

test("an organization's page shows its public periods and nothing else", async () => {
  const { charter, organizations } = await signedCharter(["Solo"]);
  const [one] = organizations;
  const view = await loadPublicOrganization(visitor(), one?.slug ?? "");
  expect(view.charters.map(({ slug, periods }) => [slug, periods.length])).toEqual([[charter.slug, 1]]);
});

test("notifications come newest first, page by page", async () => {
  const { charter } = await signedCharter(["A", "B", "C"]);
  const first = await loadPublicNotifications(visitor(), charter.slug, {}, 3);
  expect(first.notifications.map((one) => one.actNumber)).toEqual([4, 3, 2]);
  const second = await loadPublicNotifications(visitor(), charter.slug, { cursor: first.nextCursor ?? "" }, 3);
  expect(second.notifications.map((one) => one.actNumber)).toEqual([1]);
  expect(second.nextCursor).toBeNull();
});

test("reports are taken for public charters alone, and only so many in an hour", async () => {
  const { charter } = await signedCharter([]);
  const hidden = await record.charter({ visibility: "EMBARGOED" });
  const report = { text: "The second name is misspelt.", email: "", clauseId: "" };
  await expect(reportError(visitor(), hidden.slug, report)).rejects.toMatchObject({ code: "not-found" });
  for (let count = 0; count < reportsPerHourMax; count += 1) await reportError(visitor(), charter.slug, report);
  await expect(reportError(visitor(), charter.slug, report)).rejects.toMatchObject({ code: "too-many" });
  expect(await store.db.errorReport.count({ where: { charterId: charter.id } })).toBe(reportsPerHourMax);
});

const loads = [
  (ctx: Context, slug: string) => loadPublicCharter(ctx, slug),
  (ctx: Context, slug: string) => loadPublicVersion(ctx, slug),
  (ctx: Context, slug: string) => loadPublicVersion(ctx, slug, 1),
  (ctx: Context, slug: string) => loadPublicSignatories(ctx, slug, byDate),
  (ctx: Context, slug: string) => loadPublicClause(ctx, slug, "aaaaaaaaaaaa"),
  (ctx: Context, slug: string) => loadPublicComparison(ctx, slug, "1...1"),
  (ctx: Context, slug: string) => loadPublicNotifications(ctx, slug, {}),
];

/** What a load says to a visitor, and the kinds of query it sent to the database. */
async function heard(load: (ctx: Context) => Promise<unknown>) {
  const queries: string[] = [];
  const db = store.db.$extends({
    query: {
      $allOperations({ model, operation, args, query }) {
        queries.push(`${model ?? ""}.${operation}`);
        return query(args);
      },
    },
  });
  try {
    // The extended client has every method the queries use; its type alone differs.
    await load({ ...visitor(), db: db as unknown as Context["db"] });
  } catch (error) {
    if (error instanceof Refusal) return { refusal: { code: error.code, message: error.message }, queries };
    throw error;
  }
  throw new Error("It was answered.");
}

/** A public charter with one version, signed by organizations of these names, a day apart. */
async function signedCharter(names: readonly string[], more: { readonly state?: string } = {}) {
  const charter = await record.charter();
  const clauses = [clause("aaaaaaaaaaaa", "Pay fairly.")];
  const version = await record.version(charter, { clauses, openedAt: day("2031-01-01"), ...more });
  const organizations: RecordedOrganization[] = [];
  for (const [at, name] of names.entries()) {
    const organization = await record.organization({ name });
    await record.sign(charter, version, organization, new Date(day("2031-02-01").getTime() + at * 1000));
    organizations.push(organization);
  }
  return { charter, version, organizations };
}

function clause(id: string, text: string): Clause {
  return { id, kind: "clause", level: 1, heading: "", body: [{ kind: "p", text }] };
}

function visitor(now: Date = day("2031-06-15")): Context {
  return {
    db: store.db,
    actor: { kind: "visitor" },
    now,
    random: (bytes) => crypto.getRandomValues(bytes),
    site: {
      publicUrl: "http://localhost:3000",
      logOrigin: "localhost/log",
      signOrigin: "http://localhost:3000",
      signRpId: "localhost",
      isDemo: false,
      secret: new Uint8Array(32),
    },
  };
}
