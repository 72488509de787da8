"use client";

import { useEffect, useRef, useState } from "react";
import { Choice, TextArea } from "#app/_ui/field.tsx";
import { UntilHeard } from "#app/_ui/until-heard.client.tsx";
import { type PositionValue, positionValues, positionWords } from "#lib/domain/adoption.ts";

const meanings = {
  AGREE: "We support the text.",
  CAN_ACCEPT: "It is not all we hoped for, and we do not stand in its way.",
  OBJECT: "We cannot accept the text as it is; say why, and what would remedy it.",
  ABSTAIN: "We take no part in this decision.",
} as const;

/**
 * The four positions, with a reason for each: words that were said for one position are not put into the mouth of another,
 * and stand there again when it is chosen anew. Only an objection asks for a remedy.
 */
export function PositionFields({
  standing,
}: {
  standing: { readonly value: PositionValue; readonly reason: string; readonly remedy: string } | null;
}) {
  const [value, setValue] = useState<PositionValue | null>(standing?.value ?? null);
  const [reasons, setReasons] = useState<Partial<Record<PositionValue, string>>>(
    standing ? { [standing.value]: standing.reason } : {},
  );
  const [remedy, setRemedy] = useState(standing?.remedy ?? "");
  const choices = useRef<HTMLFieldSetElement>(null);
  // What was chosen before the scripts had come is a choice too: the radios keep it, and it is read from them once.
  useEffect(() => {
    const chosen = choices.current?.querySelector<HTMLInputElement>("input:checked")?.value;
    const known = positionValues.find((one) => one === chosen);
    if (known) setValue(known);
  }, []);
  const objects = value === "OBJECT";
  return (
    <UntilHeard>
      <fieldset ref={choices}>
        <legend className="sr-only">Position</legend>
        {positionValues.map((one) => (
          <Choice
            key={one}
            type="radio"
            name="value"
            value={one}
            required
            defaultChecked={one === standing?.value}
            onChange={() => setValue(one)}
            label={positionWords[one]}
            hint={meanings[one]}
          />
        ))}
      </fieldset>
      <TextArea
        label="Reason"
        name="reason"
        rows={3}
        maxLength={4000}
        optional={!objects}
        value={value ? (reasons[value] ?? "") : ""}
        disabled={value === null}
        onChange={(event) => {
          if (value) setReasons({ ...reasons, [value]: event.target.value });
        }}
        hint={value === null ? "Choose a position first." : "The organizations at the table read it."}
      />
      {objects ? (
        <TextArea
          label="What would remedy it"
          name="remedy"
          rows={3}
          maxLength={4000}
          value={remedy}
          onChange={(event) => setRemedy(event.target.value)}
        />
      ) : null}
    </UntilHeard>
  );
}
