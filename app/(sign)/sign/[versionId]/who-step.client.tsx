"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { TextInput } from "#app/_ui/field.tsx";
import { Notice } from "#app/_ui/frame.tsx";
import { isSameName } from "#lib/domain/same-name.ts";
import { nameOfficerAction } from "../../_ceremony/actions.ts";
import type { CeremonyProps } from "./ceremony.client.tsx";
import { Moves } from "./moves.client.tsx";

type Props = CeremonyProps & { typedName: string; onType: (name: string) => void; onNext: () => void };

/** In which capacity somebody signs; and, once and for all, who they are, where they never said it. */
export function WhoStep({ organization, mandate, officer, typedName, onType, onNext }: Props) {
  const router = useRouter();
  const [isWrong, setIsWrong] = useState(false);
  const [ownName, setOwnName] = useState(officer);
  const [problem, setProblem] = useState<string | undefined>();
  const [isBusy, setIsBusy] = useState(false);
  const matches = isSameName(typedName, organization.legalName) || isSameName(typedName, organization.displayName);

  async function next() {
    setIsWrong(!matches);
    if (!matches || isBusy) return;
    if (officer === "") {
      setIsBusy(true);
      const failed = "Your name could not be sent. Check the connection and try again.";
      const result = await nameOfficerAction(ownName).catch(() => ({ ok: false, message: failed }) as const);
      setIsBusy(false);
      if (!result.ok) return setProblem(result.message);
      router.refresh();
    }
    onNext();
  }

  return (
    <form
      className="grid gap-6"
      onSubmit={(event) => {
        event.preventDefault();
        void next();
      }}
    >
      <p className="font-serif text-lg">
        You{officer === "" ? "" : `, ${officer},`} sign for <strong>{organization.legalName}</strong> as its{" "}
        <strong>{mandate.title}</strong>. {mandate.words}
      </p>
      <Notice title="This is not a personal signature">
        It is {organization.legalName} that signs, through you. To sign as a person, leave here.
      </Notice>
      {officer === "" ? null : (
        <p className="text-muted text-sm">
          The receipt names you as {officer}. The public record shows your title, not your name. If this is not your
          name, <Link href="/account">change it</Link> first.
        </p>
      )}
      {officer === "" ? (
        <TextInput
          label="Your own name"
          name="ownName"
          autoComplete="name"
          hint="The receipt names the officer who signed. The public record shows your title, not your name."
          value={ownName}
          onChange={(event) => setOwnName(event.target.value)}
          problem={problem}
        />
      ) : null}
      <TextInput
        label="Type the name of the organization you sign for"
        name="typedName"
        autoComplete="off"
        value={typedName}
        onChange={(event) => onType(event.target.value)}
        problem={isWrong && !matches ? `Type ${organization.legalName} or ${organization.displayName}.` : undefined}
      />
      <Moves back={null} isBlocked={isBusy} />
    </form>
  );
}
