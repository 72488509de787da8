import { afterAll, beforeAll, expect, test } from "vitest";
import { lodgeSignature } from "#lib/commands/lodge-signature.ts";
import { prepareStatement } from "#lib/commands/prepare-statement.ts";
import { openStore, type Store } from "#lib/data/store.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { brokenInvariants, logFindings } from "#tests/support/record-invariants.ts";
import { officer, openedVersion } from "#tests/support/signing.ts";
import { mailedCode, SigningStage } from "#tests/support/signing-fuzz.ts";
import { createWorld, type World, type WorldPerson } from "#tests/support/world.ts";

/**
 * Signing, freezing, withdrawing, revoking, superseding and embargoes at once on several connections, in bursts that follow from a
 * seed; after every burst the record is held against its invariants. `npm run fuzz:sign -- --count 10000 --seed 7 --from 0`.
 */
const seed = Number(process.env["CONCORDAT_SEED"] ?? 7);
const bursts = Number(process.env["CONCORDAT_COUNT"] ?? 15);
const from = Number(process.env["CONCORDAT_FROM"] ?? 0);
const burstsPerStage = 100;
const isLong = process.env["CONCORDAT_COUNT"] !== undefined;

let world: World;
let crowd: Store;
beforeAll(async () => {
  world = await createWorld();
  crowd = openStore(world.database.url, 8);
});
afterAll(async () => {
  await crowd.close();
  await world.close();
});

test(`${bursts} bursts from seed ${seed}, ${from} on: the record is whole after each`, async () => {
  const violations: string[] = [];
  const outcomes = new Map<string, number>();
  let moves = 0;
  for (let at = from; at < from + bursts && violations.length === 0; ) {
    const stageNumber = Math.floor(at / burstsPerStage);
    const chance = chanceOf(seed, stageNumber);
    const stage = await SigningStage.open(world, crowd, chance);
    const end = Math.min((stageNumber + 1) * burstsPerStage, from + bursts);
    for (; at < end && violations.length === 0; at += 1) {
      const burst = Array.from({ length: 2 + chance(4) }, () => stage.move());
      world.advance((1 + chance(12)) * 60_000 + (chance(15) === 0 ? 31 * 86_400_000 : 0));
      const results = await Promise.allSettled(burst.map(({ run }) => run()));
      moves += burst.length;
      for (const [place, result] of results.entries()) {
        const name = burst[place]?.name.replace(/ by .*/, "") ?? "";
        const outcome =
          result.status === "fulfilled" ? "done" : result.reason instanceof Refusal ? "refused" : "broken";
        outcomes.set(`${name}: ${outcome}`, (outcomes.get(`${name}: ${outcome}`) ?? 0) + 1);
        if (outcome === "broken") violations.push(`${burst[place]?.name}: ${String(Reflect.get(result, "reason"))}`);
      }
      const broken = await brokenInvariants(crowd, stage.charterId, world.now, at % 10 === 9 || at === end - 1);
      violations.push(...broken);
      if (violations.length > 0)
        violations.unshift(`Burst ${at} of seed ${seed}: ${burst.map(({ name }) => name).join("; ")}`);
    }
    // The log grows over all stages: it is read whole after a few of them, and at the end.
    if (stageNumber % 10 === 9 || at >= from + bursts) violations.push(...(await logFindings(crowd)));
    if (process.env["CONCORDAT_COUNT"])
      process.stdout.write(`${at - from} bursts, ${moves} moves, ${violations.length} violations\n`);
  }
  if (process.env["CONCORDAT_COUNT"])
    process.stdout.write(
      `${[...outcomes]
        .sort()
        .map(([what, count]) => `${String(count).padStart(6)} ${what}`)
        .join("\n")}\n`,
    );
  expect(violations).toEqual([]);
  expect(moves).toBeGreaterThan(bursts);
}, 3_600_000);

test(`${isLong ? 200 : 20} officers who sign at once for one organization make exactly one signature`, async () => {
  const { versionId, charterId } = await openedVersion(world);
  const organization = await world.organization();
  // Ten officers start many times each: what counts is what is lodged at once.
  const officers = await Promise.all(
    Array.from({ length: 10 }, (_, at) => officer(world, organization, { isVerified: at === 0 })),
  );
  const prepared: { one: WorldPerson; preparedId: string; code: string }[] = [];
  for (let round = 0; round < (isLong ? 20 : 2); round += 1) {
    world.advance(10 * 60_000);
    const started = officers.map(async (one) => {
      const input = {
        versionId,
        organizationId: organization.id,
        action: "sign" as const,
        keyId: null,
        typedName: organization.name,
      };
      const { preparedId, statementSha256 } = await prepareStatement({ ...world.as(one), db: crowd.db }, input);
      return { one, preparedId, code: await mailedCode(crowd, one.email, statementSha256) };
    });
    prepared.push(...(await Promise.all(started)));
  }
  const large = openStore(world.database.url, 20);
  const results = await Promise.allSettled(
    prepared.map(({ one, preparedId, code }) =>
      lodgeSignature({ ...world.as(one), db: large.db }, { preparedId, evidence: { class: "B", code } }),
    ),
  );
  await large.close();
  const broken = results.filter((one) => one.status === "rejected" && !(one.reason instanceof Refusal));
  expect(broken).toEqual([]);
  expect(await world.store.db.signature.count({ where: { versionId } })).toBe(1);
  expect(await world.store.db.act.count({ where: { charterId, kind: "sign" } })).toBe(1);
  expect(await brokenInvariants(crowd, charterId, world.now)).toEqual([]);
});

/** Numbers below a bound that follow from a seed. Source: mulberry32. */
function chanceOf(from: number, stage: number): (bound: number) => number {
  let state = (from * 0x9e3779b1 + stage * 0x85ebca6b) | 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) % bound;
  };
}
