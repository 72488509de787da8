import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { signHostOf } from "#server/web/sign-host.ts";

const main = "https://charters.example.org";
const sign = "https://sign.charters.example.org";
const id = "0d9f4c1a-5a74-4f0b-9a52-3d1b0f6f8e77";

function lead(host: string, url: string, method = "GET") {
  // Only these three are looked at.
  const request = { method, url, headers: { host } } as unknown as IncomingMessage;
  return signHostOf(main, sign)?.elsewhere(request);
}

test("without a host of its own for signing nothing is led anywhere", () => {
  expect(signHostOf(main, `${main}/`)).toBeUndefined();
});

test.each([
  ["charters.example.org", "/"],
  ["charters.example.org", `/receipts/${id}`],
  ["charters.example.org", "/signin"],
  ["charters.example.org", `/drafts/${id}/signing`],
  ["sign.charters.example.org", `/sign/${id}?for=x`],
  ["SIGN.charters.example.org", `/keys/${id}`],
  ["sign.charters.example.org", `/sign/${id}/text`],
  ["sign.charters.example.org", `/receipts/${id}/withdraw`],
  ["sign.charters.example.org", "/_next/static/chunk.js"],
  ["sign.charters.example.org", "/log/checkpoint"],
  ["sign.charters.example.org", "/api/auth/handover?ticket=x"],
])("on %s the address %s is at home", (host, url) => {
  expect(lead(host, url)).toBeUndefined();
});

test.each([
  ["charters.example.org", `/sign/${id}?for=x`, `${sign}/sign/${id}?for=x`],
  ["charters.example.org", `/keys/${id}`, `${sign}/keys/${id}`],
  ["charters.example.org", `/receipts/${id}/withdraw`, `${sign}/receipts/${id}/withdraw`],
  ["sign.charters.example.org", "/", `${main}/`],
  ["sign.charters.example.org", `/drafts/${id}/edit`, `${main}/drafts/${id}/edit`],
  ["sign.charters.example.org", `/receipts/${id}?new`, `${main}/receipts/${id}?new`],
  ["sign.charters.example.org", "/c/accord", `${main}/c/accord`],
  ["sign.charters.example.org", `/signin?next=%2Fsign%2F${id}`, `${sign}/api/auth/handover?next=%2Fsign%2F${id}`],
])("a reader of %s who wants %s is led to %s", (host, url, location) => {
  expect(lead(host, url)).toEqual({ location });
});

test("nothing is sent to the wrong host: no act from the pages, no draft from the signing host", () => {
  expect(lead("charters.example.org", `/sign/${id}`, "POST")).toMatchObject({ status: 403 });
  expect(lead("charters.example.org", `/keys/${id}`, "POST")).toMatchObject({ status: 403 });
  expect(lead("sign.charters.example.org", `/drafts/${id}/edit`, "POST")).toMatchObject({ status: 404 });
  expect(lead("sign.charters.example.org", "/api/auth/demo", "POST")).toMatchObject({ status: 404 });
  expect(lead("sign.charters.example.org", `/sign/${id}`, "POST")).toBeUndefined();
});
