"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { asAction } from "#app/_server/as-action.ts";
import { contextFor } from "#app/_server/context.ts";
import { requireActor } from "#app/_server/current-actor.ts";
import { formText, requireForm } from "#app/_server/form.ts";
import { createCharter } from "#lib/commands/create-charter.ts";
import { type CharterText, type NumberedClause, numbered } from "#lib/domain/charter-text.ts";
import { RowId } from "#lib/domain/ids.ts";
import { type ImportNote, importMarkdown } from "#lib/domain/import-markdown.ts";
import { markdownBytesMax } from "#lib/domain/markdown-limits.ts";
import { parse } from "#lib/domain/parse.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { textViolations } from "#lib/ledger/character-rules.ts";
import { policyFromForm } from "../_parts/policy-from-form.ts";

const Line = z.string().trim().max(300);

/** Opens the charter and leads to its policy, which is read back before drafting opens. */
export async function createCharterAction(form: FormData) {
  return asAction(async () => {
    const ctx = contextFor(await requireActor());
    const markdown = await markdownOf(form);
    if (markdown === null && formText(form, "template") === "import") {
      throw new Refusal("malformed", "Paste a text or choose a file first.");
    }
    const { charterId } = await createCharter(ctx, {
      organizationId: parse(RowId, formText(form, "organizationId")),
      template: parse(z.string().max(60), formText(form, "template")),
      markdown,
      title: parse(Line, formText(form, "title")),
      purpose: parse(Line, formText(form, "purpose")),
      displayType: parse(z.string().trim().min(1).max(40), formText(form, "displayType")),
      language: "en",
      policy: policyFromForm(form),
    });
    redirect(`/drafts/${charterId}/policy`);
  });
}

/** What an import would make of the Markdown; nothing is stored. */
export type ImportPreview = {
  readonly title: string;
  readonly clauses: readonly NumberedClause[];
  readonly notes: readonly ImportNote[];
  /** The characters in it that cannot be signed, as "U+200B". */
  readonly refused: readonly string[];
};

/** Reads pasted or uploaded Markdown for the preview. */
export async function previewImportAction(form: FormData) {
  return asAction(async (): Promise<ImportPreview> => {
    const ctx = contextFor(await requireActor());
    const markdown = await markdownOf(form);
    if (markdown === null) throw new Refusal("malformed", "Paste a text or choose a file first.");
    const { text, notes } = importMarkdown(markdown, "en", ctx.random);
    return { title: text.title, clauses: numbered(text.clauses), notes, refused: refusedCharacters(text) };
  });
}

/** The characters that no text can be signed with, each once: the draft marks them and offers to take them out. */
function refusedCharacters(text: CharterText): string[] {
  return [...new Set(textViolations(text).map((one) => one.codePoint))];
}

/** The Markdown of a form: an uploaded file, else what was pasted; null when there is neither. */
async function markdownOf(form: FormData): Promise<string | null> {
  const file = requireForm(form).get("file");
  if (file instanceof File && file.size > 0) {
    if (file.size > markdownBytesMax) {
      throw new Refusal("too-large", `A Markdown file may have ${markdownBytesMax} bytes; this one has ${file.size}.`);
    }
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    } catch (cause) {
      throw new Refusal("malformed", "Line 1: this file is not plain text in UTF-8.", { cause });
    }
  }
  const pasted = form.get("markdown");
  return typeof pasted === "string" && pasted.trim() !== "" ? pasted : null;
}
