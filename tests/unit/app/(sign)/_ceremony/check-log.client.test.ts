import { ed25519 } from "@noble/curves/ed25519.js";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { checkBeforeSigning } from "#app/(sign)/_ceremony/check-log.client.ts";
import { signCheckpoint } from "#lib/ledger/checkpoint.ts";
import { encodeBase64, encodeUtf8, sha256Hex } from "#lib/ledger/hash.ts";
import { consistencyProof, leafHash, rootOf } from "#lib/ledger/merkle.ts";
import { formatVkey, noteKey } from "#lib/ledger/signed-note.ts";

const origin = "concordat.example/log";
const secret = new Uint8Array(32).fill(1);
const otherSecret = new Uint8Array(32).fill(2);
const text = "the canonical text";
const textHash = sha256Hex(encodeUtf8(text));

/** A log of so many entries; `salt` makes another log of the same length. */
const leavesOf = (size: number, salt = "") =>
  Array.from({ length: size }, (_, at) => leafHash(encodeUtf8(`${salt}entry ${at}`)));

type Site = {
  readonly leaves: Uint8Array[];
  readonly secret?: Uint8Array;
  readonly text?: string;
  readonly keySecret?: Uint8Array;
};

/** What the server answers from now on. */
function serve({ leaves, secret: signer = secret, text: given = text, keySecret = secret }: Site): void {
  const vkey = formatVkey(noteKey(origin, ed25519.getPublicKey(keySecret)));
  const answers: Record<string, () => string> = {
    [`/sign/v1/text?sha256=${textHash}`]: () => given,
    "/log/checkpoint": () => signCheckpoint({ origin, size: leaves.length, root: rootOf(leaves) }, signer),
    "/log/policy": () => `log ${vkey}\nquorum none\n`,
  };
  vi.stubGlobal("fetch", async (path: string) => {
    const asked = /^\/log\/consistency\?from=(\d+)&to=(\d+)$/.exec(path);
    if (asked) {
      const hashes = consistencyProof(Number(asked[1]), leaves.slice(0, Number(asked[2])));
      return new Response(hashes.map((hash) => `${encodeBase64(hash)}\n`).join(""));
    }
    const answer = answers[path];
    return answer ? new Response(answer()) : new Response("", { status: 404 });
  });
}

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
  });
});
afterEach(() => vi.unstubAllGlobals());

const check = () => checkBeforeSigning("v1", textHash);

test("a log that grows from what was seen may be signed for, and the statement names just that checkpoint", async () => {
  serve({ leaves: leavesOf(3) });
  await expect(check()).resolves.toEqual({ log: { origin, size: 3, root: encodeBase64(rootOf(leavesOf(3))) } });
  serve({ leaves: leavesOf(11) });
  await expect(check()).resolves.toMatchObject({ log: { size: 11 } });
  await expect(check()).resolves.toMatchObject({ log: { size: 11 } });
});

test.each<[string, Site, RegExp]>([
  ["another text than was read", { leaves: leavesOf(5), text: "other words" }, /text was replaced meanwhile/],
  [
    "a checkpoint that the log's key did not sign",
    { leaves: leavesOf(5), secret: otherSecret },
    /not signed with the key/,
  ],
  [
    "a log under a new key",
    { leaves: leavesOf(5), secret: otherSecret, keySecret: otherSecret },
    /another key than when/,
  ],
  ["a log that was rolled back", { leaves: leavesOf(2) }, /shorter than when/],
  ["a log of the same length with other entries", { leaves: leavesOf(3, "other ") }, /does not go on/],
  ["a longer log that begins otherwise", { leaves: leavesOf(9, "other ") }, /does not go on/],
])("%s stops the signing, and the page says why", async (_, site, words) => {
  serve({ leaves: leavesOf(3) });
  await check();
  serve(site);
  await expect(check()).resolves.toEqual({ problem: expect.stringMatching(words) });
});

test.each<[string, number, unknown]>([
  ["a text that is gone counts as replaced", 404, { problem: expect.stringMatching(/text was replaced meanwhile/) }],
  ["whoever is signed out is told so, and not to check the connection", 401, { isSignedOut: true }],
])("%s", async (_, status, expected) => {
  serve({ leaves: leavesOf(3) });
  const answer = fetch;
  vi.stubGlobal("fetch", async (path: string) =>
    path.startsWith("/sign/") ? new Response("", { status }) : answer(path),
  );
  await expect(check()).resolves.toEqual(expected);
});

test("a log that does not answer is not accused of anything", async () => {
  vi.stubGlobal("fetch", async () => new Response("", { status: 503 }));
  await expect(check()).resolves.toEqual({ problem: expect.stringMatching(/did not answer/) });
});
