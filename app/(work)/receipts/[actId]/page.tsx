import type { Metadata } from "next";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { requirePage } from "#app/_server/require-page.ts";
import { queryText, type SearchParams } from "#app/_server/search-params.ts";
import { LinkButton } from "#app/_ui/button.tsx";
import { Facts, Notice, Page, PageHeader, Section } from "#app/_ui/frame.tsx";
import { Fingerprint, Seal } from "#app/_ui/seal.tsx";
import { formatDate, formatOpening, Time } from "#app/_ui/time.tsx";
import { evidenceWords } from "#lib/domain/evidence-words.ts";
import { loadReceipt, type ReceiptView } from "#lib/queries/receipt.ts";
import { doneWords, sinceWords } from "./standing-words.ts";

export const metadata: Metadata = { title: "Receipt", robots: { index: false } };

type Props = { params: Promise<{ actId: string }>; searchParams: SearchParams };

export default async function ReceiptPage({ params, searchParams }: Props) {
  const { actId } = await params;
  const isNew = (await queryText(searchParams, "new")) !== undefined;
  const view = await requirePage(`/receipts/${actId}`, async () =>
    loadReceipt(contextFor(await currentActor()), actId),
  );
  return (
    <Page width="narrow">
      <PageHeader over="Receipt" title={titles[view.payload.kind]} lead={sentence(view)} />
      <Standing view={view} isNew={isNew} />
      <div className="mb-8 flex flex-wrap items-center gap-5">
        <Seal hashHex={view.payload.versionSha256} size={72} />
        <div className="min-w-0 flex-1 basis-60">
          <p className="text-muted text-sm">
            Fingerprint of the text that was {view.payload.kind === "endorse-correction" ? "endorsed" : "signed"}{" "}
            (SHA-256)
          </p>
          <Fingerprint hashHex={view.payload.versionSha256} />
        </div>
      </div>
      <Facts facts={factsOf(view)} />
      <Section title="Take it with you">
        <div className="grid gap-4">
          {view.isProvable ? (
            <p>
              The receipt holds the text, the statement, the evidence and the proofs; it can be checked without a
              network.
            </p>
          ) : (
            <p className="text-muted">{unprovenWords(view)}</p>
          )}
          <div className="flex flex-wrap gap-3">
            {view.isProvable ? (
              <LinkButton href={`/receipts/${view.actId}/receipt.json`} prefetch={false}>
                Download receipt.json
              </LinkButton>
            ) : null}
            {!view.isProvable && (view.promise || view.payload.kind === "retract") ? (
              <LinkButton href={`/receipts/${view.actId}/sealed-receipt.json`} prefetch={false}>
                Download the sealed receipt
              </LinkButton>
            ) : null}
            <LinkButton href={`/receipts/${view.actId}/statement.txt`} prefetch={false}>
              Download the statement
            </LinkButton>
            {view.isProvable ? <LinkButton href="/verify">Check a receipt</LinkButton> : null}
          </div>
          <details className="border-line border-y py-2">
            <summary className="cursor-pointer text-sm">The exact statement that was signed</summary>
            <pre className="mt-2 overflow-x-auto whitespace-pre-wrap break-all font-mono text-xs">{view.statement}</pre>
          </details>
          {view.promise ? (
            <details className="border-line border-b pb-2">
              <summary className="cursor-pointer text-sm">The keeper’s signed promise to publish it</summary>
              <pre className="mt-2 overflow-x-auto whitespace-pre-wrap break-all font-mono text-xs">{view.promise}</pre>
            </details>
          ) : null}
        </div>
      </Section>
      <Onward view={view} />
    </Page>
  );
}

/** What became of the signature since, and right after the act that it is done: while that is so. */
function Standing({ view, isNew }: { view: ReceiptView; isNew: boolean }) {
  const standing = { kind: view.payload.kind, status: view.signature?.status ?? null, listed: view.listed };
  const since = sinceWords(standing);
  const done = isNew ? doneWords(standing) : null;
  if (!since && !done) return null;
  return (
    <div className="mb-8 grid gap-4">
      {done ? (
        <Notice tone="good" role="status" title={done.title}>
          {done.words}
        </Notice>
      ) : null}
      {since ? (
        <Notice tone={since.isOpen ? "wait" : "plain"} title={since.title}>
          {since.words}
        </Notice>
      ) : null}
    </div>
  );
}

function Onward({ view }: { view: ReceiptView }) {
  if (!view.signature) return null;
  const step = steps[view.signature.status];
  if (!step) return null;
  return (
    <Section title={step.title}>
      <p className="max-w-prose">{step.words(view)}</p>
      {view.canAct ? (
        <div className="mt-4 flex flex-wrap gap-3">
          <LinkButton href={`/receipts/${view.actId}/withdraw`}>{step.button}</LinkButton>
          {isListed(view) ? <LinkButton href={`/receipts/${view.actId}/reaffirm`}>Re-affirm it</LinkButton> : null}
          {isListed(view) && view.correction ? (
            <LinkButton href={`/receipts/${view.actId}/endorse`}>Endorse the corrected copy</LinkButton>
          ) : null}
          {isListed(view) && view.reservations.length > 0 ? (
            <LinkButton href={`/receipts/${view.actId}/narrow`}>Narrow the reservations</LinkButton>
          ) : null}
        </div>
      ) : (
        <p className="mt-2 text-muted text-sm">A signing officer of your organization does this.</p>
      )}
    </Section>
  );
}

const titles = {
  sign: "Signature",
  retract: "Pulled out",
  withdraw: "Notice of withdrawal",
  "revoke-withdrawal": "Notice taken back",
  "narrow-reservation": "Reservations narrowed",
  reaffirm: "Re-affirmation",
  "endorse-correction": "Endorsement of a correction",
} as const satisfies Record<ReceiptView["payload"]["kind"], string>;

type NextStep = { readonly title: string; readonly button: string; words(view: ReceiptView): string };

const steps: Partial<Record<NonNullable<ReceiptView["signature"]>["status"], NextStep>> = {
  SEALED: {
    title: "Pull it out",
    button: "Pull the signature out",
    words: () => "Until the opening you can pull the signature out. No trace of it ever becomes public.",
  },
  LODGED: {
    title: "Pull it out",
    button: "Pull the signature out",
    words: () => "Until the depositary has examined it you can pull the signature out. No trace of it becomes public.",
  },
  EFFECTIVE: {
    title: "How to withdraw",
    button: "Give notice of withdrawal",
    words: ({ withdrawalNoticeDays: days }) =>
      days === 0
        ? "The organization can withdraw its signature at any time, with effect at once. The list keeps it with both dates."
        : `The organization can withdraw its signature with ${days} days of notice, and take the notice back until then. The list keeps it with both dates.`,
  },
  WITHDRAWING: {
    title: "Take the notice back",
    button: "Take the notice back",
    words: ({ signature }) =>
      `The withdrawal takes effect on ${signature?.withdrawsAt ? formatDate(signature.withdrawsAt) : "its date"}. Until then the notice can be taken back.`,
  },
};

/** Why there is no receipt with its proof yet. */
function unprovenWords(view: ReceiptView): string {
  if (isGone(view)) {
    return "Nothing of this ever becomes public, so that no proof of the log is made. Keep the sealed receipt: it is your own proof.";
  }
  return view.publication
    ? "The proof is made within a second of publication; load this page again in a moment."
    : view.promise
      ? "The receipt with its proof is made when the act becomes public. Until then keep the sealed receipt: it holds the keeper’s signed promise, by which anybody can prove it if the act were left out."
      : "The keeper promises its publication when the depositary has examined it; a mail tells you.";
}

/** Pulled out or returned before the opening: it never becomes public. */
function isGone({ payload, signature }: ReceiptView): boolean {
  return payload.kind === "retract" || signature?.status === "RETRACTED" || signature?.status === "RETURNED";
}

/** Whether it stands on the public list, so that it can be narrowed and re-affirmed. */
function isListed({ signature }: ReceiptView): boolean {
  return signature?.status === "EFFECTIVE" || signature?.status === "WITHDRAWING";
}

function isSealed(view: ReceiptView): boolean {
  return view.signature?.status === "SEALED";
}

function sentence(view: ReceiptView): string {
  const { payload, version, charter, signature } = view;
  const name = payload.organization.legalName;
  const text = `version ${version.number} of “${charter.title}”`;
  switch (payload.kind) {
    case "sign": {
      if (signature?.status === "RETURNED")
        return `${name} signed ${text}; the signature was returned and counts for nothing; a mail told the officer why.`;
      if (signature?.status === "RETRACTED")
        return `${name} had signed ${text} under seal, and pulled the signature out.`;
      const when =
        signature?.opensAt && signature.opensZone
          ? formatOpening(signature.opensAt, signature.opensZone)
          : "the opening";
      if (signature?.status === "LODGED") {
        return `${name} signed ${text} with reservations. The depositary examines them; the signature is public when that is done, and a mail tells you.`;
      }
      return isSealed(view)
        ? `${name} signed ${text}. It is sealed until ${when}; you may pull it out without a trace until then.`
        : `${name} signed ${text}.`;
    }
    case "retract":
      return `${name} pulled its sealed signature on ${text} out. Nothing of it is public.`;
    case "withdraw":
      return `${name} gave notice of withdrawal from ${text}, with effect on ${formatDate(new Date(payload.effectiveOn))}.`;
    case "revoke-withdrawal":
      return `${name} took back its notice of withdrawal from ${text}.`;
    case "narrow-reservation":
      return payload.reservations.length === 0
        ? `${name} withdrew its reservations to ${text}.`
        : `${name} narrowed its reservations to ${text}.`;
    case "reaffirm":
      return `${name} re-affirmed its signature on ${text}.`;
    case "endorse-correction":
      return `${name} endorsed the corrected copy of ${text}. Its signature stays on the text that was signed.`;
  }
}

function unnumberedWords(view: ReceiptView): string {
  return isGone(view) ? "not numbered; it is not public" : "numbered when it becomes public";
}

function factsOf(view: ReceiptView): [string, React.ReactNode][] {
  const { payload, publication } = view;
  return [
    ["Organization", payload.organization.legalName],
    ["Through", `${payload.officerTitle}${view.officer ? `, ${view.officer} (the name is not public)` : ""}`],
    ...view.reservations.map(({ clauseId, number, text }): [string, React.ReactNode] => [
      `Reserves clause ${number}`,
      <span key={clauseId} className="whitespace-pre-line">
        {text}
      </span>,
    ]),
    ["When", <Time key="when" at={payload.signedAt} />],
    ["Act", publication ? `No. ${publication.number} of the charter` : unnumberedWords(view)],
    ["Notification", publication ? publication.notification : "none yet"],
    ["Evidence", <Evidence key="evidence" view={view} />],
    ["Statement (SHA-256)", <Fingerprint key="statement" hashHex={view.statementSha256} />],
    ["Place in the log", publication?.logIndex == null ? "none yet" : `entry ${publication.logIndex}, counted from 0`],
    [
      "Log as last signed",
      <span key="log" className="break-all">
        {view.checkpoint.size} entries, root <code className="font-mono text-[0.85em]">{view.checkpoint.root}</code>
        {publication && !view.isProvable
          ? "; the signature over this entry follows within a second, load this page again"
          : ""}
      </span>,
    ],
  ];
}

function Evidence({ view: { actId, payload } }: { view: ReceiptView }) {
  const { letter, words, sentence } = evidenceWords[payload.evidenceClass];
  return (
    <>
      Class {letter}: {words}
      <span className="mt-1 block text-muted text-sm">{sentence}</span>
      {payload.evidenceClass === "C" ? (
        <a href={`/receipts/${actId}/instrument`} className="mt-1 inline-block text-sm">
          The scan, which is not published
        </a>
      ) : null}
    </>
  );
}
