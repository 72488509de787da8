import type { Context } from "#lib/data/context.ts";
import { type NumberedClause, numbered } from "#lib/domain/charter-text.ts";
import { exportMarkdown } from "#lib/domain/export-markdown.ts";
import { parseCanonicalVersion } from "#lib/ledger/canonical-version.ts";
import { type DraftHead, loadDraft } from "./draft-head.ts";
import { readDraftText } from "./draft-text.ts";

/** The text of a draft to take away: for paper and as Markdown. Comments are never part of it. */
export type DraftExport = {
  readonly head: DraftHead;
  readonly title: string;
  readonly clauses: readonly NumberedClause[];
  readonly markdown: string;
  /** A name for the file, of letters, digits and hyphens. */
  readonly fileName: string;
  /** The fingerprint, once the text is frozen. */
  readonly sha256Hex: string | null;
  /** The last committed edit it holds. */
  readonly seq: number;
};

/**
 * The text of a charter as it is now: frozen when it is, the draft otherwise.
 *
 * @throws {Refusal} not-signed-in, not-found.
 */
export async function draftExport(ctx: Context, input: { charterId: string }): Promise<DraftExport> {
  const { head, charter, round } = await loadDraft(ctx, input.charterId);
  const frozen = round.version;
  const live = frozen ? null : await readDraftText(ctx.db, round.room.id, charter.language);
  const text = live?.text ?? parseCanonicalVersion(frozen?.canonical ?? new Uint8Array()).text;
  return {
    head,
    title: text.title,
    clauses: numbered(text.clauses),
    markdown: exportMarkdown(text),
    fileName: `${asFileName(text.title)}.md`,
    sha256Hex: frozen?.sha256Hex ?? null,
    seq: live?.seq ?? Number(frozen?.roomSeq ?? 0n),
  };
}

function asFileName(title: string): string {
  const plain = title
    .normalize("NFKD")
    .replaceAll(/[^A-Za-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .toLowerCase()
    .slice(0, 60);
  return plain || "charter";
}
