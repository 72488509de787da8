import type { ReactNode } from "react";
import type { ActionResult } from "./action-form.client.tsx";
import { Chip } from "./frame.tsx";
import { More } from "./more.tsx";
import { PublicSaying } from "./public-saying.tsx";
import { Time } from "./time.tsx";

type Say = (form: FormData) => Promise<ActionResult>;

/** By whose word something is said of signatures: the actions of the depositary of one charter, or of the operator. */
export type Sayings = { readonly dispute: Say; readonly settle: Say; readonly annul: Say };

type Saying = { readonly signActId: string; readonly status: string; readonly isListed: boolean };

/** A signature under review: since when and why, and the two ways in which that ends. */
export function DisputedSignature({
  name,
  since,
  reason,
  signActId,
  sayings,
}: {
  name: string;
  since: Date;
  reason: string;
  signActId: string;
  sayings: Sayings;
}) {
  return (
    <article className="grid gap-4 rounded-sm border border-line p-4">
      <h3 className="text-lg">
        {name}{" "}
        <span className="font-sans">
          <StatusChip status="DISPUTED" isListed />
        </span>
      </h3>
      <p className="max-w-prose">
        Since <Time at={since} style="date" />: {reason}
      </p>
      <div className="grid gap-6 sm:grid-cols-2">
        <PublicSaying
          action={sayings.settle}
          submit="The signature stands"
          about={{ signActId }}
          label="Why it stands"
        />
        <Annul signActId={signActId} action={sayings.annul} />
      </div>
    </article>
  );
}

/** A signature in a list, folded, with what can be said of it. */
export function SignatureSayings({ name, one, sayings }: { name: ReactNode; one: Saying; sayings: Sayings }) {
  return (
    <More
      summary={
        <>
          {name} <StatusChip status={one.status} isListed={one.isListed} />
        </>
      }
    >
      {one.isListed ? (
        <div className="grid gap-6 sm:grid-cols-2">
          {one.status === "EFFECTIVE" || one.status === "WITHDRAWING" ? (
            <PublicSaying
              action={sayings.dispute}
              submit="Put it under review"
              confirm="Put this signature under review? That is published at once, with the reason, and the signature does not count until it is settled."
              tone="plain"
              about={{ signActId: one.signActId }}
              label="What is to be looked into"
            />
          ) : null}
          <Annul signActId={one.signActId} action={sayings.annul} />
        </div>
      ) : (
        <p className="text-muted text-sm">It has ended; nothing more is said of it.</p>
      )}
    </More>
  );
}

function Annul({ signActId, action }: { signActId: string; action: Say }) {
  return (
    <PublicSaying
      action={action}
      submit="It was entered in error"
      about={{ signActId }}
      label="How it came to be entered in error"
      confirm="Enter this signature as void from the start? It leaves the list, and that is not undone; the organization can sign anew."
    />
  );
}

function StatusChip({ status, isListed }: { status: string; isListed: boolean }) {
  return (
    <Chip tone={status === "DISPUTED" ? "wait" : isListed ? "good" : "plain"}>
      {status === "DISPUTED" ? "disputed, under review" : status.toLowerCase().replaceAll("_", " ")}
    </Chip>
  );
}
