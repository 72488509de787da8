import { afterAll, beforeAll, expect, test } from "vitest";
import { cancelOpening } from "#lib/commands/cancel-opening.ts";
import { changeOpening } from "#lib/commands/change-opening.ts";
import { effectWithdrawals } from "#lib/commands/effect-due.ts";
import { examineSignature } from "#lib/commands/examine-signature.ts";
import { lodgeSignature } from "#lib/commands/lodge-signature.ts";
import { narrowReservation } from "#lib/commands/narrow-reservation.ts";
import { openDueVersions } from "#lib/commands/open-due-versions.ts";
import { openForSignature } from "#lib/commands/open-for-signature.ts";
import type { PrepareStatement } from "#lib/commands/prepare-statement.ts";
import { reaffirmSignature } from "#lib/commands/reaffirm-signature.ts";
import { retractSignature } from "#lib/commands/retract-signature.ts";
import { revokeWithdrawal } from "#lib/commands/revoke-withdrawal.ts";
import { withdrawSignature } from "#lib/commands/withdraw-signature.ts";
import { ActPayload } from "#lib/domain/acts.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { type ProjectedSignature, projectSignatures } from "#lib/domain/signature-projection.ts";
import { parseCanonicalVersion } from "#lib/ledger/canonical-version.ts";
import { exported } from "#tests/support/exported.ts";
import { type AdoptedVersion, adoptedVersion, officer, prepareByCode } from "#tests/support/signing.ts";
import { createWorld, type World, type WorldPerson } from "#tests/support/world.ts";

const dayMs = 86_400_000;
let world: World;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** A small generator whose whole sequence follows from its seed, so that a failure can be played again. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

async function projected(versionId: string): Promise<ProjectedSignature[]> {
  const rows = await world.store.db.act.findMany({
    where: { versionId },
    select: { id: true, organizationId: true, at: true, payload: true, publication: { select: { publishedAt: true } } },
  });
  const acts = rows.map(({ publication, payload, ...row }) => ({
    ...row,
    versionId,
    publishedAt: publication?.publishedAt ?? null,
    payload: ActPayload.parse(payload),
  }));
  return projectSignatures(acts, world.now).sort(byAct);
}

async function kept(versionId: string): Promise<ProjectedSignature[]> {
  await effectWithdrawals(world.store.db, world.now);
  const rows = await world.store.db.signature.findMany({ where: { versionId } });
  return rows
    .map(({ id: _, succeededBy: __, ...row }) => row as Omit<typeof row, "status"> & Pick<ProjectedSignature, "status">)
    .sort(byAct);
}

function byAct(left: { signActId: string }, right: { signActId: string }): number {
  return left.signActId < right.signActId ? -1 : 1;
}

type Command = typeof lodgeSignature | typeof withdrawSignature;
const commands: readonly [PrepareStatement["action"], (...given: Parameters<Command>) => Promise<unknown>][] = [
  ["sign", lodgeSignature],
  ["sign", lodgeSignature],
  ["retract", retractSignature],
  ["withdraw", withdrawSignature],
  ["revoke-withdrawal", revokeWithdrawal],
  ["narrow-reservation", narrowReservation],
  ["reaffirm", reaffirmSignature],
];

async function lodge(person: WorldPerson, versionId: string, clauseId: string, roll: (sides: number) => number) {
  const [action, command] = commands[roll(commands.length)] ?? commands[0] ?? ["sign", lodgeSignature];
  const reservations = action === "sign" && roll(2) === 0 ? [{ clauseId, text: "Not for us. Not yet." }] : [];
  const narrowed = action === "narrow-reservation" && roll(2) === 0 ? [{ clauseId, text: "Not yet." }] : [];
  const { preparedId, code } = await prepareByCode(world, person, {
    versionId,
    action,
    reservations: [...reservations, ...narrowed],
  });
  await command(world.as(person), { preparedId, evidence: { class: "B", code } });
}

async function step(
  version: AdoptedVersion,
  people: readonly WorldPerson[],
  clauseId: string,
  roll: (sides: number) => number,
) {
  const ctx = world.as(version.convenor);
  const { versionId } = version;
  switch (roll(9)) {
    case 0: {
      const wallTime = new Date(world.now.getTime() + (1 + roll(3)) * dayMs).toISOString().slice(0, 16);
      const opening = roll(4) === 0 ? ({ kind: "now" } as const) : ({ kind: "at", wallTime, zone: "UTC" } as const);
      return roll(2) === 0 ? openForSignature(ctx, { versionId, opening }) : changeOpening(ctx, { versionId, opening });
    }
    case 1:
      return roll(4) === 0 ? cancelOpening(ctx, versionId) : openDueVersions(world.store.db, world.now);
    case 2:
    case 3: {
      const open = await world.store.db.signature.findMany({
        where: { versionId, status: { in: ["SEALED", "LODGED"] } },
      });
      const one = open[roll(open.length || 1)];
      const outcome = roll(3) === 0 ? ("return" as const) : ("accept" as const);
      return one && examineSignature(ctx, { actId: one.signActId, outcome, reason: outcome === "return" ? "No." : "" });
    }
    default: {
      const person = people[roll(people.length)];
      return person && lodge(person, versionId, clauseId, roll);
    }
  }
}

test.each([1, 2])(
  "[10] the table of signatures is what the acts alone say, whatever happened in whatever order (history %s)",
  async (seed) => {
    const roll = dice(seed * 7919);
    const version = await adoptedVersion(world, { reservationPolicy: "any-clause", withdrawalNoticeDays: 2 });
    const row = await world.store.db.charterVersion.findUniqueOrThrow({ where: { id: version.versionId } });
    const clauseId = parseCanonicalVersion(row.canonical).text.clauses[1]?.id ?? "";
    const people: WorldPerson[] = [version.convenor];
    await openForSignature(world.as(version.convenor), {
      versionId: version.versionId,
      opening: {
        kind: "at",
        wallTime: new Date(world.now.getTime() + 2 * dayMs).toISOString().slice(0, 16),
        zone: "UTC",
      },
    });
    for (let count = 0; count < 2; count += 1) {
      const person = await officer(world, await world.organization());
      await world.seat(version.charterId, person);
      people.push(person);
    }
    let done = 0;
    for (let count = 0; count < 36; count += 1) {
      world.advance(roll(5) === 0 ? dayMs : 61_000);
      await step(version, people, clauseId, roll).then(
        () => (done += 1),
        (error: unknown) => {
          // What is refused leaves no trace; anything else is a bug.
          if (!(error instanceof Refusal)) throw error;
        },
      );
      if (count % 9 === 8) expect(await projected(version.versionId)).toEqual(await kept(version.versionId));
    }
    expect(done).toBeGreaterThan(8);
    expect(await projected(version.versionId)).toEqual(await kept(version.versionId));
    const { state } = await world.store.db.charterVersion.findUniqueOrThrow({ where: { id: version.versionId } });
    // The list follows from the log, to the byte, with all that was narrowed and re-affirmed on the way.
    if (state === "OPEN" || state === "IN_EFFECT") {
      expect((await exported(world, version.charterId)).verdict).toMatchObject({ exit: 5 });
    }
  },
  120_000,
);
