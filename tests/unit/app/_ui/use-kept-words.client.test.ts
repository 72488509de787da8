import { afterEach, expect, test, vi } from "vitest";
import { forgetKeptWords } from "#app/_ui/use-kept-words.client.ts";

afterEach(() => vi.unstubAllGlobals());

test("whoever signs out at a shared computer leaves no typed words behind; what is no words stays", () => {
  const kept: Record<string, string> = {
    "words organization of ada": '{"legalName":"Northlight GmbH"}',
    "words organization of priya": "{}",
    "concordat lodged": "/sign/1",
  };
  const removeItem = (name: string) => Reflect.deleteProperty(kept, name);
  Object.defineProperty(kept, "removeItem", { value: removeItem });
  vi.stubGlobal("sessionStorage", kept);
  forgetKeptWords();
  expect(Object.keys(kept)).toEqual(["concordat lodged"]);
});

test("a tab that may keep nothing can be signed out of", () => {
  vi.stubGlobal("sessionStorage", undefined);
  expect(forgetKeptWords).not.toThrow();
});
