import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answerKey, askKey } from "#lib/commands/approve-signing-key.ts";
import { askForReview } from "#lib/commands/ask-for-review.ts";
import { decideReview } from "#lib/commands/decide-review.ts";
import { declareKeysOnly } from "#lib/commands/declare-keys-only.ts";
import { declareSuccession } from "#lib/commands/declare-succession.ts";
import { disputeSignature } from "#lib/commands/dispute-signature.ts";
import { endorseCorrection } from "#lib/commands/endorse-correction.ts";
import { beginKeyEnrolment, enrolSigningKey } from "#lib/commands/enrol-signing-key.ts";
import { examineSignature } from "#lib/commands/examine-signature.ts";
import { keepInstrument } from "#lib/commands/keep-instrument.ts";
import { lodgeSignature } from "#lib/commands/lodge-signature.ts";
import { narrowReservation } from "#lib/commands/narrow-reservation.ts";
import { objectToCorrection } from "#lib/commands/object-to-correction.ts";
import { type PrepareStatement, prepareStatement } from "#lib/commands/prepare-statement.ts";
import { proposeCorrection } from "#lib/commands/propose-correction.ts";
import { publishDueCorrections } from "#lib/commands/publish-corrections.ts";
import { reaffirmSignature } from "#lib/commands/reaffirm-signature.ts";
import { recordInstrument } from "#lib/commands/record-instrument.ts";
import { revokeSigningKey } from "#lib/commands/revoke-signing-key.ts";
import { revokeWithdrawal } from "#lib/commands/revoke-withdrawal.ts";
import { settleDispute } from "#lib/commands/settle-dispute.ts";
import { succeedOrganization } from "#lib/commands/succeed-organization.ts";
import { takeBackCorrection } from "#lib/commands/take-back-correction.ts";
import { voidSignature } from "#lib/commands/void-signature.ts";
import { vouchForKey } from "#lib/commands/vouch-for-key.ts";
import { withdrawSignature } from "#lib/commands/withdraw-signature.ts";
import { withholdClause } from "#lib/commands/withhold-clause.ts";
import type { Context } from "#lib/data/context.ts";
import type { Db } from "#lib/data/store.ts";
import type { LodgeStatement } from "#lib/domain/lodging.ts";
import { parseCanonicalVersion } from "#lib/ledger/canonical-version.ts";
import { encodeUtf8 } from "#lib/ledger/hash.ts";
import { enrolmentCode } from "#tests/support/enrolment.ts";
import { bothLosses, ConnectionLost, losingTransaction } from "#tests/support/lost.ts";
import { type TestPasskey, testPasskey } from "#tests/support/passkey.ts";
import { brokenInvariants, logFindings } from "#tests/support/record-invariants.ts";
import { openReview } from "#tests/support/reviews.ts";
import { type AdoptedVersion, officer, openedVersion } from "#tests/support/signing.ts";
import { createWorld, type World, type WorldPerson } from "#tests/support/world.ts";

/**
 * Every command that writes into the public record loses its connection at the commit: before it, or right after. Then the person tries
 * again. Afterwards it happened once: one act, one number, one place in the log, and nothing of the lost try is left.
 */
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

type KeyHolder = WorldPerson & { readonly id: string; readonly keyId: string; readonly passkey: TestPasskey };
type Stage = { readonly version: AdoptedVersion; readonly signer: KeyHolder; readonly signActId: string };

type Case = {
  readonly name: string;
  /** What a second try gets when the first one was not lost, but its answer. */
  readonly again: "the same" | "conflict" | "expired";
  /** Sets the stage and gives back what is tried, twice. */
  readonly play: (stage: Stage) => Promise<(db: Db) => Promise<unknown>>;
};

const reason = "Looked into on 3 May, sheet 12.";
const cases: readonly Case[] = [
  {
    name: "signing",
    again: "the same",
    play: async ({ version }) => prepared(await keyHolder(), version, lodgeSignature, { action: "sign" }),
  },
  {
    name: "giving notice of withdrawal",
    again: "the same",
    play: async ({ version, signer }) => prepared(signer, version, withdrawSignature, { action: "withdraw" }),
  },
  {
    name: "taking the notice back",
    again: "the same",
    play: async ({ version, signer }) => {
      await (await prepared(signer, version, withdrawSignature, { action: "withdraw" }))(world.store.db);
      return prepared(signer, version, revokeWithdrawal, { action: "revoke-withdrawal" });
    },
  },
  {
    name: "re-affirming",
    again: "the same",
    play: async ({ version, signer }) => prepared(signer, version, reaffirmSignature, { action: "reaffirm" }),
  },
  {
    name: "finding reservations in due form",
    again: "the same",
    play: async ({ version }) => {
      const { actId } = await reserved(version);
      return (db) => examineSignature(as(version.convenor, db), { actId, outcome: "accept" });
    },
  },
  {
    name: "narrowing a reservation",
    again: "the same",
    play: async ({ version }) => {
      const { actId, holder } = await reserved(version);
      await examineSignature(world.as(version.convenor), { actId, outcome: "accept" });
      return prepared(holder, version, narrowReservation, { action: "narrow-reservation", reservations: [] });
    },
  },
  {
    name: "disputing a signature",
    again: "conflict",
    play:
      async ({ signer, signActId }) =>
      (db) =>
        disputeSignature(as(signer, db), { signActId, reason }),
  },
  {
    name: "disputing a signature, by its charter's depositary,",
    again: "conflict",
    play:
      async ({ version, signActId }) =>
      (db) =>
        disputeSignature(as(version.convenor, db), { signActId, reason }),
  },
  {
    name: "settling a dispute",
    again: "conflict",
    play: async ({ signer, signActId }) => {
      await disputeSignature(world.as(signer), { signActId, reason });
      const operator = await newOperator();
      return (db) => settleDispute({ ...operator, db }, { signActId, reason });
    },
  },
  {
    name: "finding a signature void",
    again: "conflict",
    play: async ({ signActId }) => {
      const operator = await newOperator();
      return (db) => voidSignature({ ...operator, db }, { signActId, reason });
    },
  },
  {
    name: "finding a disputed signature void, by its charter's depositary,",
    again: "conflict",
    play: async ({ version, signer, signActId }) => {
      await disputeSignature(world.as(signer), { signActId, reason });
      return (db) => voidSignature(as(version.convenor, db), { signActId, reason });
    },
  },
  {
    name: "verifying an organization under another name",
    again: "conflict",
    play: async ({ signer }) => {
      const admin = { ...signer, roles: ["admin"] as const };
      const wanted = { legalName: `Renamed ${signer.id.slice(0, 8)} Oy`, displayName: "", country: "", class: "" };
      await askForReview(world.as(admin), signer.id, "Sheet 7 of the register, of 3 May.", wanted);
      const { id: reviewId, shown } = await openReview(world, signer.id);
      const operator = await newOperator();
      return (db) => decideReview({ ...operator, db }, { reviewId, shown, outcome: "verified", reason });
    },
  },
  {
    name: "recording a successor",
    again: "conflict",
    play: async ({ signer }) => {
      const [operator, successor] = [await newOperator(), await keyHolder()];
      const merger = { organizationId: signer.id, successorId: successor.id, ground: "merger", reason } as const;
      return (db) => succeedOrganization({ ...operator, db }, merger);
    },
  },
  {
    name: "carrying on a predecessor's signature",
    again: "conflict",
    play: async ({ signer, signActId }) => {
      const successor = await keyHolder();
      const merger = { organizationId: signer.id, successorId: successor.id, ground: "merger", reason } as const;
      await succeedOrganization(await newOperator(), merger);
      return (db) => declareSuccession(as(successor, db), { signActId, outcome: "continues", reason });
    },
  },
  {
    name: "proposing a correction",
    again: "conflict",
    play:
      async ({ version }) =>
      (db) =>
        propose(version, db),
  },
  {
    name: "taking a proposed correction back",
    again: "conflict",
    play: async ({ version }) => {
      const { correctionId } = await propose(version);
      return (db) => takeBackCorrection(as(version.convenor, db), { correctionId, reason });
    },
  },
  {
    name: "withholding a clause",
    again: "conflict",
    play: async ({ version: { versionId, ...version } }) => {
      const [operator, [clause]] = [await newOperator(), (await textOf({ versionId, ...version })).clauses];
      return (db) => withholdClause({ ...operator, db }, { versionId, clauseId: clause?.id ?? "", reason });
    },
  },
  {
    name: "endorsing a correction",
    again: "the same",
    play: async ({ version, signer }) => {
      await propose(version);
      world.advance(15 * 86_400_000);
      await publishDueCorrections(world.store.db, world.now);
      return prepared(signer, version, endorseCorrection, { action: "endorse-correction" });
    },
  },
  {
    name: "objecting to a correction",
    again: "conflict",
    play: async ({ version, signer }) => {
      const { correctionId } = await propose(version);
      return (db) => objectToCorrection(as(signer, db), { correctionId, organizationId: signer.id, reason });
    },
  },
  {
    name: "recording an instrument on paper",
    again: "the same",
    play: async ({ version }) => {
      const { id } = await keyHolder();
      const scan = {
        versionId: version.versionId,
        mediaType: "application/pdf",
        bytes: encodeUtf8("%PDF-1.7 We sign."),
      };
      const { instrumentId } = await keepInstrument(world.as(version.convenor), scan);
      const receivedOn = world.now.toISOString().slice(0, 10);
      const who = { organizationId: id, officerName: "Ada Lindqvist", officerTitle: "Minister" };
      return (db) => recordInstrument(as(version.convenor, db), { instrumentId, receivedOn, ...who });
    },
  },
  {
    name: "approving a later key by an enrolled one",
    again: "expired",
    play: async ({ signer }) => {
      const { keyId } = await enrol(signer);
      const { statementId, passkey } = await askKey(world.as(signer), {
        organizationId: signer.id,
        withKeyId: signer.keyId,
        keyId,
      });
      const answer = { class: "A" as const, ...signer.passkey.assert(passkey?.challenge ?? "") };
      return (db) => answerKey(as(signer, db), { statementId, answer });
    },
  },
  {
    name: "vouching for a later key",
    again: "conflict",
    play: async ({ signer }) => {
      const [operator, { keyId }] = [await newOperator(), await enrol(signer)];
      return (db) => vouchForKey({ ...operator, db }, { keyId, reason });
    },
  },
  {
    name: "revoking a key",
    again: "the same",
    play:
      async ({ signer }) =>
      (db) =>
        revokeSigningKey(as(signer, db), signer.keyId),
  },
  {
    name: "declaring that only keys count",
    again: "the same",
    play:
      async ({ signer }) =>
      (db) =>
        declareKeysOnly(as(signer, db), signer.id),
  },
];

describe.each(cases)("$name happens once, or not at all, when", ({ again, play }) => {
  test("the write or the answer is lost", async () => {
    const grown: number[] = [];
    for (const lost of bothLosses) {
      const stage = await setStage();
      const run = await play(stage);
      const before = await traces();
      await expect(run(losingTransaction(world.store.db, lost)), lost).rejects.toThrow(ConnectionLost);
      const between = await traces();
      if (lost === "the write is lost") expect(between).toEqual(before);
      const second = run(world.store.db);
      if (lost === "the write is lost" || again === "the same") await second;
      else await expect(second).rejects.toMatchObject({ code: again });
      const after = await traces();
      // Whichever of the two tries it was: the same is there, and nothing twice.
      if (lost === "the answer is lost") expect(after).toEqual(between);
      grown.push(after.entries - before.entries);
      expect(await brokenInvariants(world.store, stage.version.charterId, world.now), lost).toEqual([]);
    }
    expect(grown[0]).toBe(grown[1]);
  });
});

test.each(bothLosses)("a key that a mailed code confirms is enrolled once, or not at all, when %s", async (lost) => {
  const organization = await world.organization();
  const person = { ...(await officer(world, organization)), id: organization.id };
  const passkey = testPasskey();
  const { challengeId, options } = await beginKeyEnrolment(world.as(person), person.id);
  const code = await enrolmentCode(world.as(person), person.id, challengeId);
  const response = passkey.register(options.challenge);
  const asked = { organizationId: person.id, challengeId, label: "Office", response, ...code };
  const enrolled = () => world.store.db.signingKey.count({ where: { organizationId: person.id } });
  await expect(enrolSigningKey(as(person, losingTransaction(world.store.db, lost)), asked)).rejects.toThrow(
    ConnectionLost,
  );
  expect(await enrolled()).toBe(lost === "the write is lost" ? 0 : 1);
  // The code is spent before, so that a wrong one stays counted: who tries again asks for another, and nothing is there twice.
  await expect(enrolSigningKey(world.as(person), asked)).rejects.toMatchObject({ code: "expired" });
  expect(await enrolled()).toBe(lost === "the write is lost" ? 0 : 1);
  if (lost === "the write is lost") await enrol(person);
  expect(await enrolled()).toBe(1);
});

test("the log that all of these have grown is whole and in good order", async () => {
  expect(await logFindings(world.store)).toEqual([]);
});

/** Everything that an act leaves behind, counted. */
async function traces() {
  const { db } = world.store;
  const [entries, acts, publications, mails, enrolments, bindings, spent] = await Promise.all([
    db.logEntry.count(),
    db.act.count(),
    db.actPublication.count(),
    db.outbox.count(),
    db.keyEnrolment.count(),
    db.keyBinding.count(),
    db.preparedStatement.count({ where: { usedAt: { not: null } } }),
  ]);
  return { entries, acts, publications, mails, enrolments, bindings, spent };
}

/** A charter with a signature in public. */
async function setStage(): Promise<Stage> {
  const version = await openedVersion(world, { policy: { reservationPolicy: "any-clause" } });
  const signer = await keyHolder();
  const signed = await (await prepared(signer, version, lodgeSignature, { action: "sign" }))(world.store.db);
  return { version, signer, signActId: signed.actId };
}

function as(person: WorldPerson, db: Db): Context {
  return { ...world.as(person), db };
}

async function newOperator(): Promise<Context> {
  const ctx = world.as(await world.person(null));
  return ctx.actor.kind === "person" ? { ...ctx, actor: { ...ctx.actor, isOperator: true } } : ctx;
}

async function keyHolder(): Promise<KeyHolder> {
  const organization = await world.organization();
  const person = await officer(world, organization);
  return { ...person, id: organization.id, ...(await enrol({ ...person, id: organization.id })) };
}

async function enrol(person: WorldPerson & { readonly id: string }) {
  const passkey = testPasskey();
  const { challengeId, options } = await beginKeyEnrolment(world.as(person), person.id);
  const response = passkey.register(options.challenge);
  const code = await enrolmentCode(world.as(person), person.id, challengeId);
  const asked = { organizationId: person.id, challengeId, label: "Office", response, ...code };
  return { keyId: (await enrolSigningKey(world.as(person), asked)).keyId, passkey };
}

/** A statement signed with the officer's passkey, to be lodged by a command as often as one likes. */
async function prepared<T>(
  holder: KeyHolder,
  { versionId }: AdoptedVersion,
  command: (ctx: Context, input: LodgeStatement) => Promise<T>,
  input: Pick<PrepareStatement, "action"> & Partial<PrepareStatement>,
): Promise<(db: Db) => Promise<T>> {
  world.advance(60_000);
  const typedName = holder.organization?.name ?? "";
  const subject = { versionId, organizationId: holder.id, keyId: holder.keyId, typedName };
  const { preparedId, passkey } = await prepareStatement(world.as(holder), { ...subject, ...input });
  const evidence = { class: "A" as const, ...holder.passkey.assert(passkey?.challenge ?? "") };
  return (db) => command(as(holder, db), { preparedId, evidence });
}

/** A signature with a reservation, which waits for the depositary. */
async function reserved(version: AdoptedVersion): Promise<{ actId: string; holder: KeyHolder }> {
  const holder = await keyHolder();
  const [clause] = (await textOf(version)).clauses;
  const reservations = [{ clauseId: clause?.id ?? "", text: "We report every second year." }];
  const lodge = await prepared(holder, version, lodgeSignature, { action: "sign", reservations });
  return { actId: (await lodge(world.store.db)).actId, holder };
}

async function propose(version: AdoptedVersion, db: Db = world.store.db) {
  const clause = (await textOf(version)).clauses.find(({ body }) => body.some(({ text }) => text.length > 10));
  const wrong = clause?.body.find(({ text }) => text.length > 10)?.text ?? "";
  const replacements = [{ clauseId: clause?.id ?? "", wrong, right: `${wrong} Always.` }];
  return proposeCorrection(as(version.convenor, db), { versionId: version.versionId, replacements, reason });
}

async function textOf({ versionId }: AdoptedVersion) {
  const row = await world.store.db.charterVersion.findUniqueOrThrow({ where: { id: versionId } });
  return parseCanonicalVersion(row.canonical).text;
}
