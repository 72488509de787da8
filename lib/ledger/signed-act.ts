import { actRules } from "./act-rules.ts";
import type { FrozenVersion } from "./canonical-version.ts";
import type { ActEntry } from "./entry.ts";
import { type Evidence, evidenceHash } from "./evidence.ts";
import { formatJcs } from "./jcs.ts";
import { requireThat } from "./require-that.ts";
import { appearanceHash, parseStatement, type Statement, statementHash, textHash } from "./statement.ts";

/** An act as the log tells it, with what its officer signed and the text that it is about. */
export type SignedAct = {
  readonly act: ActEntry;
  readonly statement: string;
  readonly evidence: Evidence;
  readonly version: Omit<FrozenVersion, "bytes">;
};

/**
 * Checks that every field which both the statement and the log's entry hold is the same in both, that the text is the one that was
 * signed, and that the act came in time. It does not check the signature itself: that is `verifyEvidence`, and costs most.
 *
 * @throws {Refusal} malformed, evidence-invalid.
 */
export function requireSignedAct({ act, statement: text, evidence, version }: SignedAct): Statement {
  const statement = parseStatement(text);
  requireVersion(version, act, statement);
  requireSameWords(act, statement);
  requireInTime(act, statement);
  requireThat(act.statementSha256 === statementHash(text), "the log holds another statement.");
  requireThat(act.evidenceSha256 === evidenceHash(evidence), "the log holds other evidence.");
  requireThat(act.evidenceClass === evidence.class, "the log names another class of evidence.");
  requireThat(act.key === statement.organizationKey, "the log names another key.");
  return statement;
}

function requireVersion(version: SignedAct["version"], act: ActEntry, statement: Statement): void {
  requireThat(version.hashHex === statement.versionSha256, "the text is not the text that was signed.");
  requireThat(version.canonical.charter === statement.charterId, "the text is of another charter.");
  requireThat(version.canonical.version === statement.version, "the text is another version.");
  requireThat(version.canonical.title === statement.charterTitle, "the charter has another title.");
  const clauses = new Set(version.clauseHashes.map(({ id }) => id));
  const isOfText = statement.reservations.every(({ clauseId }) => clauses.has(clauseId));
  requireThat(isOfText, "a reservation names a clause that the text does not have.");
  requireThat(act.charterId === statement.charterId, "the log names another charter.");
  requireThat(act.version === statement.version, "the log names another version.");
  requireThat(act.versionSha256 === statement.versionSha256, "the log names another text.");
}

/** Everything that the public list prints about a signature must be what was signed. */
function requireSameWords(act: ActEntry, statement: Statement): void {
  const { country, class: kind, sector, appearanceStatement } = act;
  const appearance = appearanceHash({ country, class: kind, sector, statement: appearanceStatement });
  const reservations = formatJcs(act.reservations) === formatJcs(statement.reservations);
  requireThat(act.by === "organization", "the act is not the organization's own.");
  requireThat(actRules[act.kind].action === statement.action, "the log names another kind of act.");
  requireThat(act.organizationId === statement.organizationId, "the log names another organization.");
  requireThat(act.legalName === statement.organizationName, "the log gives the organization another name.");
  requireThat(act.domain === statement.organizationDomain, "the log gives the organization another domain.");
  requireThat(act.officerTitle === statement.officerTitle, "the log gives the officer another title.");
  requireThat(act.officerCommitment === statement.officerCommitment, "the log commits to another officer.");
  requireThat(reservations, "the log holds other reservations.");
  requireThat(act.declarationSha256 === statement.declarationSha256, "the log holds another declaration.");
  // Statements from before reasons were signed have no such line; a reason in the log is then the keeper's word.
  const isReason = !statement.reasonSha256 || statement.reasonSha256 === textHash(act.reason ?? "");
  requireThat(isReason, "the log gives another reason than the one that was signed.");
  requireThat(appearance === statement.appearanceSha256, "the log shows the organization otherwise than it asked.");
}

function requireInTime(act: ActEntry, statement: Statement): void {
  requireThat(
    act.signedAt !== null && act.signedAt <= statement.expires,
    "the statement had expired when it was lodged.",
  );
  const { from, to } = statement.mandate;
  requireThat(from <= act.signedAt && (to === null || act.signedAt <= to), "the officer had no mandate at that time.");
  const embargo = statement.publishNotBefore;
  const isAfterEmbargo = embargo === null || embargo <= act.publishedAt;
  requireThat(isAfterEmbargo, "the act was published before the instant that was signed.");
  requireThat(act.signedAt <= act.publishedAt, "the act was published before it was signed.");
}
