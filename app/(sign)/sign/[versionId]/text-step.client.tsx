"use client";

import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { Button } from "#app/_ui/button.tsx";
import { Choice } from "#app/_ui/field.tsx";
import { Notice } from "#app/_ui/frame.tsx";
import { SignedOut } from "../../_ceremony/signed-out.client.tsx";
import { findDifference } from "./check-text.client.ts";
import { Moves } from "./moves.client.tsx";

type Check = "checking" | "same" | "signed-out" | { readonly problem: string };

/** The text to read. The browser computes its fingerprint itself and compares every word it shows; nothing goes on before they agree. */
export function TextStep({
  versionId,
  sha256Hex,
  number,
  title,
  text,
  fingerprint,
  hasRead,
  onRead,
  back,
  onNext,
}: {
  versionId: string;
  sha256Hex: string;
  number: number;
  title: string;
  text: ReactNode;
  fingerprint: ReactNode;
  hasRead: boolean;
  onRead: (hasRead: boolean) => void;
  back: ReactNode;
  onNext: () => void;
}) {
  const shown = useRef<HTMLDivElement>(null);
  const [check, setCheck] = useState<Check>("checking");
  const compare = useCallback(async () => {
    setCheck("checking");
    setCheck(await compareShown(versionId, sha256Hex, shown.current));
  }, [versionId, sha256Hex]);
  useEffect(() => void compare(), [compare]);

  return (
    <form
      className="grid gap-6"
      onSubmit={(event) => {
        event.preventDefault();
        // Once more: what stood here when it was read may have been changed since.
        void compareShown(versionId, sha256Hex, shown.current).then((result) => {
          setCheck(result);
          if (result === "same") onNext();
        });
      }}
    >
      {fingerprint}
      <div ref={shown} className="border-line border-y py-6">
        {text}
      </div>
      <div aria-live="polite" data-testid="text-check">
        {check === "checking" ? <p className="text-muted text-sm">Your browser is checking the text…</p> : null}
        {check === "same" ? (
          <p className="text-sm">
            ✓ Your browser computed the fingerprint itself: it is the one above, and these are its words.
          </p>
        ) : null}
        {check === "signed-out" ? <SignedOut onAgain={() => void compare()} /> : null}
        {typeof check === "object" ? (
          <Notice tone="problem" title="The text could not be confirmed">
            <p>{check.problem} Nothing was signed.</p>
            <div className="mt-3">
              <Button onClick={() => void compare()}>Check again</Button>
            </div>
          </Notice>
        ) : null}
      </div>
      <Choice
        checked={hasRead}
        required
        onChange={(event) => onRead(event.target.checked)}
        label={`I have read version ${number} of “${title}”.`}
      />
      <Moves back={back} isBlocked={check !== "same"} />
    </form>
  );
}

async function compareShown(versionId: string, sha256Hex: string, shown: HTMLElement | null): Promise<Check> {
  try {
    const answer = await fetch(`/sign/${versionId}/text`, { cache: "no-store" });
    if (answer.status === 401) return "signed-out";
    if (!answer.ok || !shown) return { problem: "The server did not give out the text; it may have been replaced." };
    const problem = findDifference(new Uint8Array(await answer.arrayBuffer()), sha256Hex, shown);
    return problem === null ? "same" : { problem };
  } catch {
    return { problem: "The server did not answer. Check your connection." };
  }
}
