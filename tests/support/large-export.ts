import { createHash, generateKeyPairSync, sign as signBytes } from "node:crypto";
import { ed25519PublicKey } from "#ledger-crypto";
import { formatArchive } from "#lib/ledger/archive.ts";
import { canonicalVersion, clauseListHash } from "#lib/ledger/canonical-version.ts";
import { listSignatories } from "#lib/ledger/charter-export.ts";
import { signCheckpoint } from "#lib/ledger/checkpoint.ts";
import { type ActEntry, type Entry, encodeEntry, parseEntry } from "#lib/ledger/entry.ts";
import { type Evidence, evidenceHash } from "#lib/ledger/evidence.ts";
import { encodeBase64, encodeUtf8, sha256Hex } from "#lib/ledger/hash.ts";
import { encodeJcs } from "#lib/ledger/jcs.ts";
import { GrowingTree, leafHash } from "#lib/ledger/merkle.ts";
import { formatVkey, noteKey } from "#lib/ledger/signed-note.ts";
import { appearanceHash, formatStatement, statementHash } from "#lib/ledger/statement.ts";

/** An export with as many signatories as are asked for, what a reader needs to check it, and the entries of its log. */
export type LargeExport = {
  readonly bytes: Uint8Array;
  readonly policy: string;
  readonly entries: readonly Uint8Array[];
};

const origin = "concordat.example/log";
const site = { rpId: "sign.concordat.example", origin: "https://sign.concordat.example" };
const logSecret = new Uint8Array(32).fill(1);
const vkey = formatVkey(noteKey(origin, ed25519PublicKey(logSecret)));
const charterId = "5b0f7a3e-90c4-4d5a-8a53-7f1f4f0d6c21";
const rights = "General Counsel";

/**
 * Makes an export of a charter that so many organizations have signed, each with a passkey of its own: three entries of the log a
 * signatory, all words and signatures real. It needs no database, because it asks nothing of one.
 */
export function largeExport(signatories: number): LargeExport {
  const entries: Uint8Array[] = [];
  const tree = new GrowingTree();
  const append = (entry: Entry): void => {
    const bytes = encodeEntry(entry);
    entries.push(bytes);
    tree.add(leafHash(bytes));
  };
  const started = Date.parse("2031-05-04T09:30:00.000Z");
  const text = {
    title: "Accord on Calm Networks",
    language: "en",
    clauses: [
      {
        id: "aaaaaaaaaaaa",
        kind: "clause" as const,
        level: 1,
        heading: "Calm",
        body: [{ kind: "p" as const, text: "Keep networks calm." }],
      },
    ],
  };
  const version = canonicalVersion(text, { charterId, version: 1, previous: null });
  append({ type: "log.genesis", v: 1, origin, vkey, at: instant(started) });
  append(openedEntry(version, instant(started)));
  const files = new Map([["texts/1.json", version.bytes]]);
  const policy = [`log ${vkey}`, `relying-party ${site.rpId} ${site.origin}`];
  const names: object[] = [];
  const acts: object[] = [];
  for (let at = 0; at < signatories; at += 1) {
    const number = at + 2;
    const now = instant(started + at * 1000);
    const signatory = makeSignatory(at);
    append(organizationEntry(signatory, now));
    append(keyEntry(signatory, now));
    const log = { origin, size: tree.size, root: encodeBase64(tree.root()) };
    const statement = formatStatement({
      origin,
      action: "sign",
      charterId,
      charterTitle: text.title,
      version: 1,
      versionSha256: version.hashHex,
      organizationId: signatory.id,
      organizationName: signatory.name,
      organizationDomain: signatory.domain,
      organizationKey: signatory.key,
      officerTitle: rights,
      officerCommitment: sha256Hex(encodeUtf8(signatory.id)),
      mandate: { id: uuid(`mandate ${at}`), from: instant(started), to: null },
      reservations: [],
      declarationSha256: null,
      appearanceSha256: appearanceHash({ country: "SE", class: "company", sector: "Energy", statement: null }),
      publishNotBefore: null,
      expires: instant(started + 10 ** 9),
      log,
      nonce: createHash("md5").update(String(at)).digest("hex"),
    });
    const evidence = signatory.evidence(statement);
    append(actEntry(signatory, { number, now, statement, evidence, versionSha256: version.hashHex }));
    files.set(`acts/${number}.statement.txt`, encodeUtf8(statement));
    files.set(`acts/${number}.evidence.json`, encodeJcs(evidence));
    policy.push(`organization ${signatory.id} ${signatory.key}`);
    names.push({ id: signatory.id, slug: `o-${at}`, displayName: signatory.name });
    acts.push({ number, actId: uuid(`act ${at}`), declaration: "" });
  }
  const about = {
    type: "concordat/export/v2",
    charter: charterId,
    slug: "calm",
    asOf: instant(started + 10 ** 9),
    names,
    acts,
  };
  files.set("export.json", encodeJcs(about));
  files.set("log/entries", Buffer.concat(entries.flatMap((entry) => [entry, encodeUtf8("\n")])));
  files.set("log/checkpoint", encodeUtf8(signCheckpoint({ origin, size: tree.size, root: tree.root() }, logSecret)));
  files.set("signatories.json", listSignatories(files, entries.map(parseEntry)));
  const bytes = formatArchive([...files].map(([name, content]) => ({ name, bytes: content })));
  return { bytes, policy: [...policy, "quorum none", ""].join("\n"), entries };
}

type Signatory = {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
  readonly key: string;
  readonly spki: Buffer;
  evidence(statement: string): Evidence;
};

function makeSignatory(at: number): Signatory {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const spki = publicKey.export({ type: "spki", format: "der" });
  return {
    id: uuid(`organization ${at}`),
    name: `Organization ${String(at).padStart(5, "0")}`,
    domain: `o${at}.example.org`,
    key: sha256Hex(new Uint8Array(spki)),
    spki,
    evidence(statement) {
      const challenge = Buffer.from(statementHash(statement), "hex").toString("base64url");
      const clientData = Buffer.from(
        JSON.stringify({ type: "webauthn.get", challenge, origin: site.origin, crossOrigin: false }),
      );
      const rpIdHash = createHash("sha256").update(site.rpId).digest();
      const authenticatorData = Buffer.concat([rpIdHash, Buffer.from([5, 0, 0, 0, 1])]);
      const message = Buffer.concat([authenticatorData, createHash("sha256").update(clientData).digest()]);
      return {
        class: "A",
        spki: spki.toString("base64"),
        credentialId: "AAAA",
        ...site,
        clientDataJson: clientData.toString("base64"),
        authenticatorData: authenticatorData.toString("base64"),
        signature: signBytes("sha256", message, privateKey).toString("base64"),
      };
    },
  };
}

function openedEntry({ hashHex, clauseHashes }: ReturnType<typeof canonicalVersion>, at: string): Entry {
  return {
    type: "version",
    v: 1,
    action: "opened",
    charterId,
    slug: "calm",
    version: 1,
    versionSha256: hashHex,
    previous: null,
    title: "Accord on Calm Networks",
    language: "en",
    clausesSha256: clauseListHash(clauseHashes),
    correctedSha256: null,
    number: 1,
    by: "depositary",
    reason: null,
    at,
    publishedAt: at,
  };
}

function organizationEntry({ id, name, domain }: Signatory, at: string): Entry {
  return {
    type: "org",
    v: 1,
    action: "verified",
    organizationId: id,
    legalName: name,
    displayName: name,
    country: "SE",
    class: "company",
    sector: "Energy",
    domain,
    domainProof: "dns",
    successorId: null,
    by: "organization",
    at,
  };
}

function keyEntry({ id, key, spki }: Signatory, at: string): Entry {
  return {
    type: "key",
    v: 1,
    action: "enrolled",
    organizationId: id,
    key,
    spki: spki.toString("base64"),
    algorithm: -7,
    ...site,
    boundBy: "dns",
    approvedBy: null,
    evidenceSha256: sha256Hex(encodeUtf8("what the name server answered")),
    at,
  };
}

type Signing = { number: number; now: string; statement: string; evidence: Evidence; versionSha256: string };

function actEntry(
  { id, name, domain, key }: Signatory,
  { number, now, statement, evidence, versionSha256 }: Signing,
): ActEntry {
  return {
    type: "act",
    v: 1,
    kind: "sign",
    number,
    refersTo: null,
    initial: true,
    by: "organization",
    charterId,
    version: 1,
    versionSha256,
    organizationId: id,
    legalName: name,
    displayName: name,
    country: "SE",
    class: "company",
    sector: "Energy",
    domain,
    officerTitle: rights,
    officerCommitment: sha256Hex(encodeUtf8(id)),
    statementSha256: statementHash(statement),
    evidenceClass: "A",
    evidenceSha256: evidenceHash(evidence),
    key,
    signedAt: now,
    publishedAt: now,
    reservations: [],
    declarationSha256: null,
    appearanceStatement: null,
    effectiveAt: null,
    reason: null,
  };
}

function instant(time: number): string {
  return new Date(time).toISOString();
}

/** A UUID that follows from a name. */
function uuid(name: string): string {
  const hex = createHash("sha256").update(name).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
