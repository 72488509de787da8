import { expect, test } from "vitest";
import { TurnedAway } from "#server/realtime/turned-away.ts";

test("a flood of refused upgrades is one line a minute for each reason, and no upgrade goes uncounted", () => {
  let now = 5;
  const lines: object[] = [];
  const away = new TurnedAway({ info: (fields) => lines.push(fields) }, () => now);
  for (let at = 0; at < 1_000; at += 1) away.note({ status: 429, reason: "too-many-attempts" });
  away.note({ status: 403, reason: "bad-origin" });
  now += 60_000;
  away.note({ status: 429, reason: "too-many-attempts" });
  expect(lines).toMatchObject([
    { status: 429, reason: "too-many-attempts", count: 1 },
    { status: 403, reason: "bad-origin", count: 1 },
    { status: 429, reason: "too-many-attempts", count: 1_000 },
  ]);
});
