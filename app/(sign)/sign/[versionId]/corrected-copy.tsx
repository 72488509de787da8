import Link from "next/link";
import { Notice } from "#app/_ui/frame.tsx";
import type { Ceremony } from "#lib/queries/ceremony.ts";
import { ChangedClauses } from "../../_ceremony/changed-clauses.tsx";

/** Tells whoever is about to sign that a corrected copy of the text was published: what it changes, and which of both is signed. */
export function CorrectedCopy({ view: { correction, number, slug } }: { view: Ceremony }) {
  if (!correction) return null;
  const changed = correction.clauses.filter((one) => one.change !== "unchanged");
  return (
    <div className="mb-6">
      <Notice tone="wait" title="A corrected copy of this text was published">
        <p>
          What is signed is version {number} as it stands below, with its own fingerprint; the signature stands on that
          text. Once signed, your organization can endorse the corrected copy from the receipt.
          {slug ? (
            <>
              {" "}
              <Link href={`/c/${slug}/v/${number}/corrections`}>Why it was corrected</Link>
            </>
          ) : null}
        </p>
        <details className="mt-3" open>
          <summary className="cursor-pointer font-medium">
            Corrected: {changed.length} {changed.length === 1 ? "clause" : "clauses"}
          </summary>
          <ChangedClauses clauses={changed} />
        </details>
      </Notice>
    </div>
  );
}
