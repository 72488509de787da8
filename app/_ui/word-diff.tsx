/** A run of words that two wordings share, or that only one of them has. */
export type WordRun = { readonly kind: "same" | "added" | "removed"; readonly text: string };

/** Word-level differences for reading: underlined where added, struck where removed, with words for screen readers. */
export function WordDiff({ runs }: { runs: readonly WordRun[] }) {
  return (
    <span className="whitespace-pre-line">
      {runs.map((run, at) => {
        const key = `${at}-${run.kind}`;
        if (run.kind === "same") return <span key={key}>{run.text}</span>;
        const Tag = run.kind === "added" ? "ins" : "del";
        return (
          <Tag key={key} className="difference">
            <span className="sr-only">{run.kind === "added" ? "[added: " : "[removed: "}</span>
            {run.text}
            <span className="sr-only">]</span>
          </Tag>
        );
      })}
    </span>
  );
}
