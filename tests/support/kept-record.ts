import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ed25519PublicKey } from "#ledger-crypto";
import { beginKeyEnrolment, enrolSigningKey } from "#lib/commands/enrol-signing-key.ts";
import { examineSignature } from "#lib/commands/examine-signature.ts";
import { lodgeSignature } from "#lib/commands/lodge-signature.ts";
import { openForSignature } from "#lib/commands/open-for-signature.ts";
import { type PrepareStatement, prepareStatement } from "#lib/commands/prepare-statement.ts";
import { startNewVersion } from "#lib/commands/start-new-version.ts";
import { withdrawSignature } from "#lib/commands/withdraw-signature.ts";
import type { Context } from "#lib/data/context.ts";
import type { LodgeStatement } from "#lib/domain/lodging.ts";
import { formatVkey, noteKey } from "#lib/ledger/signed-note.ts";
import { loadPublicCheckpoint } from "#lib/queries/public-log.ts";
import { receiptBytes } from "#lib/queries/receipt-bytes.ts";
import { createSigner, type Signer } from "#server/signer/signer.ts";
import { enrolmentCode } from "./enrolment.ts";
import { type TestPasskey, testPasskey } from "./passkey.ts";
import { exportBytes } from "./public-file.ts";
import { adoptDraft, officer, openedVersion, sign, testLogKey } from "./signing.ts";
import { createWorld, type World, type WorldPerson } from "./world.ts";

/** An officer with the passkey of its organization. */
export type KeyHolder = WorldPerson & {
  readonly passkey: TestPasskey;
  readonly keyId: string;
  readonly organizationId: string;
};

/** A record that was kept honestly, and what its readers took home from it. */
export type KeptRecord = {
  readonly world: World;
  readonly ctx: Context;
  readonly slug: string;
  readonly charterId: string;
  /** Two versions of one charter, both open; `versionIds[0]` is version 1. */
  readonly versionIds: readonly string[];
  /** Sign with keys that the reader knows; the second made a reservation. */
  readonly holders: readonly KeyHolder[];
  /** Signed by a mailed code. */
  readonly byCode: WorldPerson;
  /** Signed with a key the reader knows, and has given notice of withdrawal. */
  readonly withdrawn: KeyHolder;
  readonly taken: Taken;
};

/** What readers hold: the policy that they made from elsewhere, receipts, checkpoints and an export. */
export type Taken = {
  readonly policy: string;
  /** `receipt.json` of the first holder, as of the checkpoint. */
  readonly receipt: Uint8Array;
  /** `receipt.json` of the withdrawal. */
  readonly withdrawal: Uint8Array;
  /** The newest checkpoint, as every receipt and notification prints it. */
  readonly checkpoint: string;
  readonly export: Uint8Array;
};

/** Keeps a record by the commands of the product: signatures with keys and by code, a reservation, a second version, a withdrawal. */
export async function keepRecord(): Promise<KeptRecord> {
  const world = await createWorld();
  const folder = await mkdtemp(join(tmpdir(), "concordat-kept-"));
  const key = { secretKey: testLogKey, publicKey: ed25519PublicKey(testLogKey) };
  const signer = createSigner(world.store.db, { origin: "localhost/log", key, folder, isDemo: false });
  try {
    const first = await openedVersion(world, { policy: { reservationPolicy: "any-clause" } });
    const tick = async () => {
      world.advance(60_000);
      await signer.signGrowth();
    };
    const holders = [await keyHolder(world, signer), await keyHolder(world, signer)] as const;
    const plain = await signByKey(world, holders[0], first.versionId, { statementForPublication: "We sign gladly." });
    await tick();
    const clauseId = await firstClause(world, first.versionId);
    const reserved = await signByKey(world, holders[1], first.versionId, {
      reservations: [{ clauseId, text: "We report every second year." }],
    });
    await examineSignature(world.as(first.convenor), { actId: reserved.actId, outcome: "accept" });
    await tick();
    const byCode = await officer(world, await world.organization());
    await sign(world, byCode, first.versionId);
    await tick();
    const second = await nextVersion(world, first.charterId, first.convenor);
    await tick();
    const withdrawn = await keyHolder(world, signer);
    await signByKey(world, withdrawn, first.versionId);
    await tick();
    const notice = await withdrawByKey(world, withdrawn, first.versionId);
    await tick();
    const ctx = world.as(null);
    const charter = await world.store.db.charter.findUniqueOrThrow({ where: { id: first.charterId } });
    const slug = charter.slug ?? "";
    const taken = {
      policy: await policyOf(world, [...holders, withdrawn]),
      receipt: await receiptBytes(ctx, plain.actId),
      withdrawal: await receiptBytes(ctx, notice.actId),
      checkpoint: await loadPublicCheckpoint(ctx),
      export: await exportBytes(ctx, slug),
    };
    const versionIds = [first.versionId, second];
    return { world, ctx, slug, charterId: first.charterId, versionIds, holders, byCode, withdrawn, taken };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A fresh organization whose officer holds its only passkey. */
async function keyHolder(world: World, signer: Signer): Promise<KeyHolder> {
  const organization = await world.organization();
  const person = await officer(world, organization);
  const passkey = testPasskey();
  const { challengeId, options } = await beginKeyEnrolment(world.as(person), organization.id);
  const response = passkey.register(options.challenge);
  const { keyId } = await enrolSigningKey(world.as(person), {
    organizationId: organization.id,
    challengeId,
    label: "Office key",
    response,
    ...(await enrolmentCode(world.as(person), organization.id, challengeId)),
  });
  await signer.signGrowth();
  return { ...person, passkey, keyId, organizationId: organization.id };
}

async function signByKey(world: World, holder: KeyHolder, versionId: string, more: Partial<PrepareStatement> = {}) {
  return lodgeSignature(world.as(holder), await confirmed(world, holder, { versionId, action: "sign", ...more }));
}

async function withdrawByKey(world: World, holder: KeyHolder, versionId: string) {
  return withdrawSignature(world.as(holder), await confirmed(world, holder, { versionId, action: "withdraw" }));
}

async function confirmed(
  world: World,
  { organizationId, organization, passkey, keyId, ...person }: KeyHolder,
  input: Pick<PrepareStatement, "versionId" | "action"> & Partial<PrepareStatement>,
): Promise<LodgeStatement> {
  const typedName = organization?.name ?? "";
  const ctx = world.as({ ...person, organization });
  const prepared = await prepareStatement(ctx, { organizationId, keyId, typedName, ...input });
  return {
    preparedId: prepared.preparedId,
    evidence: { class: "A", ...passkey.assert(prepared.passkey?.challenge ?? "") },
  };
}

async function firstClause(world: World, versionId: string): Promise<string> {
  const { clauseHashes } = await world.store.db.charterVersion.findUniqueOrThrow({ where: { id: versionId } });
  const [, clause] = JSON.parse(JSON.stringify(clauseHashes));
  return clause.id;
}

async function nextVersion(world: World, charterId: string, convenor: WorldPerson): Promise<string> {
  await startNewVersion(world.as(convenor), { charterId });
  const versionId = await adoptDraft(world, charterId, convenor);
  await openForSignature(world.as(convenor), { versionId, opening: { kind: "now" } });
  return versionId;
}

/** What a careful reader trusts: the log's key, and the keys that the organizations themselves told of. */
async function policyOf(world: World, holders: readonly KeyHolder[]): Promise<string> {
  const rows = await world.store.db.signingKey.findMany({ where: { id: { in: holders.map(({ keyId }) => keyId) } } });
  return [
    `log ${formatVkey(noteKey("localhost/log", ed25519PublicKey(testLogKey)))}`,
    "relying-party localhost http://localhost:3000",
    ...rows.map((row) => `organization ${row.organizationId} ${Buffer.from(row.spkiSha256).toString("hex")}`),
    "quorum none",
    "",
  ].join("\n");
}
