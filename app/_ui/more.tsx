import type { ReactNode } from "react";

/** Something that is seldom wanted, behind one line; it opens without a script. */
export function More({ summary, open = false, children }: { summary: ReactNode; open?: boolean; children: ReactNode }) {
  return (
    <details open={open}>
      <summary className="py-1">{summary}</summary>
      <div className="mt-3 max-w-2xl pb-2">{children}</div>
    </details>
  );
}
