import { expect, test } from "vitest";
import { parseClaimableDomain } from "#lib/data/claimable-domain.ts";
import { askDomain, domainRecord, type ResolveTxt } from "#lib/data/domain-proof.ts";
import { FileProblem } from "#lib/data/well-known.ts";
import { Refusal } from "#lib/domain/refusal.ts";

test.each([
  ["northlight.example", "northlight.example"],
  [" Northlight.EXAMPLE. ", "northlight.example"],
  ["bücher.de", "xn--bcher-kva.de"],
  ["harbour-works.co.uk", "harbour-works.co.uk"],
])("%j may be claimed as %j", (given, read) => {
  expect(parseClaimableDomain(given)).toBe(read);
});

test.each([
  ["localhost", "public domain name system"],
  ["127.0.0.1", "number"],
  ["[::1]", "looks like"],
  ["0x7f.1", "number"],
  ["169.254.169.254", "number"],
  ["co.uk", "public suffix"],
  ["github.io", "public suffix"],
  ["gmail.com", "anybody"],
  ["mail.gmx.de", "anybody"],
  ["www.northlight.example", "northlight.example"],
  ["northlight.internal", "public domain name system"],
  ["https://northlight.example", "looks like"],
  ["northlight.example/path", "looks like"],
  ["nоrthlight.example\u200b", "looks like"],
  ["ｎorthlight.example", "looks like"],
  [`${"a".repeat(300)}.example`, "looks like"],
  ["", "looks like"],
])("%j is refused: %s", (given, words) => {
  expect(() => parseClaimableDomain(given)).toThrow(Refusal);
  expect(() => parseClaimableDomain(given)).toThrow(words);
});

const id = "0b9d1a52-7b0f-4f0e-9a3e-2c1d5e6f7a8b";
const { value } = domainRecord("northlight.example", id);

test.each([
  [[[value]], "good"],
  [[["v=spf1 -all"], [value]], "good"],
  [[["v=1; org=", id]], "good"],
  [[[`V=1;org=${id.toUpperCase()};`]], "good"],
  [[["v=1; org=11111111-1111-4111-8111-111111111111"]], "bad"],
  [[["v=spf1 -all"]], "bad"],
  [[], "bad"],
  [[[`x ${value}`]], "bad"],
])("the records %j are %s", async (records, state) => {
  expect((await ask(async () => records)).state).toBe(state);
});

test("no record is a no, an outage is silence", async () => {
  const failing = (code: string) => async () => {
    throw Object.assign(new Error("dns"), { code });
  };
  expect((await ask(failing("ENOTFOUND"))).state).toBe("bad");
  expect((await ask(failing("ENODATA"))).state).toBe("bad");
  expect((await ask(failing("ETIMEOUT"))).state).toBe("silent");
  expect((await ask(failing("ESERVFAIL"))).state).toBe("silent");
});

function ask(resolveTxt: ResolveTxt) {
  const fetchFile = async () => {
    throw new FileProblem("There is no such file.", false);
  };
  return askDomain({ resolveTxt, nameServers: [], fetchFile }, "northlight.example", id);
}
