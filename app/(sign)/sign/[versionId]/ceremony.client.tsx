"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "#app/_ui/button.tsx";
import { UntilHeard } from "#app/_ui/until-heard.client.tsx";
import { answerSigningInvitationAction } from "../../_ceremony/actions.ts";
import { ConfirmStep, type KeyChoice } from "../../_ceremony/confirm-step.client.tsx";
import { useFreshAfterBack } from "../../_ceremony/fresh-after-back.client.ts";
import {
  type ReservableClause,
  ReservationFields,
  type ReservationWords,
  reservationsOf,
} from "../../_ceremony/reservation-fields.client.tsx";
import { Appearance } from "./appearance.client.tsx";
import { Moves } from "./moves.client.tsx";
import { OtherAnswer } from "./other-answer.client.tsx";
import { Summary } from "./summary.client.tsx";
import { TextStep } from "./text-step.client.tsx";
import { WhoStep } from "./who-step.client.tsx";

const allSteps = ["who", "text", "act", "scope", "appearance", "confirm"] as const;
type Step = (typeof allSteps)[number];
const stepNames = {
  who: "Who signs",
  text: "The text",
  act: "Your answer",
  scope: "What you accept",
  appearance: "How you will appear",
  confirm: "Confirm",
} as const satisfies Record<Step, string>;

/** What the ceremony is about, as plain words; the text itself comes ready as `text`. */
export type CeremonyProps = {
  readonly versionId: string;
  readonly title: string;
  readonly number: number;
  readonly sha256Hex: string;
  readonly organization: {
    readonly id: string;
    readonly legalName: string;
    readonly displayName: string;
    readonly country: string;
    readonly kind: string;
    readonly sector: string;
    readonly domain: string;
  };
  /** The name of the officer; empty until they gave one. */
  readonly officer: string;
  readonly mandate: { readonly title: string; readonly words: string };
  /** The clauses that may be reserved; without any there is no such step. */
  readonly reservable: readonly ReservableClause[];
  readonly keys: readonly KeyChoice[];
  readonly takesCodes: boolean;
  readonly email: string;
  readonly label: string;
  /** When it becomes public, in words. */
  readonly publicWhen: string;
  readonly withdrawal: string;
  readonly text: ReactNode;
  readonly fingerprint: ReactNode;
  readonly keysHref: string;
};

/** The ceremony: one column, one step at a time, each reachable and left by keyboard; the heading takes the focus. */
export function Ceremony(props: CeremonyProps) {
  const router = useRouter();
  const steps = allSteps.filter((one) => one !== "scope" || props.reservable.length > 0);
  const { step, answer, go: goTo } = useSteps(steps);
  const [typedName, setTypedName] = useState("");
  const [hasRead, setHasRead] = useState(false);
  const [statement, setStatement] = useState("");
  const [declaration, setDeclaration] = useState("");
  const [reservations, setReservations] = useState<ReservationWords>({});
  const heading = useRef<HTMLHeadingElement>(null);
  const isFirst = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus moves when the step or the answer changes, and only then
  useEffect(() => {
    if (!isFirst.current) heading.current?.focus();
    isFirst.current = false;
  }, [step, answer]);

  const { organization } = props;
  const at = steps.indexOf(step);
  const go = (to: Step) => () => goTo(to);
  const back = at > 0 ? <Button onClick={() => window.history.back()}>Back</Button> : null;
  useFreshAfterBack();

  function leaveWho() {
    void answerSigningInvitationAction({
      versionId: props.versionId,
      organizationId: organization.id,
      answer: { kind: "opened" },
    }).catch(() => undefined);
    goTo("text");
  }

  return (
    <section aria-labelledby="step-heading">
      <p className="text-muted text-sm">
        Step {at + 1} of {steps.length}
      </p>
      <h2 id="step-heading" ref={heading} tabIndex={-1} className="mb-5 text-2xl outline-none">
        {answer === "not-now" ? "Not now" : answer === "decline" ? "Decline" : stepNames[step]}
      </h2>
      <UntilHeard>
        {step === "who" ? <WhoStep {...props} typedName={typedName} onType={setTypedName} onNext={leaveWho} /> : null}
        {step === "text" ? (
          <TextStep {...props} hasRead={hasRead} onRead={setHasRead} back={back} onNext={go("act")} />
        ) : null}
        {step === "act" && answer === null ? (
          <Act
            {...props}
            back={back}
            onSign={go(steps[at + 1] ?? "appearance")}
            onAnswer={(kind) => goTo("act", kind)}
          />
        ) : null}
        {step === "act" && answer !== null ? (
          <OtherAnswer
            kind={answer}
            versionId={props.versionId}
            organizationId={organization.id}
            onBack={() => window.history.back()}
          />
        ) : null}
        {step === "scope" ? (
          <Scope {...props} words={reservations} onWords={setReservations} back={back} onNext={go("appearance")} />
        ) : null}
        {step === "appearance" ? (
          <Appearance
            {...props}
            statement={statement}
            onStatement={setStatement}
            declaration={declaration}
            onDeclaration={setDeclaration}
            back={back}
            onNext={go("confirm")}
          />
        ) : null}
        {step === "confirm" ? (
          <ConfirmStep
            draft={{
              versionId: props.versionId,
              organizationId: organization.id,
              action: "sign",
              typedName,
              statementForPublication: statement.trim(),
              declaration: declaration.trim(),
              reservations: reservationsOf(reservations),
            }}
            versionSha256={props.sha256Hex}
            keys={props.keys}
            takesCodes={props.takesCodes}
            email={props.email}
            submit={`Sign for ${organization.legalName}`}
            back={back}
            onDone={(actId) => router.push(`/receipts/${actId}?new`)}
          >
            <Summary
              {...props}
              reservations={reservations}
              statement={statement.trim()}
              declaration={declaration.trim()}
            />
          </ConfirmStep>
        ) : null}
      </UntilHeard>
    </section>
  );
}

function Act({
  title,
  number,
  withdrawal,
  reservable,
  back,
  onSign,
  onAnswer,
}: CeremonyProps & { back: ReactNode; onSign: () => void; onAnswer: (kind: OtherAnswerKind) => void }) {
  return (
    <div className="grid gap-6">
      <p className="max-w-prose">
        Signing says that your organization accepts version {number} of “{title}”{" "}
        {reservable.length === 0 ? "whole, as it stands." : "as it stands, but for what you reserve in the next step."}{" "}
        {withdrawal}
      </p>
      <div className="grid gap-3 sm:grid-cols-3">
        <Button onClick={onSign}>Sign</Button>
        <Button onClick={() => onAnswer("not-now")}>Not now</Button>
        <Button onClick={() => onAnswer("decline")}>Decline</Button>
      </div>
      <p className="text-muted text-sm">
        “Not now” and “Decline” are private: only the keeper of the record sees them, and nobody else’s signature is
        touched.
      </p>
      <div>{back}</div>
    </div>
  );
}

function Scope({
  reservable,
  words,
  onWords,
  back,
  onNext,
}: CeremonyProps & {
  words: ReservationWords;
  onWords: (words: ReservationWords) => void;
  back: ReactNode;
  onNext: () => void;
}) {
  const count = Object.keys(words).length;
  return (
    <form
      className="grid gap-6"
      onSubmit={(event) => {
        event.preventDefault();
        onNext();
      }}
    >
      <p className="max-w-prose">
        Sign the whole text, or say which clauses your organization does not accept as they stand, and in what. A
        reservation is made now or never: afterwards it can only be narrowed or withdrawn.
      </p>
      <ReservationFields
        clauses={reservable}
        words={words}
        onChange={onWords}
        hint="Public beside your organization’s name and beside the clause, and part of what is signed."
      />
      <p aria-live="polite" className="text-muted text-sm">
        {count === 0
          ? "Nothing is reserved: you accept the whole text."
          : `${count === 1 ? "One clause is" : `${count} clauses are`} reserved. The depositary examines a signature with reservations before it becomes public.`}
      </p>
      <Moves back={back} />
    </form>
  );
}

const otherAnswers = ["not-now", "decline"] as const;
type OtherAnswerKind = (typeof otherAnswers)[number];

/** What is shown; `answer` is another answer than a signature, which only the step that asks for it has. */
type Place = { readonly step: Step; readonly answer: OtherAnswerKind | null };

/**
 * The step that is shown, kept in the browser's history too: its back button leads to the step before, never past what
 * was reached, and loses nothing that was typed.
 */
function useSteps(steps: readonly Step[]): Place & { go: (to: Step, answer?: OtherAnswerKind) => void } {
  const [place, setPlace] = useState<Place>({ step: "who", answer: null });
  const reached = useRef(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: which steps there are does not change while the page is open
  useEffect(() => {
    const show = (event: PopStateEvent) => {
      const wanted = steps.indexOf(event.state?.ceremonyStep ?? "who");
      const step = steps[Math.min(Math.max(wanted, 0), reached.current)] ?? "who";
      const answer = otherAnswers.find((one) => one === event.state?.ceremonyAnswer) ?? null;
      setPlace({ step, answer: step === "act" ? answer : null });
    };
    window.addEventListener("popstate", show);
    return () => window.removeEventListener("popstate", show);
  }, []);
  return {
    ...place,
    go(to, answer) {
      reached.current = Math.max(reached.current, steps.indexOf(to));
      window.history.pushState({ ...window.history.state, ceremonyStep: to, ceremonyAnswer: answer ?? null }, "");
      setPlace({ step: to, answer: answer ?? null });
    },
  };
}
