import { Refusal } from "#lib/domain/refusal.ts";
import { type ActEntry, type Entry, parseEntry } from "./entry.ts";
import { parseVkey } from "./signed-note.ts";

/** What is wrong with a log, and at which position (from 0). */
export type LogFinding = { readonly index: number; readonly sentence: string };

/** How far the log's own clock may go back between two entries. */
const clockBackMs = 5 * 60_000;

/**
 * Reads a whole log and lists what no honest keeper would have written, whoever signed it: acts that are missing from
 * the count, signatures with keys that were not enrolled or were revoked, signatures on versions that were not open or on
 * another text, two standing signatures of one organization, statements used twice, times that run backwards.
 *
 * `entries` are the bytes of the entries in order. The Merkle tree is not looked at here. Never throws.
 */
export function auditLog(entries: readonly Uint8Array[]): LogFinding[] {
  const audit = new Audit();
  for (const [index, bytes] of entries.entries()) {
    try {
      audit.read(parseEntry(bytes), index);
    } catch (error) {
      audit.note(index, error instanceof Refusal ? error.message : "This entry can not be read.");
    }
  }
  return audit.findings;
}

type Version = { readonly sha256: string; readonly isOpen: boolean };
type Standing = { readonly number: number; readonly until: string | null };

class Audit {
  readonly findings: LogFinding[] = [];
  #latest = 0;
  readonly #organizations = new Set<string>();
  /** Key ids that are enrolled now, with their organization. */
  readonly #keys = new Map<string, string>();
  /** By charter and version number: the text, and whether it is open for signature. */
  readonly #versions = new Map<string, Version>();
  /** By charter: the number of its latest act. */
  readonly #numbers = new Map<string, number>();
  /** By charter and act number: the organization of the act. */
  readonly #acts = new Map<string, ActEntry>();
  /** By charter, version and organization: the signature that stands. */
  readonly #standing = new Map<string, Standing>();
  readonly #statements = new Set<string>();

  note(index: number, sentence: string): void {
    this.findings.push({ index, sentence });
  }

  read(entry: Entry, index: number): void {
    const expect = (isTrue: boolean, sentence: string): void => {
      if (!isTrue) this.note(index, sentence);
    };
    expect((entry.type === "log.genesis") === (index === 0), "A log has one first entry, at its start.");
    this.#readTime("publishedAt" in entry ? entry.publishedAt : entry.at, expect);
    switch (entry.type) {
      case "log.genesis":
        expect(parseVkey(entry.vkey).name === entry.origin, "The key of the log has another name than the log.");
        return;
      case "org":
        if (entry.action === "verified") this.#organizations.add(entry.organizationId);
        expect(this.#organizations.has(entry.organizationId), "The organization was never verified.");
        return;
      case "key":
        this.#readKey(entry, expect);
        return;
      case "version":
        this.#readVersion(entry, expect);
        return;
      case "act":
        this.#readAct(entry, expect);
        return;
      case "log.key":
      case "redact":
      case "operator":
        return;
    }
  }

  #readTime(text: string, expect: Expect): void {
    const time = Date.parse(text);
    expect(time >= this.#latest - clockBackMs, "The time of this entry lies before that of an earlier one.");
    this.#latest = Math.max(this.#latest, time);
  }

  #readKey(entry: Extract<Entry, { type: "key" }>, expect: Expect): void {
    if (entry.action === "revoked") {
      expect(this.#keys.get(entry.key) === entry.organizationId, "A key is revoked that was not the organization's.");
      this.#keys.delete(entry.key);
      return;
    }
    expect(
      this.#organizations.has(entry.organizationId),
      "A key is enrolled for an organization that was never verified.",
    );
    expect(!this.#keys.has(entry.key), "This key is enrolled already.");
    const approver = entry.approvedBy === null ? entry.organizationId : this.#keys.get(entry.approvedBy);
    expect(approver === entry.organizationId, "The key that approved this one was not the organization's.");
    this.#keys.set(entry.key, entry.organizationId);
  }

  #readVersion(entry: Extract<Entry, { type: "version" }>, expect: Expect): void {
    const place = `${entry.charterId} ${entry.version}`;
    const known = this.#versions.get(place);
    expect(!known || known.sha256 === entry.versionSha256, "This version had another text before.");
    const before = this.#versions.get(`${entry.charterId} ${entry.version - 1}`);
    expect(!before || before.sha256 === entry.previous, "This version does not follow the text of the one before it.");
    if (entry.number !== null) this.#readNumber(entry.charterId, entry.number, expect);
    const opens = entry.action === "opened";
    const closes = ["superseded", "closed", "terminated"].includes(entry.action);
    const isOpen = opens || (!closes && known?.isOpen === true);
    this.#versions.set(place, { sha256: entry.versionSha256, isOpen });
  }

  #readAct(entry: ActEntry, expect: Expect): void {
    this.#readNumber(entry.charterId, entry.number, expect);
    const version = this.#versions.get(`${entry.charterId} ${entry.version}`);
    expect(version !== undefined, "The act is on a version that the log does not know.");
    expect(
      version === undefined || version.sha256 === entry.versionSha256,
      "The act is on another text than the version's.",
    );
    expect(this.#organizations.has(entry.organizationId), "The act is of an organization that was never verified.");
    if (entry.key !== null) {
      expect(
        this.#keys.get(entry.key) === entry.organizationId,
        "The key was not enrolled for the organization, or was revoked.",
      );
    }
    if (entry.statementSha256 !== null) {
      expect(!this.#statements.has(entry.statementSha256), "The statement of this act was used before.");
      this.#statements.add(entry.statementSha256);
    }
    if (entry.kind === "sign") this.#readSignature(entry, version, expect);
    else this.#readChange(entry, expect);
    this.#acts.set(`${entry.charterId} ${entry.number}`, entry);
  }

  #readSignature(entry: ActEntry, version: Version | undefined, expect: Expect): void {
    expect(version?.isOpen === true, "The version was not open for signature.");
    const place = placeOf(entry);
    const standing = this.#standing.get(place);
    const isOver = standing?.until ? standing.until <= entry.publishedAt : standing === undefined;
    expect(isOver, "The organization has signed this version already.");
    this.#standing.set(place, { number: entry.number, until: null });
  }

  #readChange(entry: ActEntry, expect: Expect): void {
    const subject = this.#acts.get(`${entry.charterId} ${entry.refersTo}`);
    expect(subject !== undefined, "The act changes an act that the log does not know.");
    expect(
      !subject || subject.organizationId === entry.organizationId,
      "The act changes an act of another organization.",
    );
    const place = placeOf(entry);
    const standing = this.#standing.get(place);
    if (entry.kind === "withdraw") {
      expect(standing !== undefined && standing.until === null, "There is no signature to withdraw.");
      expect(entry.effectiveAt !== null, "A withdrawal has a date.");
      if (standing) this.#standing.set(place, { ...standing, until: entry.effectiveAt ?? entry.publishedAt });
    }
    if (entry.kind === "revoke-withdrawal") {
      const isPending = standing?.until ? standing.until > entry.publishedAt : false;
      expect(isPending, "There is no notice of withdrawal to take back.");
      if (standing) this.#standing.set(place, { ...standing, until: null });
    }
    if (entry.kind === "void" || entry.kind === "lapse") this.#standing.delete(place);
  }

  /** Acts are numbered per charter from 1 without a gap: an act that was dropped leaves one. */
  #readNumber(charterId: string, number: number, expect: Expect): void {
    const latest = this.#numbers.get(charterId) ?? 0;
    expect(number === latest + 1, `Act ${number} of the charter follows act ${latest}.`);
    this.#numbers.set(charterId, Math.max(latest, number));
  }
}

type Expect = (isTrue: boolean, sentence: string) => void;

function placeOf({ charterId, version, organizationId }: ActEntry): string {
  return `${charterId} ${version} ${organizationId}`;
}
