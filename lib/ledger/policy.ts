import { Refusal } from "#lib/domain/refusal.ts";
import { Domain, HashHex, Uuid } from "./fields.ts";
import { encodeHex } from "./hash.ts";
import { type NoteKey, parseVkey } from "./signed-note.ts";

/** A relying party of passkeys that the reader accepts for signatures. */
export type RelyingParty = { readonly rpId: string; readonly origin: string };

/** Which witnesses must have cosigned: one of them, or at least `threshold` of the members. */
export type Quorum = NoteKey | { readonly threshold: number; readonly members: readonly Quorum[] };

/**
 * What the reader trusts, and the keeper of the log can not change. `quorum` is null for `quorum none`.
 * `organizationKeys` holds, per organization id, the key ids (SHA-256 of SPKI, hex) the reader knows to be its own,
 * from a policy file or a live answer of its DNS.
 */
export type Policy = {
  readonly logs: readonly NoteKey[];
  readonly quorum: Quorum | null;
  readonly relyingParties: readonly RelyingParty[];
  readonly organizationKeys: ReadonlyMap<string, ReadonlySet<string>>;
};

const linesMax = 100_000;
const witnessesMax = 32;

/**
 * Reads a policy file: the lines `log`, `witness`, `group` and `quorum` of C2SP tlog-policy, and two of our own,
 * `relying-party <rpId> <origin>` and `organization <id> <SHA-256 of SPKI, hex>`.
 *
 * @throws {Refusal} malformed; the message names the line.
 */
export function parsePolicy(text: string): Policy {
  const reader = new PolicyReader();
  const lines = text.split("\n");
  if (lines.length > linesMax) throw new Refusal("malformed", `A policy has at most ${linesMax} lines.`);
  for (const [at, line] of lines.entries()) {
    const words = line.split(/[ \t]+/).filter((word) => word !== "");
    try {
      if (words[0]?.startsWith("#") || words.length === 0) continue;
      if (/[^\t\u0020-\u007e\u0080-\u{10ffff}]/u.test(line)) throw new Refusal("malformed", "a control character.");
      reader.read(words);
    } catch (cause) {
      if (!(cause instanceof Refusal)) throw cause;
      throw new Refusal("malformed", `Line ${at + 1} of the policy: ${cause.message}`, { cause });
    }
  }
  return reader.policy();
}

class PolicyReader {
  readonly #logs: NoteKey[] = [];
  readonly #named = new Map<string, Quorum>();
  readonly #isMember = new Set<string>();
  readonly #publicKeys = new Set<string>();
  readonly #relyingParties: RelyingParty[] = [];
  readonly #organizationKeys = new Map<string, Set<string>>();
  #quorum: Quorum | null | undefined;
  #witnesses = 0;

  read([keyword, ...words]: readonly string[]): void {
    const [first = "", second = "", third] = words;
    switch (keyword) {
      case "log":
        requireWords(words, 1, 2);
        this.#logs.push(this.#readKey("log", first, 1));
        return;
      case "witness":
        requireWords(words, 2, 3);
        this.#witnesses += 1;
        if (this.#witnesses > witnessesMax) throw new Refusal("malformed", `more than ${witnessesMax} witnesses.`);
        this.#name(first, this.#readKey("witness", second, 4));
        return;
      case "group":
        requireWords(words, 3, 2 + 2 * witnessesMax);
        this.#name(first, this.#readGroup(second, words.slice(2)));
        return;
      case "quorum":
        requireWords(words, 1, 1);
        if (this.#quorum !== undefined) throw new Refusal("malformed", "a second quorum.");
        this.#quorum = first === "none" ? null : this.#find(first);
        return;
      case "relying-party":
        requireWords(words, 2, 2);
        if (!Domain.safeParse(first).success) throw new Refusal("malformed", `${first} is not a relying party's id.`);
        this.#relyingParties.push({ rpId: first, origin: second });
        return;
      case "organization":
        requireWords(words, 2, 2);
        if (!Uuid.safeParse(first).success || !HashHex.safeParse(second).success || third !== undefined) {
          throw new Refusal("malformed", "not an organization's id and the SHA-256 of its key.");
        }
        this.#organizationKeys.set(first, new Set([...(this.#organizationKeys.get(first) ?? []), second]));
        return;
      default:
        throw new Refusal("malformed", "unknown keyword.");
    }
  }

  policy(): Policy {
    if (this.#quorum === undefined) throw new Refusal("malformed", "The policy has no quorum line.");
    return {
      logs: this.#logs,
      quorum: this.#quorum,
      relyingParties: this.#relyingParties,
      organizationKeys: this.#organizationKeys,
    };
  }

  #readKey(use: string, vkey: string, type: 1 | 4): NoteKey {
    const key = parseVkey(vkey);
    if (key.type !== type) throw new Refusal("malformed", `this key is not the key of a ${use}.`);
    const name = `${use} ${encodeHex(key.publicKey)}`;
    if (this.#publicKeys.has(name)) throw new Refusal("malformed", `the key of this ${use} stands twice.`);
    this.#publicKeys.add(name);
    return key;
  }

  #readGroup(rule: string, names: readonly string[]): Quorum {
    const members = names.map((name) => {
      if (this.#isMember.has(name)) throw new Refusal("malformed", `${name} is already in a group.`);
      const member = this.#find(name);
      this.#isMember.add(name);
      return member;
    });
    const threshold = rule === "all" ? members.length : rule === "any" ? 1 : Number(rule);
    if (!/^(all|any|[1-9]\d?)$/.test(rule) || threshold > members.length) {
      throw new Refusal("malformed", `${rule} is not a threshold of ${members.length}.`);
    }
    return { threshold, members };
  }

  #name(name: string, quorum: Quorum): void {
    if (name === "none" || this.#named.has(name)) throw new Refusal("malformed", `the name ${name} is taken.`);
    this.#named.set(name, quorum);
  }

  // Only what stands above can be named, which also rules out groups that contain themselves.
  #find(name: string): Quorum {
    const quorum = this.#named.get(name);
    if (!quorum) throw new Refusal("malformed", `nothing above is named ${name}.`);
    return quorum;
  }
}

function requireWords(words: readonly string[], min: number, max: number): void {
  if (words.length < min || words.length > max) throw new Refusal("malformed", "the wrong number of words.");
}
