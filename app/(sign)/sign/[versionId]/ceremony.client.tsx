"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "#app/_ui/button.tsx";
import { TextArea, TextInput } from "#app/_ui/field.tsx";
import { Facts, Notice } from "#app/_ui/frame.tsx";
import { isSameName } from "#lib/domain/same-name.ts";
import { answerSigningInvitationAction } from "../../_ceremony/actions.ts";
import { ConfirmStep, type KeyChoice } from "../../_ceremony/confirm-step.client.tsx";
import { Moves } from "./moves.client.tsx";
import { OtherAnswer } from "./other-answer.client.tsx";
import { TextStep } from "./text-step.client.tsx";

const steps = ["who", "text", "act", "appearance", "confirm"] as const;
type Step = (typeof steps)[number];
const stepNames = {
  who: "Who signs",
  text: "The text",
  act: "Your answer",
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
  readonly mandate: { readonly title: string; readonly words: string };
  readonly keys: readonly KeyChoice[];
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
  const [step, setStep] = useState<Step>("who");
  const [typedName, setTypedName] = useState("");
  const [hasRead, setHasRead] = useState(false);
  const [statement, setStatement] = useState("");
  const [answer, setAnswer] = useState<"not-now" | "decline" | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const isFirst = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus moves when the step or the answer changes, and only then
  useEffect(() => {
    if (!isFirst.current) heading.current?.focus();
    isFirst.current = false;
  }, [step, answer]);

  const { organization } = props;
  const at = steps.indexOf(step);
  const go = (to: Step) => () => setStep(to);
  const back = at > 0 ? <Button onClick={go(steps[at - 1] ?? "who")}>Back</Button> : null;

  function leaveWho() {
    void answerSigningInvitationAction({
      versionId: props.versionId,
      organizationId: organization.id,
      answer: { kind: "opened" },
    }).catch(() => undefined);
    setStep("text");
  }

  return (
    <section aria-labelledby="step-heading">
      <p className="text-muted text-sm">
        Step {at + 1} of {steps.length}
      </p>
      <h2 id="step-heading" ref={heading} tabIndex={-1} className="mb-5 text-2xl outline-none">
        {answer === "not-now" ? "Not now" : answer === "decline" ? "Decline" : stepNames[step]}
      </h2>
      {step === "who" ? <Who {...props} typedName={typedName} onType={setTypedName} onNext={leaveWho} /> : null}
      {step === "text" ? (
        <TextStep {...props} hasRead={hasRead} onRead={setHasRead} back={back} onNext={go("act")} />
      ) : null}
      {step === "act" && answer === null ? (
        <Act {...props} back={back} onSign={go("appearance")} onAnswer={setAnswer} />
      ) : null}
      {step === "act" && answer !== null ? (
        <OtherAnswer
          kind={answer}
          versionId={props.versionId}
          organizationId={organization.id}
          onBack={() => setAnswer(null)}
        />
      ) : null}
      {step === "appearance" ? (
        <Appearance {...props} statement={statement} onStatement={setStatement} back={back} onNext={go("confirm")} />
      ) : null}
      {step === "confirm" ? (
        <ConfirmStep
          draft={{
            versionId: props.versionId,
            organizationId: organization.id,
            action: "sign",
            typedName,
            statementForPublication: statement.trim(),
          }}
          versionSha256={props.sha256Hex}
          keys={props.keys}
          email={props.email}
          submit={`Sign for ${organization.legalName}`}
          back={back}
          onDone={(actId) => router.push(`/receipts/${actId}?new`)}
        >
          <Summary {...props} statement={statement.trim()} />
        </ConfirmStep>
      ) : null}
    </section>
  );
}

function Who({
  organization,
  mandate,
  typedName,
  onType,
  onNext,
}: CeremonyProps & { typedName: string; onType: (name: string) => void; onNext: () => void }) {
  const [isWrong, setIsWrong] = useState(false);
  const matches = isSameName(typedName, organization.legalName) || isSameName(typedName, organization.displayName);
  return (
    <form
      className="grid gap-6"
      onSubmit={(event) => {
        event.preventDefault();
        if (matches) onNext();
        else setIsWrong(true);
      }}
    >
      <p className="font-serif text-lg">
        You sign for <strong>{organization.legalName}</strong> as its <strong>{mandate.title}</strong>. {mandate.words}
      </p>
      <Notice title="This is not a personal signature">
        It is {organization.legalName} that signs, through you. To sign as a person, leave here.
      </Notice>
      <TextInput
        label="Type the name of the organization you sign for"
        name="typedName"
        autoComplete="off"
        value={typedName}
        onChange={(event) => onType(event.target.value)}
        problem={isWrong && !matches ? `Type ${organization.legalName} or ${organization.displayName}.` : undefined}
      />
      <Moves back={null} />
    </form>
  );
}

function Act({
  title,
  number,
  withdrawal,
  back,
  onSign,
  onAnswer,
}: CeremonyProps & { back: ReactNode; onSign: () => void; onAnswer: (kind: "not-now" | "decline") => void }) {
  return (
    <div className="grid gap-6">
      <p className="max-w-prose">
        Signing says that your organization accepts version {number} of “{title}” whole, as it stands. {withdrawal}
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

function Appearance({
  organization,
  mandate,
  label,
  statement,
  onStatement,
  back,
  onNext,
}: CeremonyProps & {
  statement: string;
  onStatement: (text: string) => void;
  back: ReactNode;
  onNext: () => void;
}) {
  return (
    <form
      className="grid gap-6"
      onSubmit={(event) => {
        event.preventDefault();
        onNext();
      }}
    >
      <p>On the public list, as {label}:</p>
      <Facts
        facts={[
          ["Name", organization.displayName],
          ["Legal name", organization.legalName],
          ["Country", organization.country],
          ["Class", organization.kind],
          ["Sector", organization.sector || "–"],
          ["Domain", organization.domain],
          ["Signed through", `its ${mandate.title} (your name is not published)`],
        ]}
      />
      <TextArea
        label="A statement for publication"
        name="statement"
        optional
        maxLength={500}
        value={statement}
        onChange={(event) => onStatement(event.target.value)}
        hint="It stands beside your organization’s name for everyone to read, and is part of what is signed. It does not change what the text says."
      />
      <Moves back={back} />
    </form>
  );
}

function Summary({
  organization,
  mandate,
  title,
  number,
  publicWhen,
  withdrawal,
  statement,
  keys,
  keysHref,
}: CeremonyProps & { statement: string }) {
  return (
    <div className="grid gap-4">
      <p className="font-serif text-lg">
        {organization.legalName}, through its {mandate.title}, signs version {number} of “{title}”, the whole text.
      </p>
      <ul className="grid list-disc gap-1.5 ps-5">
        <li>{publicWhen}</li>
        <li>
          Public are the organization’s name, country, class, sector and domain, your title and the date
          {statement === "" ? "" : ", and your statement"}; not your name.
        </li>
        <li>{withdrawal}</li>
        <li>
          This records that the organization accepts the text. It is not a qualified electronic signature, and what
          follows from it in law is for the parties and their law to say.
        </li>
      </ul>
      {keys.length === 0 ? (
        <p className="text-muted text-sm">
          With a signing passkey the signature can be checked without trusting the keeper.{" "}
          <a href={keysHref}>Enrol one first</a>, or go on with a code.
        </p>
      ) : null}
    </div>
  );
}
