import type { Metadata } from "next";
import { formatDate } from "#app/_ui/time.tsx";
import type { LodgingAction } from "#lib/domain/lodging.ts";
import { withdrawalEffectiveOn } from "#lib/domain/signature.ts";
import { type LaterAct, LaterActPage, type LaterActProps, loadLaterAct } from "../later-act.tsx";
import { WithdrawForm } from "./withdraw-form.client.tsx";

export const metadata: Metadata = { title: "Withdraw", robots: { index: false } };

export default async function WithdrawPage(props: LaterActProps) {
  const act = await loadLaterAct(props, "withdraw");
  const plan = planOf(act);
  return (
    <LaterActPage
      act={act}
      title={plan?.title ?? "Nothing to withdraw"}
      isPossible={plan !== null}
      impossible="There is no signature in effect that could be withdrawn."
    >
      {plan ? (
        <WithdrawForm
          {...act.signing}
          action={plan.action}
          words={plan.words}
          submit={plan.submit}
          asksReason={plan.action === "withdraw"}
          // Who stays repeats what stands; who leaves does so as a whole.
          repeated={plan.action === "revoke-withdrawal" ? act.view.reservations : []}
        />
      ) : null}
    </LaterActPage>
  );
}

type Plan = {
  readonly action: LodgingAction;
  readonly title: string;
  readonly words: readonly string[];
  readonly submit: string;
};

function planOf({ view, signature, name, now }: LaterAct): Plan | null {
  const { version, charter, withdrawalNoticeDays } = view;
  const text = `version ${version.number} of “${charter.title}”`;
  switch (signature.status) {
    case "SEALED":
    case "LODGED":
      return {
        action: "retract",
        title: "Pull the signature out",
        words: [
          `${name} takes its signature on ${text} out.`,
          "No trace of it ever becomes public. You keep the signed statement as your own proof, and can sign again while the version is open.",
        ],
        submit: `Pull out for ${name}`,
      };
    case "EFFECTIVE": {
      const effectiveOn = formatDate(withdrawalEffectiveOn(now, withdrawalNoticeDays));
      return {
        action: "withdraw",
        title: "Give notice of withdrawal",
        words: [
          `${name} withdraws from ${text}, with effect ${withdrawalNoticeDays === 0 ? "at once" : `on ${effectiveOn}`}.`,
          "The notice is public at once, with a number. The list keeps the organization with both dates; nothing is erased.",
          ...(withdrawalNoticeDays === 0 ? [] : ["Until that day the notice can be taken back."]),
        ],
        submit: `Withdraw for ${name}`,
      };
    }
    case "WITHDRAWING":
      return {
        action: "revoke-withdrawal",
        title: "Take the notice of withdrawal back",
        words: [
          `${name} stays on ${text}; its signature stands without a break.`,
          "Both the notice and its taking back stay in the record.",
        ],
        submit: `Take it back for ${name}`,
      };
    default:
      return null;
  }
}
