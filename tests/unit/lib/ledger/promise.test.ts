import { ed25519 } from "@noble/curves/ed25519.js";
import { expect, test } from "vitest";
import { keeperName, signPromise, verifyPromise } from "#lib/ledger/promise.ts";
import { noteKey, signNote } from "#lib/ledger/signed-note.ts";

const secretKey = new Uint8Array(32).fill(7);
const keeper = noteKey(keeperName("concordat.example/log"), ed25519.getPublicKey(secretKey));
const promise = {
  origin: "concordat.example/log",
  statementSha256: "1".repeat(64),
  receivedAt: "2031-05-01T00:00:00.000Z",
  includeBy: "2031-05-04T09:40:00.000Z",
};

test("the keeper's promise is read back as it was given, so that an omission can be proved", () => {
  const note = signPromise(promise, secretKey);
  expect(verifyPromise(note, keeper)).toEqual(promise);
  expect(note.split("\n").slice(0, 4)).toEqual([
    "concordat.example/log/promise/v1",
    `statement-sha256 ${"1".repeat(64)}`,
    "received 2031-05-01T00:00:00.000Z",
    "include-by 2031-05-04T09:40:00.000Z",
  ]);
});

test("nobody else can give it, and no word of it can change", () => {
  const note = signPromise(promise, secretKey);
  expect(() => verifyPromise(note.replace("09:40", "09:41"), keeper)).toThrow(
    expect.objectContaining({ code: "evidence-invalid" }),
  );
  expect(() => verifyPromise(signPromise(promise, new Uint8Array(32)), keeper)).toThrow("not signed by");
  const more = signNote(`${note.split("\n\n")[0]}\nmore 1\n`, keeper.name, secretKey);
  expect(() => verifyPromise(more, keeper)).toThrow("not a promise");
  expect(() => signPromise({ ...promise, includeBy: "soon" }, secretKey)).toThrow("cannot be written");
});
