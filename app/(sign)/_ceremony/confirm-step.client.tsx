"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { Button } from "#app/_ui/button.tsx";
import { CarriedStatement } from "#app/_ui/carried-statement.client.tsx";
import { CodeInput } from "#app/_ui/code-input.client.tsx";
import { Choice } from "#app/_ui/field.tsx";
import { Notice } from "#app/_ui/frame.tsx";
import { Time } from "#app/_ui/time.tsx";
import { UntilHeard } from "#app/_ui/until-heard.client.tsx";
import type { EvidenceInput } from "#lib/domain/lodging.ts";
import { lodgeStatementAction, prepareStatementAction } from "./actions.ts";
import { checkBeforeSigning, type LogCheck } from "./check-log.client.ts";
import {
  confirmWithPasskey,
  type Draft,
  isAbout,
  otherStatement,
  type Prepared,
  type Problem,
  problemOf,
} from "./confirming.client.ts";
import { noteLodged } from "./fresh-after-back.client.ts";
import { SignedOut } from "./signed-out.client.tsx";

/** A key to choose from: a passkey, or the organization's own on a machine of its own. */
export type KeyChoice = {
  readonly id: string;
  readonly label: string;
  readonly isOwn: boolean;
  /** Before this instant it signs nothing; null for a key that signs now. */
  readonly signsFrom: Date | null;
};

/** The last step: a passkey, or a code by mail, and the one button that does it. Nothing is signed before its answer is in. */
export function ConfirmStep({
  draft,
  versionSha256,
  keys: enrolled,
  takesCodes,
  email,
  submit,
  back,
  onDone,
  children,
}: {
  draft: Draft;
  /** The fingerprint of the text that the statement names, as the officer saw it: of an endorsement the corrected copy. */
  versionSha256: string;
  keys: readonly KeyChoice[];
  /** False where only keys of the organization count. */
  takesCodes: boolean;
  email: string;
  submit: string;
  back: ReactNode;
  onDone: (actId: string) => void;
  children?: ReactNode;
}) {
  const router = useRouter();
  const keys = enrolled.filter(({ signsFrom }) => signsFrom === null);
  const [keyId, setKeyId] = useState<string | null>(keys[0]?.id ?? null);
  const [prepared, setPrepared] = useState<Prepared | null>(null);
  const [code, setCode] = useState("");
  const [busy, setBusy] = useState(false);
  // A second press comes before the page is drawn anew: it must find the first one already under way.
  const isUnderWay = useRef(false);
  const [check, setCheck] = useState<LogCheck | null>(null);
  const log = check && "log" in check ? check.log : null;
  const { versionId } = draft;
  const look = useCallback(async () => {
    setCheck(null);
    setCheck(await checkBeforeSigning(versionId, versionSha256));
  }, [versionId, versionSha256]);
  useEffect(() => void look(), [look]);
  const [problem, setProblem] = useState<Problem | null>(null);

  async function run(work: () => Promise<Problem | null>) {
    if (isUnderWay.current) return;
    isUnderWay.current = true;
    setBusy(true);
    setProblem(null);
    try {
      setProblem(await work());
    } catch {
      setProblem({
        title: "The server did not answer",
        message: "Nothing is known to be signed. Check your connection and press again: pressing twice signs once.",
      });
    } finally {
      isUnderWay.current = false;
      setBusy(false);
    }
  }

  /** Somebody of the organization was quicker: the page then tells of that signature and leads to its receipt. */
  function showEarlier() {
    router.refresh();
  }

  async function prepare(): Promise<Prepared | Problem> {
    if (!log) return otherStatement;
    const answer = await prepareStatementAction({ ...draft, keyId, logSize: log.size });
    if (!answer.ok) {
      if (answer.code === "already-signed") showEarlier();
      return problemOf(answer);
    }
    if (!isAbout(answer.value, draft, versionSha256, log)) return otherStatement;
    setPrepared(answer.value);
    return answer.value;
  }

  async function lodge(preparedId: string, evidence: EvidenceInput): Promise<Problem | null> {
    const answer = await lodgeStatementAction(draft.action, { preparedId, evidence });
    if (answer.ok) {
      noteLodged();
      onDone(answer.value.actId);
      return null;
    }
    if (answer.code === "already-signed") showEarlier();
    if (answer.code === "expired" || answer.code === "conflict") setPrepared(null);
    return problemOf(answer);
  }

  const sendCode = () =>
    run(async () => {
      const made = await prepare();
      return "title" in made ? made : null;
    });

  const byPasskey = () =>
    run(async () => {
      const made = await prepare();
      if ("title" in made) return made;
      const evidence = await confirmWithPasskey(made);
      return "title" in evidence ? evidence : lodge(made.preparedId, evidence);
    });

  const byOwnKey = () =>
    run(async () => {
      const made = await prepare();
      return "title" in made ? made : null;
    });

  const byCode = () => run(async () => (prepared ? lodge(prepared.preparedId, { class: "B", code }) : null));

  const isOwn = keys.some(({ id, isOwn }) => id === keyId && isOwn);
  const waitsForCode = keyId === null && prepared !== null;
  if (isOwn && prepared) {
    return (
      <div className="grid gap-6">
        {children}
        <CarriedStatement
          statement={prepared.statement}
          submit={submit}
          busy={busy}
          onNote={(note) => void run(() => lodge(prepared.preparedId, { class: "A'", note }))}
        />
        <ProblemNotice problem={problem} />
        <div>
          <Button tone="quiet" disabled={busy} onClick={() => setPrepared(null)}>
            Confirm in another way
          </Button>
        </div>
      </div>
    );
  }
  return (
    <form
      className="grid gap-6"
      onSubmit={(event) => {
        event.preventDefault();
        if (isOwn) void byOwnKey();
        else if (keyId !== null) void byPasskey();
        else if (waitsForCode) void byCode();
        else void sendCode();
      }}
    >
      <UntilHeard>
        {children}
        <fieldset className="grid gap-1">
          <legend className="mb-1 font-medium text-sm">How you confirm</legend>
          {keys.map((key) => (
            <Choice
              key={key.id}
              type="radio"
              name="method"
              checked={keyId === key.id}
              onChange={() => choose(key.id)}
              label={key.isOwn ? `Your organization’s own key: ${key.label}` : `Signing passkey: ${key.label}`}
              hint={
                key.isOwn
                  ? "You carry the statement to the machine with the key, and the signed note back. You have a day for it."
                  : "A key of your organization signs the statement; anyone can check it."
              }
            />
          ))}
          {enrolled.map(({ id, label, signsFrom }) =>
            signsFrom ? (
              <p key={id} className="text-muted text-sm">
                Signing key {label} is new and signs from <Time at={signsFrom} /> on, or once an enrolled key has
                approved it. {takesCodes ? "Until then confirm by mail." : null}
              </p>
            ) : null,
          )}
          {takesCodes ? (
            <Choice
              type="radio"
              name="method"
              checked={keyId === null}
              onChange={() => choose(null)}
              label="Six digits by mail"
              hint={`Sent to ${email}. It is shown as “recorded by the keeper”, without a key of the organization.`}
            />
          ) : (
            <p className="text-muted text-sm">Your organization has declared that only its keys count.</p>
          )}
        </fieldset>
        {waitsForCode ? (
          <>
            <CodeInput
              value={code}
              onChange={setCode}
              sentTo={prepared.codeSentTo ?? email}
              meaning="They count for ten minutes and for this statement alone."
            />
            <StatementText text={prepared.statement} />
          </>
        ) : null}
        <CheckWords check={check} onAgain={() => void look()} />
        <ProblemNotice problem={problem} />
        <div className="flex flex-wrap gap-3">
          <Button type="submit" tone="primary" disabled={busy || !log} aria-busy={busy}>
            {busy
              ? "One moment…"
              : isOwn
                ? "Write the statement"
                : keyId !== null || waitsForCode
                  ? submit
                  : "Send me the code"}
          </Button>
          {waitsForCode ? (
            <Button tone="quiet" disabled={busy} onClick={() => void sendCode()}>
              Send a new code
            </Button>
          ) : null}
          {back}
        </div>
      </UntilHeard>
    </form>
  );

  function choose(id: string | null) {
    setKeyId(id);
    setPrepared(null);
    setCode("");
    setProblem(null);
  }
}

/** Why nothing was signed, read out at once. */
function ProblemNotice({ problem }: { problem: Problem | null }) {
  return (
    <div aria-live="assertive">
      {problem ? (
        <Notice tone="problem" title={problem.title}>
          {problem.message}
        </Notice>
      ) : null}
    </div>
  );
}

/** What the browser found out by itself before anything can be signed. */
function CheckWords({ check, onAgain }: { check: LogCheck | null; onAgain: () => void }) {
  return (
    <div aria-live="polite" data-testid="log-check">
      {check === null ? <p className="text-muted text-sm">Your browser is checking the public log…</p> : null}
      {check && "log" in check ? (
        <p className="text-sm">
          ✓ Your browser checked the fingerprint of the text and the signature of the public log, {check.log.size}{" "}
          entries; what you sign names both.
        </p>
      ) : null}
      {check && "isSignedOut" in check ? <SignedOut onAgain={onAgain} /> : null}
      {check && "problem" in check ? (
        <Notice tone="problem" title="Nothing can be signed now">
          <p>{check.problem} Nothing was signed.</p>
          <div className="mt-3">
            <Button onClick={onAgain}>Check again</Button>
          </div>
        </Notice>
      ) : null}
    </div>
  );
}

function StatementText({ text }: { text: string }) {
  return (
    <details className="border-line border-y py-2">
      <summary className="cursor-pointer text-sm">The exact statement that is signed</summary>
      <pre className="mt-2 overflow-x-auto whitespace-pre-wrap break-all font-mono text-xs">{text}</pre>
    </details>
  );
}
