"use client";

import type { ReactNode } from "react";
import { TextArea } from "#app/_ui/field.tsx";
import { Facts } from "#app/_ui/frame.tsx";
import type { CeremonyProps } from "./ceremony.client.tsx";
import { Moves } from "./moves.client.tsx";

/** How the organization will stand on the public list, and what it says there in its own words. */
export function Appearance({
  organization,
  mandate,
  label,
  statement,
  onStatement,
  declaration,
  onDeclaration,
  back,
  onNext,
}: CeremonyProps & {
  statement: string;
  onStatement: (text: string) => void;
  declaration: string;
  onDeclaration: (text: string) => void;
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
      <TextArea
        label="A declaration on how you understand the text"
        name="declaration"
        optional
        maxLength={2000}
        value={declaration}
        onChange={(event) => onDeclaration(event.target.value)}
        hint="Public, and part of what is signed. It says how your organization reads the text; it excludes nothing of it."
      />
      <Moves back={back} />
    </form>
  );
}
