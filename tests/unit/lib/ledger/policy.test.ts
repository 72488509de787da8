import { ed25519 } from "@noble/curves/ed25519.js";
import { describe, expect, test } from "vitest";
import { parsePolicy } from "#lib/ledger/policy.ts";
import { formatVkey, noteKey } from "#lib/ledger/signed-note.ts";
import { logKey, organizationId } from "./log-samples.ts";
import { policyText } from "./receipt-samples.ts";

const witnessVkey = (seed: number) =>
  formatVkey(noteKey(`w${seed}.example`, ed25519.getPublicKey(new Uint8Array(32).fill(seed)), 4));
const log = `log ${formatVkey(logKey)}`;
const witnesses = [1, 2, 3].map((seed) => `witness W${seed} ${witnessVkey(seed)}`).join("\n");

test("a policy with two levels of groups is read", () => {
  const text = `${log} https://concordat.example/log\n\n  # who watches\n${witnesses}\ngroup G 2 W1 W2\ngroup H any G W3\nquorum H\n`;
  const policy = parsePolicy(text);
  expect(policy.logs).toEqual([logKey]);
  expect(policy.quorum).toMatchObject({ threshold: 1, members: [{ threshold: 2 }, { name: "w3.example", type: 4 }] });
});

test("a reader's own knowledge of keys and sites is read", () => {
  const policy = parsePolicy(policyText);
  expect(policy.organizationKeys.get(organizationId)?.size).toBe(2);
  expect(policy.relyingParties).toHaveLength(1);
  expect(policy.quorum).toBeNull();
});

describe("a policy is refused, with its line, for", () => {
  test.each([
    ["no quorum", log, "no quorum"],
    ["nothing", "", "no quorum"],
    ["a second quorum", "quorum none\nquorum none", "Line 2 of the policy: a second quorum"],
    ["a group that contains itself", `${witnesses}\ngroup G any G\nquorum G`, "Line 4"],
    ["groups in a circle", `${witnesses}\ngroup G any H\ngroup H any G\nquorum G`, "nothing above is named H"],
    ["the same key twice", `${log}\n${log}\nquorum none`, "Line 2 of the policy: the key of this log stands twice"],
    ["a witness's key as a log's", `log ${witnessVkey(1)}\nquorum none`, "not the key of a log"],
    ["a name twice", `${witnesses}\nwitness W1 ${witnessVkey(9)}\nquorum none`, "the name W1 is taken"],
    ["a witness in two groups", `${witnesses}\ngroup G any W1\ngroup H any W1\nquorum G`, "already in a group"],
    ["the name none", `witness none ${witnessVkey(1)}\nquorum none`, "none is taken"],
    ["a threshold of 0", `${witnesses}\ngroup G 0 W1\nquorum G`, "not a threshold"],
    ["a threshold above its members", `${witnesses}\ngroup G 3 W1 W2\nquorum G`, "not a threshold"],
    [
      "33 witnesses",
      `${Array.from({ length: 33 }, (_, at) => `witness N${at} ${witnessVkey(at + 10)}`).join("\n")}\nquorum none`,
      "more than 32",
    ],
    ["an unknown keyword", "trust me\nquorum none", "Line 1 of the policy: unknown keyword"],
    ["CRLF", "quorum none\r\n", "a control character"],
    ["half an organization", `organization ${organizationId}\nquorum none`, "number of words"],
    ["an organization's key that is none", `organization ${organizationId} abc\nquorum none`, "SHA-256"],
  ])("%s", (_, text, sentence) => {
    expect(() => parsePolicy(text)).toThrow(
      expect.objectContaining({ code: "malformed", message: expect.stringContaining(sentence) }),
    );
  });
});
