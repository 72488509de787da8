"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "#app/_ui/button.tsx";
import { Select, TextArea, TextInput } from "#app/_ui/field.tsx";
import { Fingerprint } from "#app/_ui/seal.tsx";
import { UntilHeard } from "#app/_ui/until-heard.client.tsx";
import { useOutcome } from "#app/_ui/use-outcome.client.tsx";
import { encodeHex } from "#lib/ledger/hash.ts";
import { recordInstrumentAction } from "./actions.ts";

type Kept = { readonly instrumentId: string; readonly sha256Hex: string };

/** Records an instrument that came on paper: its scan is hashed here, handed in, and then told about. */
export function Instrument({
  charterId,
  versionId,
  choices,
  today,
}: {
  charterId: string;
  versionId: string;
  choices: readonly { readonly id: string; readonly legalName: string }[];
  today: string;
}) {
  const router = useRouter();
  const [kept, setKept] = useState<Kept | null>(null);
  const { busy, notice, run } = useOutcome("Nothing is known to be recorded; try again.");

  const choose = (file: File | undefined) =>
    run(async () => {
      setKept(null);
      if (!file) return null;
      const bytes = await file.arrayBuffer();
      const own = encodeHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
      const answer = await fetch(`/drafts/${charterId}/signing/instrument?version=${versionId}`, {
        method: "POST",
        headers: { "content-type": file.type },
        body: bytes,
      });
      const said: unknown = await answer.json().catch(() => null);
      if (!answer.ok) return { good: false, message: messageOf(said) };
      const taken = keptOf(said);
      // What the server keeps must be what was chosen here.
      if (taken?.sha256Hex !== own) return { good: false, message: "The scan arrived altered. Choose it once more." };
      setKept(taken);
      return null;
    });

  function record(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = event.currentTarget;
    const form = new FormData(fields);
    const text = (name: string) => String(form.get(name) ?? "").trim();
    if (!window.confirm("Record this signature? It cannot be taken back by you, only disputed by the organization."))
      return;
    run(async () => {
      const answer = await recordInstrumentAction(charterId, {
        instrumentId: kept?.instrumentId ?? "",
        organizationId: text("organizationId"),
        officerName: text("officerName"),
        officerTitle: text("officerTitle"),
        receivedOn: text("receivedOn"),
        statementForPublication: text("statementForPublication"),
      });
      if (!answer.ok) return { good: false, message: answer.message };
      setKept(null);
      // The next instrument is another one; nothing of this may stand under its name.
      fields.reset();
      router.refresh();
      return { good: true, message: "It is recorded; the admins of the organization were told." };
    });
  }

  return (
    <form className="grid max-w-xl gap-5" onSubmit={record}>
      <UntilHeard>
        <label className="grid gap-1.5 text-sm">
          <span className="font-medium">Scan of the instrument</span>
          <span className="text-muted">A PDF, PNG, JPEG or TIFF of up to 8 MiB. It is kept and not published.</span>
          <input
            type="file"
            accept="application/pdf,image/png,image/jpeg,image/tiff"
            disabled={busy}
            onChange={(event) => choose(event.target.files?.[0])}
          />
        </label>
        {kept ? (
          <p className="text-sm">
            Its SHA-256, which is published: <Fingerprint hashHex={kept.sha256Hex} />
          </p>
        ) : null}
        <Select label="Organization" name="organizationId" defaultValue="">
          <option value="" disabled>
            Choose one
          </option>
          {choices.map(({ id, legalName }) => (
            <option key={id} value={id}>
              {legalName}
            </option>
          ))}
        </Select>
        <TextInput label="Officer who signed" name="officerName" maxLength={200} hint="Kept apart, never published." />
        <TextInput
          label="Title of the officer"
          name="officerTitle"
          maxLength={200}
          hint="Published with the signature."
        />
        <TextInput label="Received on" name="receivedOn" type="date" max={today} defaultValue={today} />
        <TextArea label="A statement for publication" name="statementForPublication" optional maxLength={500} />
        {notice}
        <div>
          <Button type="submit" disabled={busy || kept === null} aria-busy={busy}>
            {busy ? "One moment…" : "Record the signature"}
          </Button>
        </div>
      </UntilHeard>
    </form>
  );
}

function keptOf(said: unknown): Kept | null {
  if (typeof said !== "object" || said === null) return null;
  const { instrumentId, sha256Hex } = { instrumentId: undefined, sha256Hex: undefined, ...said };
  return typeof instrumentId === "string" && typeof sha256Hex === "string" ? { instrumentId, sha256Hex } : null;
}

function messageOf(said: unknown): string {
  if (typeof said === "object" && said !== null && "detail" in said) return String(said.detail);
  return "The scan was not taken. Choose a PDF, PNG, JPEG or TIFF of up to 8 MiB.";
}
