import type { Metadata } from "next";
import { LaterActPage, type LaterActProps, loadLaterAct } from "../later-act.tsx";
import { WithdrawForm } from "../withdraw/withdraw-form.client.tsx";

export const metadata: Metadata = { title: "Re-affirm", robots: { index: false } };

export default async function ReaffirmPage(props: LaterActProps) {
  const act = await loadLaterAct(props, "reaffirm");
  const { version, charter, reservations } = act.view;
  const { status } = act.signature;
  const kept =
    reservations.length === 0
      ? "."
      : `, with its reservations to ${reservations.map((one) => `clause ${one.number}`).join(", ")}.`;
  return (
    <LaterActPage
      act={act}
      title="Re-affirm the signature"
      isPossible={status === "EFFECTIVE" || status === "WITHDRAWING"}
      impossible="There is no signature on the public list that could be re-affirmed."
    >
      <WithdrawForm
        {...act.signing}
        action="reaffirm"
        words={[
          `${act.name} re-affirms its signature on version ${version.number} of “${charter.title}”${kept}`,
          "The list shows today as the day it was last re-affirmed, with a numbered notification. The signature itself stays as it is, and would stay without.",
        ]}
        submit={`Re-affirm for ${act.name}`}
        asksReason={false}
        repeated={reservations}
      />
    </LaterActPage>
  );
}
