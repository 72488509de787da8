import { expect, test } from "vitest";
import { Together } from "#server/realtime/together.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("questions of one turn are put as one, and each gets its own answer", async () => {
  const put: number[][] = [];
  const together = new Together(async (questions: readonly number[]) => {
    put.push([...questions]);
    return questions.map((question) => question * 10);
  });
  expect(await Promise.all([together.ask(1), together.ask(2), together.ask(3)])).toEqual([10, 20, 30]);
  expect(await together.ask(4)).toBe(40);
  expect(put).toEqual([[1, 2, 3], [4]]);
});

test("questions that fail together fail for everyone who asked, and the next ones are put again", async () => {
  let isAway = true;
  const together = new Together(async (questions: readonly string[]) => {
    if (isAway) throw new Error("The database is away.");
    return questions;
  });
  const failed = [together.ask("a"), together.ask("b")].map((answer) => expect(answer).rejects.toThrow("away"));
  await turn();
  await Promise.all(failed);
  isAway = false;
  expect(await together.ask("c")).toBe("c");
});
