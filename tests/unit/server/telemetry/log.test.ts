import { expect, test } from "vitest";
import { faultOf, openLog } from "#server/telemetry/log.ts";

test("a line is one JSON object with its level, and those below the wanted level are not written", () => {
  const lines: string[] = [];
  const log = openLog("realtime", "warn", (line) => lines.push(line));
  log.info({ roomId: "r" }, "nobody asked");
  log.warn({ roomId: "r", count: 2, nested: { words: "secret" }, name: "\u001b[2J" }, "look here");
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    level: "warn",
    where: "realtime",
    message: "look here",
    count: 2,
  });
  expect(lines[0]).not.toContain("secret");
  expect(lines[0]).not.toContain("\u001b");
});

test("what the database quotes of a text when it refuses a row is not in the log", () => {
  const error = Object.assign(
    new Error('data: "Our words"\nduplicate key value violates unique constraint "Our words"'),
    {
      code: "23505",
    },
  );
  expect(faultOf(error)).toBe("Error 23505: duplicate key value violates unique constraint …");
});
