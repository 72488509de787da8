import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { beginKeyEnrolment, enrolSigningKey } from "#lib/commands/enrol-signing-key.ts";
import { lodgeSignature } from "#lib/commands/lodge-signature.ts";
import { type PreparedView, prepareStatement } from "#lib/commands/prepare-statement.ts";
import { revokeSigningKey } from "#lib/commands/revoke-signing-key.ts";
import { openStore } from "#lib/data/store.ts";
import { enrolmentCode } from "#tests/support/enrolment.ts";
import { exported } from "#tests/support/exported.ts";
import { type TestPasskey, testPasskey } from "#tests/support/passkey.ts";
import { officer, openedVersion, sign } from "#tests/support/signing.ts";
import { createWorld, type World, type WorldPerson } from "#tests/support/world.ts";

let world: World;
let versionId: string;
beforeAll(async () => {
  world = await createWorld();
  versionId = (await openedVersion(world)).versionId;
});
afterAll(() => world.close());

type Officer = { readonly person: WorldPerson; readonly keyId: string; readonly passkey: TestPasskey };
type Answer = ReturnType<TestPasskey["assert"]>;

async function officerWithKey(): Promise<Officer> {
  const person = await officer(world, await world.organization());
  const organizationId = person.organization?.id ?? "";
  const passkey = testPasskey();
  const { challengeId, options } = await beginKeyEnrolment(world.as(person), organizationId);
  const response = passkey.register(options.challenge);
  const code = await enrolmentCode(world.as(person), organizationId, challengeId);
  const asked = { organizationId, challengeId, label: "Office", response, ...code };
  const { keyId } = await enrolSigningKey(world.as(person), asked);
  return { person, keyId, passkey };
}

async function prepare({ person, keyId }: Officer): Promise<PreparedView> {
  return prepareStatement(world.as(person), {
    versionId,
    organizationId: person.organization?.id ?? "",
    action: "sign",
    keyId,
    typedName: person.organization?.name ?? "",
  });
}

const challengeOf = (prepared: PreparedView) => prepared.passkey?.challenge ?? "";
const changed = (base64Url: string, change: (bytes: Buffer) => Buffer) =>
  change(Buffer.from(base64Url, "base64url")).toString("base64url");
const flags = (answer: Answer, byte: number): Answer => ({
  ...answer,
  authenticatorData: changed(answer.authenticatorData, (bytes) => Buffer.from(bytes.with(32, byte))),
});
const client = (answer: Answer, more: object): Answer => ({
  ...answer,
  clientDataJson: changed(answer.clientDataJson, (bytes) =>
    Buffer.from(JSON.stringify({ ...JSON.parse(bytes.toString()), ...more })),
  ),
});

/** What is in the record: refused input may add nothing to it. */
async function record(): Promise<unknown> {
  const { db } = world.store;
  return Promise.all([db.act.count(), db.logEntry.count(), db.actPublication.count(), db.signature.count()]);
}

describe("[bad input 35] what is lodged and is not what was prepared leaves the record as it was", () => {
  const cases: [string, (one: Officer, asked: PreparedView) => Answer | Promise<Answer>, string][] = [
    ["an answer to another statement", async (one) => one.passkey.assert(challengeOf(await prepare(one))), "statement"],
    [
      "a statement altered by one byte",
      (one, asked) =>
        one.passkey.assert(changed(challengeOf(asked), (bytes) => Buffer.from(bytes.with(0, (bytes[0] ?? 0) ^ 1)))),
      "statement",
    ],
    [
      "the key of another organization",
      async (_, asked) => (await officerWithKey()).passkey.assert(challengeOf(asked)),
      "",
    ],
    [
      "another key under the name of the enrolled one",
      (one, asked) => ({ ...testPasskey().assert(challengeOf(asked)), credentialId: one.passkey.credentialId }),
      "",
    ],
    ["nobody verified", (one, asked) => flags(one.passkey.assert(challengeOf(asked)), 0x01), ""],
    ["nobody present", (one, asked) => flags(one.passkey.assert(challengeOf(asked)), 0x04), ""],
    [
      "a page inside another site",
      (one, asked) => client(one.passkey.assert(challengeOf(asked)), { crossOrigin: true }),
      "",
    ],
    [
      "another site",
      (one, asked) => client(one.passkey.assert(challengeOf(asked)), { origin: "https://evil.example" }),
      "",
    ],
    [
      "an answer for signing in",
      (one, asked) => client(one.passkey.assert(challengeOf(asked)), { type: "webauthn.create" }),
      "",
    ],
    ["no signature", (one, asked) => ({ ...one.passkey.assert(challengeOf(asked)), signature: "AA" }), ""],
    [
      "client data that are none",
      (one, asked) => ({ ...one.passkey.assert(challengeOf(asked)), clientDataJson: "AAAA" }),
      "",
    ],
    [
      "a key revoked meanwhile",
      async (one, asked) => {
        await revokeSigningKey(world.as(one.person), one.keyId);
        return one.passkey.assert(challengeOf(asked));
      },
      "revoked",
    ],
  ];
  test.each(cases)("%s", async (_, answerOf, words) => {
    const one = await officerWithKey();
    const asked = await prepare(one);
    const answer = await answerOf(one, asked);
    const before = await record();
    const evidence = { class: "A" as const, ...answer };
    await expect(
      lodgeSignature(world.as(one.person), { preparedId: asked.preparedId, evidence }),
    ).rejects.toMatchObject({
      code: "evidence-invalid",
      message: expect.stringContaining(words),
    });
    expect(await record()).toEqual(before);
  });

  test("a statement on a text that is not the version's, and a nonce that was used", async () => {
    const one = await officerWithKey();
    const [first, second] = [await prepare(one), await prepare(one)];
    const { db } = world.store;
    const rows = await db.preparedStatement.findMany({ where: { id: { in: [first.preparedId, second.preparedId] } } });
    const textOf = (prepared: PreparedView) => rows.find((row) => row.id === prepared.preparedId)?.statement ?? "";
    const stale = textOf(second).replace(/version-sha256 [0-9a-f]{64}/, `version-sha256 ${"0".repeat(64)}`);
    await db.preparedStatement.update({ where: { id: second.preparedId }, data: { statement: stale } });
    const lodge = (asked: PreparedView) =>
      lodgeSignature(world.as(one.person), {
        preparedId: asked.preparedId,
        evidence: { class: "A", ...one.passkey.assert(challengeOf(asked)) },
      });
    const before = await record();
    await expect(lodge(second)).rejects.toMatchObject({ code: "text-changed" });
    expect(await record()).toEqual(before);
    const lodged = await lodge(first);
    const nonce = /nonce [0-9a-f]{32}/;
    const used = textOf(second).replace(nonce, nonce.exec(textOf(first))?.[0] ?? "");
    await db.preparedStatement.update({ where: { id: second.preparedId }, data: { statement: used } });
    const after = await record();
    // The same nonce is the same statement, whatever else it says: nothing is lodged, the first act is given back.
    expect(await lodge(second)).toMatchObject({ actId: lodged.actId });
    expect(await record()).toEqual(after);
  });
});

describe("[bad input 43] a database that somebody wrote in is found out, and the row is named", () => {
  const hex = (text: string) => `'\\x${Buffer.from(text).toString("hex")}'::bytea`;
  const cases: [string, string, RegExp][] = [
    // First: a text that was read once is kept by its hash, whatever becomes of its row.
    ["the text of a version", "UPDATE charter_version SET canonical = canonical || 'x'::bytea", /version/],
    ["an entry of the log", `UPDATE log_entry SET entry = ${hex("{}")} WHERE index = 3`, /[Ee]ntry 3|not the log/],
    [
      "an organization in an act",
      `UPDATE act SET payload = jsonb_set(payload, '{organization,legalName}', '"Evil Corp"') WHERE kind = 'sign'`,
      /signatories\.json/,
    ],
    ["the evidence of an act", 'UPDATE act_evidence SET evidence = evidence || \'{"method":"totp"}\'', /act 3|acts\/3/],
    ["a statement", "UPDATE act_evidence SET statement = replace(statement, 'General', 'Special')", /act 3|acts\/3/],
    ["an act that is left out", "DELETE FROM act_publication WHERE number = 3", /act|signatories/i],
  ];
  let source: World;
  let charterId: string;
  beforeAll(async () => {
    source = await createWorld();
    const opened = await openedVersion(source);
    charterId = opened.charterId;
    await sign(source, opened.convenor, opened.versionId);
    await sign(source, await officer(source, await source.organization()), opened.versionId);
    // A database is copied while nobody is in it.
    await source.store.close();
  });
  afterAll(() => source.database.drop());

  test.each(cases)("%s", async (_, sql, named) => {
    const name = `${new URL(source.database.url).pathname.slice(1)}_${cases.findIndex((one) => one[1] === sql)}`;
    const url = source.database.url.replace(/\/[^/]*$/, `/${name}`);
    const from = new URL(source.database.url).pathname.slice(1);
    await onDatabase(source.database.url.replace(/\/[^/]*$/, "/postgres"), `CREATE DATABASE ${name} TEMPLATE ${from}`);
    await onDatabase(url, "SET session_replication_role = replica", sql);
    const store = openStore(url, 2);
    try {
      const restored = { ...source, store, as: (one: WorldPerson | null) => ({ ...source.as(one), db: store.db }) };
      const found = await exported(restored, charterId).then(
        ({ verdict }) => (verdict.exit === 2 ? verdict.sentences.join("\n") : "nothing was found"),
        (error: unknown) => String(error),
      );
      expect(found).toMatch(named);
    } finally {
      await store.close();
      const dropped = `DROP DATABASE ${name} WITH (FORCE)`;
      await onDatabase(source.database.url.replace(/\/[^/]*$/, "/postgres"), dropped);
    }
  });
});

async function onDatabase(url: string, ...sql: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const one of sql) await client.query(one);
  } finally {
    await client.end();
  }
}
