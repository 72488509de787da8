import type { Metadata } from "next";
import { Fingerprint } from "#app/_ui/seal.tsx";
import { ChangedClauses } from "../../../_ceremony/changed-clauses.tsx";
import { LaterActPage, type LaterActProps, loadLaterAct } from "../later-act.tsx";
import { WithdrawForm } from "../withdraw/withdraw-form.client.tsx";

export const metadata: Metadata = { title: "Endorse a correction", robots: { index: false } };

export default async function EndorsePage(props: LaterActProps) {
  const act = await loadLaterAct(props, "endorse");
  const { version, charter, correction } = act.view;
  const { status } = act.signature;
  const changed = correction?.comparison.clauses.filter((one) => one.change !== "unchanged") ?? [];
  return (
    <LaterActPage
      act={act}
      title="Endorse the corrected copy"
      isPossible={correction !== null && (status === "EFFECTIVE" || status === "WITHDRAWING")}
      impossible="There is no corrected copy that this signature could still endorse."
    >
      <section aria-label="What the correction changes" className="grid gap-4">
        <p className="max-w-prose">
          The corrected copy of version {version.number} of “{charter.title}” differs from the text that was signed as
          follows.
        </p>
        <ChangedClauses clauses={changed} />
        {correction ? (
          <p className="text-sm">
            Fingerprint of the copy (SHA-256): <Fingerprint hashHex={correction.sha256Hex} />
          </p>
        ) : null}
      </section>
      <WithdrawForm
        {...act.signing}
        versionSha256={correction?.sha256Hex ?? ""}
        action="endorse-correction"
        words={[
          `${act.name} endorses the corrected copy of version ${version.number} of “${charter.title}”, as shown above.`,
          "The list shows it beside the signature, with a numbered notification. The signature stays on the text that was signed, with or without this.",
          "It is of this copy alone: a later correction is another copy, which is endorsed by itself.",
        ]}
        submit={`Endorse for ${act.name}`}
        asksReason={false}
        repeated={act.view.reservations}
      />
    </LaterActPage>
  );
}
