import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ed25519 } from "@noble/curves/ed25519.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answerKey, askKey } from "#lib/commands/approve-signing-key.ts";
import { checkSigningKey } from "#lib/commands/check-signing-key.ts";
import { declareKeysOnly } from "#lib/commands/declare-keys-only.ts";
import { beginOwnKey, enrolOwnKey } from "#lib/commands/enrol-own-key.ts";
import { beginKeyEnrolment, enrolSigningKey } from "#lib/commands/enrol-signing-key.ts";
import { type LodgedSignature, lodgeSignature } from "#lib/commands/lodge-signature.ts";
import { openDueVersions } from "#lib/commands/open-due-versions.ts";
import { prepareStatement } from "#lib/commands/prepare-statement.ts";
import { keyRecheckMs, recheckSigningKeys } from "#lib/commands/recheck-signing-keys.ts";
import { revokeSigningKey } from "#lib/commands/revoke-signing-key.ts";
import { vouchForKey } from "#lib/commands/vouch-for-key.ts";
import type { Context } from "#lib/data/context.ts";
import { type DomainDoors, domainDoors } from "#lib/data/domain-proof.ts";
import { coolOffMs } from "#lib/data/enrol-bound.ts";
import { FileProblem } from "#lib/data/well-known.ts";
import { auditLog } from "#lib/ledger/audit-log.ts";
import { type Entry, parseEntry } from "#lib/ledger/entry.ts";
import { decodeUtf8, encodeBase64, sha256Hex } from "#lib/ledger/hash.ts";
import { parsePolicy } from "#lib/ledger/policy.ts";
import { encodeEd25519Spki } from "#lib/ledger/public-key.ts";
import { parseReceipt } from "#lib/ledger/receipt.ts";
import { signNote } from "#lib/ledger/signed-note.ts";
import { verifyReceipt } from "#lib/ledger/verify-receipt.ts";
import { loadCeremony } from "#lib/queries/ceremony.ts";
import { loadLogBlob } from "#lib/queries/public-log.ts";
import { receiptBytes } from "#lib/queries/receipt-bytes.ts";
import { loadSigningKeys } from "#lib/queries/signing-keys.ts";
import { createSigner, type Signer } from "#server/signer/signer.ts";
import { enrolmentCode } from "#tests/support/enrolment.ts";
import { startNameServer, type TestNameServer } from "#tests/support/name-server.ts";
import { type TestPasskey, testPasskey } from "#tests/support/passkey.ts";
import { officer, openedVersion, prepareByCode, sign, testLogKey } from "#tests/support/signing.ts";
import { createWorld, type World, type WorldPerson } from "#tests/support/world.ts";

let world: World;
let folder: string;
let signer: Signer;
let names: TestNameServer;
let doors: DomainDoors;
beforeAll(async () => {
  world = await createWorld();
  folder = await mkdtemp(join(tmpdir(), "concordat-signer-"));
  const key = { secretKey: testLogKey, publicKey: ed25519.getPublicKey(testLogKey) };
  signer = createSigner(world.store.db, { origin: "localhost/log", key, folder, isDemo: false });
  names = await startNameServer();
  doors = {
    ...domainDoors({ nameServer: names.address }),
    fetchFile: async () => {
      throw new FileProblem("There is no such file.", false);
    },
  };
});
afterAll(async () => {
  await names.close();
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

const idOf = (person: WorldPerson) => person.organization?.id ?? "";

/** An officer of a fresh organization that has confirmed a domain. */
async function newOfficer(): Promise<WorldPerson & { readonly domain: string }> {
  const person = await officer(world, await world.organization());
  const domain = `${idOf(person).slice(0, 8)}.example.org`;
  const at = world.now;
  const row = { organizationId: idOf(person), domain, confirmedAt: at, lastCheckedAt: at, lastGoodAt: at };
  await world.store.db.domainClaim.create({ data: row });
  return { ...person, domain };
}

async function enrol(person: WorldPerson): Promise<{ keyId: string; isBound: boolean; passkey: TestPasskey }> {
  const passkey = testPasskey();
  const organizationId = idOf(person);
  const { challengeId, options } = await beginKeyEnrolment(world.as(person), organizationId);
  const response = passkey.register(options.challenge);
  const code = await enrolmentCode(world.as(person), organizationId, challengeId);
  const asked = { organizationId, challengeId, label: "Office", response, ...code };
  const enrolled = await enrolSigningKey(world.as(person), asked);
  return { ...enrolled, passkey };
}

type OwnKey = { readonly keyId: string; readonly isBound: boolean; readonly sign: (text: string) => string };

async function enrolOwn(person: WorldPerson): Promise<OwnKey> {
  const secret = ed25519.utils.randomSecretKey();
  const publicKey = encodeBase64(encodeEd25519Spki(ed25519.getPublicKey(secret)));
  const organizationId = idOf(person);
  const asked = await beginOwnKey(world.as(person), { organizationId, publicKey, label: "Vault" });
  const note = signNote(asked.statement, organizationId, secret);
  const code = await enrolmentCode(world.as(person), organizationId, asked.statementId);
  const enrolled = await enrolOwnKey(world.as(person), { statementId: asked.statementId, note, ...code });
  return { ...enrolled, sign: (text) => signNote(text, organizationId, secret) };
}

async function approve(person: WorldPerson, withKeyId: string, passkey: TestPasskey, keyId: string | null) {
  const asked = await askKey(world.as(person), { organizationId: idOf(person), withKeyId, keyId });
  const answer = { class: "A" as const, ...passkey.assert(asked.passkey?.challenge ?? "") };
  await answerKey(world.as(person), { statementId: asked.statementId, answer });
}

async function prepared(person: WorldPerson, versionId: string, keyId: string) {
  const typedName = person.organization?.name ?? "";
  return prepareStatement(world.as(person), {
    versionId,
    organizationId: idOf(person),
    action: "sign",
    keyId,
    typedName,
  });
}

async function signWith(
  person: WorldPerson,
  versionId: string,
  keyId: string,
  passkey: TestPasskey,
): Promise<LodgedSignature> {
  const asked = await prepared(person, versionId, keyId);
  const evidence = { class: "A" as const, ...passkey.assert(asked.passkey?.challenge ?? "") };
  return lodgeSignature(world.as(person), { preparedId: asked.preparedId, evidence });
}

async function entriesFrom(index: number): Promise<Entry[]> {
  const rows = await world.store.db.logEntry.findMany({ where: { index: { gte: index } }, orderBy: { index: "asc" } });
  return rows.map((row) => parseEntry(row.entry));
}

const logSize = () => world.store.db.logEntry.count();

/** What the entries from a position on are about, less what follows from the signature for the version. */
async function brieflyFrom(index: number): Promise<string[]> {
  const entries = (await entriesFrom(index)).filter(({ type }) => type !== "version");
  return entries.map((entry) => ("action" in entry ? `${entry.type} ${entry.action}` : entry.type));
}

async function requireHonestLog(): Promise<void> {
  const rows = await world.store.db.logEntry.findMany({ orderBy: { index: "asc" } });
  expect(auditLog(rows.map((row) => row.entry))).toEqual([]);
}

function operator(person: WorldPerson): Context {
  const ctx = world.as(person);
  return ctx.actor.kind === "person" ? { ...ctx, actor: { ...ctx.actor, isOperator: true } } : ctx;
}

describe("the first key of an organization", () => {
  test("signs at once on the keeper's word, and is bound when the DNS of its domain names it", async () => {
    const { versionId } = await openedVersion(world);
    const person = await newOfficer();
    const { keyId, isBound, passkey } = await enrol(person);
    expect(isBound).toBe(true);
    const { spkiSha256 } = await world.store.db.signingKey.findUniqueOrThrow({ where: { id: keyId } });
    const keyHex = Buffer.from(spkiSha256).toString("hex");
    const check = () => checkSigningKey(world.as(person), idOf(person), keyId, doors);
    expect(await check()).toMatchObject({ state: "bad", problem: expect.stringContaining("no TXT record") });
    await expect(check()).rejects.toMatchObject({ code: "too-many" });

    await signWith(person, versionId, keyId, passkey);
    const before = await logSize();
    world.advance(10_000);
    names.records.set(`_concordat.${person.domain}`, [`v=1; k=${keyHex}`]);
    expect((await check()).state).toBe("good");
    const [bound] = await entriesFrom(before);
    expect(bound).toMatchObject({ type: "key", action: "bound", boundBy: "dns", key: keyHex });

    const sha256 = bound?.type === "key" ? (bound.evidenceSha256 ?? "") : "";
    const seen = await loadLogBlob(world.as(null), sha256);
    expect(sha256Hex(seen)).toBe(sha256);
    expect(JSON.parse(decodeUtf8(seen))).toMatchObject({
      domain: person.domain,
      records: [`v=1; k=${keyHex}`],
      nameServers: [names.address],
      at: world.now.toISOString(),
    });

    names.records.delete(`_concordat.${person.domain}`);
    world.advance(keyRecheckMs + 1);
    await recheckSigningKeys(world.as(null), doors);
    const row = await world.store.db.signingKey.findUniqueOrThrow({ where: { id: keyId } });
    expect(row.bindingProblem).toContain("no TXT record");
    expect(row.boundBy).toBe("dns");
    expect(await logSize()).toBe(before + 1);
  });
});

describe("a later key", () => {
  test("signs nothing until an enrolled one approves it, and the log shows the approval whole", async () => {
    const { versionId } = await openedVersion(world);
    const person = await newOfficer();
    const first = await enrol(person);
    const second = await enrol(person);
    expect(second.isBound).toBe(false);
    await expect(prepared(person, versionId, second.keyId)).rejects.toMatchObject({ code: "not-found" });

    await expect(approve(person, first.keyId, second.passkey, second.keyId)).rejects.toMatchObject({
      code: "evidence-invalid",
    });
    await approve(person, first.keyId, first.passkey, second.keyId);
    const before = await logSize();
    const { actId } = await signWith(person, versionId, second.keyId, second.passkey);
    expect(await brieflyFrom(before)).toEqual(["org verified", "key enrolled", "approval", "key enrolled", "act"]);
    await signer.signGrowth();
    const { key } = parseReceipt(await receiptBytes(world.as(person), actId));
    expect(key?.entry).toMatchObject({ boundBy: "key", approvedBy: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  test("an approval of another organization, a used one and one by a revoked key count for nothing", async () => {
    const person = await newOfficer();
    const first = await enrol(person);
    const second = await enrol(person);
    const stranger = await newOfficer();
    const foreign = { organizationId: idOf(stranger), withKeyId: first.keyId, keyId: second.keyId };
    await expect(askKey(world.as(stranger), foreign)).rejects.toMatchObject({ code: "not-found" });
    const own = { organizationId: idOf(person), withKeyId: first.keyId, keyId: second.keyId };
    const asked = await askKey(world.as(person), own);
    const answer = { class: "A" as const, ...first.passkey.assert(asked.passkey?.challenge ?? "") };
    await revokeSigningKey(world.as(person), first.keyId);
    await expect(answerKey(world.as(person), { statementId: asked.statementId, answer })).rejects.toMatchObject({
      code: "evidence-invalid",
    });
    const third = await enrol(person);
    expect(third.isBound).toBe(false);
  });

  test("may be let in by the operator, whose reason stands in the log before it", async () => {
    const { versionId } = await openedVersion(world);
    const person = await newOfficer();
    await enrol(person);
    const second = await enrol(person);
    const reason = "The only passkey was lost; the board wrote to us.";
    await expect(vouchForKey(world.as(person), { keyId: second.keyId, reason })).rejects.toMatchObject({
      code: "not-found",
    });
    await vouchForKey(operator(person), { keyId: second.keyId, reason });
    const before = await logSize();
    world.advance(coolOffMs);
    await signWith(person, versionId, second.keyId, second.passkey);
    const words = ["org verified", "operator vouched for a signing key", "key enrolled", "act"];
    expect(await brieflyFrom(before)).toEqual(words);
    expect((await entriesFrom(before))[1]).toMatchObject({ reason });
  });
});

describe("who finds a session open", () => {
  test("brings no key: each is confirmed by a code of its own, in the browser that asked, within five minutes", async () => {
    const person = await newOfficer();
    const organizationId = idOf(person);
    const begin = async () => {
      const { challengeId, options } = await beginKeyEnrolment(world.as(person), organizationId);
      const response = testPasskey().register(options.challenge);
      return { organizationId, challengeId, label: "Office", response };
    };
    const [one, other] = [await begin(), await begin()];
    const code = await enrolmentCode(world.as(person), organizationId, one.challengeId);
    const wrong = { ...code.confirmation, code: code.confirmation.code === "000000" ? "111111" : "000000" };
    await expect(enrolSigningKey(world.as(person), { ...one, confirmation: wrong })).rejects.toMatchObject({
      code: "wrong-code",
    });
    const elsewhere = await newOfficer();
    await expect(
      enrolSigningKey(world.as(elsewhere), { ...one, organizationId: idOf(elsewhere), ...code }),
    ).rejects.toMatchObject({ code: "wrong-code" });
    // A wrong code was no end: the right one still counts, and then no more.
    expect((await enrolSigningKey(world.as(person), { ...one, ...code })).isBound).toBe(true);
    await expect(enrolSigningKey(world.as(person), { ...other, ...code })).rejects.toMatchObject({ code: "expired" });
    const foreign = await enrolmentCode(world.as(person), organizationId, one.challengeId);
    await expect(enrolSigningKey(world.as(person), { ...other, ...foreign })).rejects.toMatchObject({
      code: "evidence-invalid",
    });
    const late = await begin();
    world.advance(5 * 60_000 + 1);
    const stale = await enrolmentCode(world.as(person), organizationId, late.challengeId);
    await expect(enrolSigningKey(world.as(person), { ...late, ...stale })).rejects.toMatchObject({ code: "expired" });
    expect(await world.store.db.signingKey.count({ where: { organizationId } })).toBe(1);
  });

  test("gets no signature by a later key that their own domain named before a day has passed, and everybody is told", async () => {
    const { versionId } = await openedVersion(world);
    const person = await newOfficer();
    const admin = await world.person(person.organization, ["admin"]);
    const colleague = await world.person(person.organization, ["signing-officer"]);
    const first = await enrol(person);
    world.advance(1000);
    const second = await enrol(person);
    const signsFrom = new Date(world.now.getTime() + coolOffMs);
    world.advance(1000);
    const mails = await world.store.db.outbox.findMany({ where: { kind: "signing-key-enrolled" } });
    for (const { email } of [admin, colleague]) {
      const told = mails.filter(({ to }) => to === email).map(({ payload }) => JSON.stringify(payload));
      expect(told.filter((text) => text.includes("signs nothing before"))).toHaveLength(1);
    }
    const { spkiSha256 } = await world.store.db.signingKey.findUniqueOrThrow({ where: { id: second.keyId } });
    names.records.set(`_concordat.${person.domain}`, [`v=1; k=${Buffer.from(spkiSha256).toString("hex")}`]);
    const bound = await checkSigningKey(world.as(person), idOf(person), second.keyId, doors);
    expect(bound.state).toBe("good");

    await expect(prepared(person, versionId, second.keyId)).rejects.toMatchObject({ code: "not-available" });
    const { standing } = await loadCeremony(world.as(person), versionId);
    expect(standing).toMatchObject({
      keys: [
        { id: second.keyId, signsFrom },
        { id: first.keyId, signsFrom: null },
      ],
    });
    // It vouches for no other key either, or the day would mean nothing.
    const third = await enrol(person);
    const ask = { organizationId: idOf(person), withKeyId: second.keyId, keyId: third.keyId };
    await expect(askKey(world.as(person), ask)).rejects.toMatchObject({ code: "not-found" });
    const view = await loadSigningKeys(world.as(person), idOf(person));
    expect(view.keys.map(({ state }) => state)).toEqual(["waiting", "resting", "live"]);
    expect(view.approvers.map(({ id }) => id)).toEqual([first.keyId]);

    // The approval by a key that has signed for the organization ends the rest at once.
    await approve(person, first.keyId, first.passkey, second.keyId);
    const asked = await prepared(person, versionId, second.keyId);
    // Should the rest begin between the statement and its lodging, the lodging finds it.
    await world.store.db.signingKey.update({ where: { id: second.keyId }, data: { signsFrom } });
    const evidence = { class: "A" as const, ...second.passkey.assert(asked.passkey?.challenge ?? "") };
    const lodged = () => lodgeSignature(world.as(person), { preparedId: asked.preparedId, evidence });
    await expect(lodged()).rejects.toMatchObject({ code: "evidence-invalid" });
    world.advance(coolOffMs);
    expect((await signWith(person, versionId, second.keyId, second.passkey)).isPublic).toBe(true);
  });
});

describe("an organization's own key", () => {
  test("signs on another machine, a day later too, and is valid offline by the reader's policy", async () => {
    const { versionId } = await openedVersion(world);
    const person = await newOfficer();
    const own = await enrolOwn(person);
    expect(own.isBound).toBe(true);
    const asked = await prepared(person, versionId, own.keyId);
    expect(asked).toMatchObject({ isCarried: true, passkey: null, codeSentTo: null });
    world.advance(20 * 3_600_000);
    const { standing } = await loadCeremony(world.as(person), versionId);
    expect(standing).toMatchObject({ waiting: { preparedId: asked.preparedId, statement: asked.statement } });
    const lodge = (note: string) =>
      lodgeSignature(world.as(person), { preparedId: asked.preparedId, evidence: { class: "A'", note } });
    const other = signNote(asked.statement, idOf(person), new Uint8Array(32).fill(1));
    await expect(lodge(other)).rejects.toMatchObject({ code: "evidence-invalid" });
    await expect(lodge(own.sign(asked.statement.replace("action sign", "action withdraw")))).rejects.toMatchObject({
      code: "evidence-invalid",
    });
    const { actId } = await lodge(own.sign(asked.statement).replaceAll("\n", "\r\n"));
    await signer.signGrowth();
    const bytes = await receiptBytes(world.as(person), actId);
    const receipt = parseReceipt(bytes);
    expect(receipt.evidence.class).toBe("A'");
    const { key } = receipt.act.entry.type === "act" ? receipt.act.entry : { key: null };
    const policy = parsePolicy(`log ${receipt.log}\norganization ${idOf(person)} ${key}\nquorum none\n`);
    expect(verifyReceipt(bytes, policy)).toMatchObject({ exit: 3, sentence: expect.stringContaining("Valid") });
  });

  test("is not enrolled without its secret key, twice, or for another organization", async () => {
    const person = await newOfficer();
    const secret = ed25519.utils.randomSecretKey();
    const publicKey = encodeBase64(ed25519.getPublicKey(secret));
    const begin = (who: WorldPerson) =>
      beginOwnKey(world.as(who), { organizationId: idOf(who), publicKey, label: "Vault" });
    const asked = await begin(person);
    const other = await newOfficer();
    for (const note of [
      signNote(asked.statement, idOf(person), new Uint8Array(32).fill(1)),
      signNote(asked.statement, idOf(other), secret),
      signNote((await begin(other)).statement, idOf(other), secret),
      "",
    ]) {
      const code = await enrolmentCode(world.as(person), idOf(person), asked.statementId);
      await expect(
        enrolOwnKey(world.as(person), { statementId: asked.statementId, note, ...code }),
      ).rejects.toMatchObject({ name: "Refusal" });
    }
    const note = signNote(asked.statement, idOf(person), secret);
    const code = await enrolmentCode(world.as(person), idOf(person), asked.statementId);
    await enrolOwnKey(world.as(person), { statementId: asked.statementId, note, ...code });
    await expect(begin(other)).rejects.toMatchObject({ code: "conflict" });
  });

  test("approves a passkey as a passkey approves it", async () => {
    const person = await newOfficer();
    const own = await enrolOwn(person);
    const passkey = await enrol(person);
    const ask = { organizationId: idOf(person), withKeyId: own.keyId, keyId: passkey.keyId };
    const asked = await askKey(world.as(person), ask);
    expect(asked.passkey).toBeNull();
    const answer = { class: "A'" as const, note: own.sign(asked.statement) };
    await answerKey(world.as(person), { statementId: asked.statementId, answer });
    const row = await world.store.db.signingKey.findUniqueOrThrow({ where: { id: passkey.keyId } });
    expect(row).toMatchObject({ boundBy: "key", boundAt: world.now });
  });
});

describe("an organization for which only its keys count", () => {
  test("is in the log as such; a code is refused, and only a key of it takes that back", async () => {
    const { versionId } = await openedVersion(world);
    const person = await newOfficer();
    await expect(declareKeysOnly(world.as(person), idOf(person))).rejects.toMatchObject({ code: "conflict" });
    const { keyId, passkey } = await enrol(person);
    const waiting = await prepareByCode(world, person, { versionId });
    await declareKeysOnly(world.as(person), idOf(person));
    const byCode = { preparedId: waiting.preparedId, evidence: { class: "B" as const, code: waiting.code } };
    await expect(lodgeSignature(world.as(person), byCode)).rejects.toMatchObject({ code: "evidence-invalid" });
    await expect(prepareByCode(world, person, { versionId })).rejects.toMatchObject({ code: "evidence-invalid" });

    const before = await logSize();
    await signWith(person, versionId, keyId, passkey);
    expect(await brieflyFrom(before)).toEqual(["org verified", "key enrolled", "org keys-only", "act"]);
    await approve(person, keyId, passkey, null);
    expect((await brieflyFrom(before)).slice(4)).toEqual(["approval", "org all-evidence"]);
    const { versionId: other } = await openedVersion(world);
    await expect(sign(world, person, other)).resolves.toMatchObject({ isSealed: false });
  });

  test("can not be declared while a signature by code is sealed", async () => {
    const opening = { kind: "at", wallTime: "2031-06-01T10:00", zone: "UTC" } as const;
    const { versionId, charterId } = await openedVersion(world, { opening });
    const person = await newOfficer();
    await world.seat(charterId, person);
    await enrol(person);
    await sign(world, person, versionId);
    await expect(declareKeysOnly(world.as(person), idOf(person))).rejects.toMatchObject({ code: "conflict" });
  });
});

test("a key that was revoked under seal is enrolled, signs and is revoked in the log, in this order", async () => {
  const wallTime = new Date(world.now.getTime() + 48 * 3_600_000).toISOString().slice(0, 16);
  const opening = { kind: "at", wallTime, zone: "UTC" } as const;
  const { versionId, charterId } = await openedVersion(world, { opening });
  const person = await newOfficer();
  await world.seat(charterId, person);
  const { keyId, passkey } = await enrol(person);
  const { actId } = await signWith(person, versionId, keyId, passkey);
  const before = await logSize();
  await revokeSigningKey(world.as(person), keyId);
  expect(await logSize()).toBe(before);
  world.advance(49 * 3_600_000);
  expect(await openDueVersions(world.store.db, world.now)).toContain(versionId);
  expect(await brieflyFrom(before)).toEqual(["org verified", "key enrolled", "act", "key revoked"]);
  await signer.signGrowth();
  const { notes, exit } = verifyReceipt(await receiptBytes(world.as(person), actId), null);
  expect(notes.join(" ")).toContain("revoked");
  expect(exit).toBe(5);
});

test("after all of this the log is one that an honest keeper would write", requireHonestLog);
