import { expect, test } from "vitest";
import { Turnstile } from "#server/realtime/turnstile.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("a crowd is let through a few at a time, in order, and no work is done for who has left", async () => {
  const turnstile = new Turnstile(2);
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const gone = new Set([3]);
  const answers = [0, 1, 2, 3, 4].map((who) =>
    turnstile.pass(
      () => gone.has(who),
      async () => {
        begun.push(who);
        await new Promise<void>((resolve) => ends.push(resolve));
        if (who === 1) throw new Error("The database is away.");
        return who;
      },
    ),
  );
  const failed = expect(answers[1]).rejects.toThrow("away");
  await turn();
  expect(begun).toEqual([0, 1]);
  for (let round = 0; round < 4; round += 1) {
    for (const end of ends.splice(0)) end();
    await turn();
  }
  await failed;
  expect(begun).toEqual([0, 1, 2, 4]);
  expect(await Promise.all(answers.filter((_, who) => who !== 1))).toEqual([0, 2, undefined, 4]);
  // A work that failed has given its place back.
  expect(
    await turnstile.pass(
      () => false,
      async () => "in",
    ),
  ).toBe("in");
});
