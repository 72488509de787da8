import type { ReactNode } from "react";
import { type Block, headingOf, type NumberedClause } from "#lib/domain/charter-text.ts";

/** A charter's text for reading: numbers in the margin, a permalink per clause. `note` adds something beneath a clause. */
export function CharterBody({
  clauses,
  permalinks = true,
  note,
}: {
  clauses: readonly NumberedClause[];
  permalinks?: boolean;
  note?: (clause: NumberedClause) => ReactNode;
}) {
  const firstContainer = clauses.findIndex(isContainer);
  return (
    <div className="charter-text">
      {clauses.map((clause, at) => (
        <ClauseText
          key={clause.id}
          clause={clause}
          permalink={permalinks}
          isTopLevel={firstContainer < 0 || at < firstContainer}
        >
          {note?.(clause)}
        </ClauseText>
      ))}
    </div>
  );
}

export function ClauseText({
  clause,
  permalink = true,
  isTopLevel = false,
  children,
}: {
  clause: NumberedClause;
  permalink?: boolean;
  /** It stands in no section, and so its heading is on the level of theirs. */
  isTopLevel?: boolean;
  children?: ReactNode;
}) {
  const Heading = isTopLevel || isContainer(clause) ? "h2" : "h3";
  const heading = headingOf(clause);
  const number = clause.kind === "annex" ? `Annex ${clause.number}` : clause.number;
  return (
    <section
      id={`c-${clause.id}`}
      className="clause group/clause"
      data-kind={clause.kind}
      aria-label={number ? `Clause ${number}` : "Preamble"}
    >
      <div className="clause-number">
        {permalink && clause.number ? (
          <a
            href={`#c-${clause.id}`}
            className="text-muted no-underline hover:text-accent hover:underline"
            aria-label={`Link to clause ${clause.number}`}
          >
            {clause.number}
          </a>
        ) : (
          clause.number
        )}
      </div>
      <div className="min-w-0">
        {heading ? <Heading className="clause-heading">{heading}</Heading> : null}
        <Blocks body={clause.body} />
        {children}
      </div>
    </section>
  );
}

function isContainer({ kind }: NumberedClause): boolean {
  return kind === "section" || kind === "final" || kind === "annex";
}

/** Paragraphs and lists of a clause; neighbouring list items share one list. */
export function Blocks({ body }: { body: readonly Block[] }) {
  const groups: Block[][] = [];
  for (const block of body) {
    const last = groups.at(-1);
    if (block.kind === "li" && last?.[0]?.kind === "li") last.push(block);
    else groups.push([block]);
  }
  return groups.map((group, at) =>
    group[0]?.kind === "li" ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: blocks are shown as they stand
      <ul key={at}>
        {group.map((block, line) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: blocks are shown as they stand
          <li key={line} data-level={block.kind === "li" ? block.level : 1}>
            {block.text}
          </li>
        ))}
      </ul>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: blocks are shown as they stand
      <p key={at}>{group[0]?.text}</p>
    ),
  );
}
