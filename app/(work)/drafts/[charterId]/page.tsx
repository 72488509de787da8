import type { Metadata } from "next";
import Link from "next/link";
import type { ReactNode } from "react";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { requirePage } from "#app/_server/require-page.ts";
import { ActionForm } from "#app/_ui/action-form.client.tsx";
import { LinkButton } from "#app/_ui/button.tsx";
import { TextArea, TextInput } from "#app/_ui/field.tsx";
import { Chip, EmptyState, Notice, Page, Section } from "#app/_ui/frame.tsx";
import { Fingerprint, Seal } from "#app/_ui/seal.tsx";
import { Cell, HeadCell, RowHead, Table } from "#app/_ui/table.tsx";
import { Time } from "#app/_ui/time.tsx";
import { positionWords } from "#lib/domain/adoption.ts";
import { type CharterDashboard, charterDashboard } from "#lib/queries/charter-dashboard.ts";
import { DraftHeader } from "../_parts/draft-header.tsx";
import {
  backToDraftingAction,
  closeWithoutAdoptionAction,
  removePrivateDraftAction,
  startNewVersionAction,
  startReviewAction,
} from "./actions.ts";

export const metadata: Metadata = { title: "Draft" };

export default async function DashboardPage({ params }: { params: Promise<{ charterId: string }> }) {
  const { charterId } = await params;
  const actor = await currentActor();
  const view = await requirePage(`/drafts/${charterId}`, () => charterDashboard(contextFor(actor), { charterId }));
  return (
    <Page>
      <DraftHeader head={view.head} current="">
        <LinkButton href={`/drafts/${charterId}/edit`} tone="primary">
          {view.head.state === "DRAFTING" && !view.head.isSetup ? "Open the text" : "Read the text"}
        </LinkButton>
        <LinkButton href={`/drafts/${charterId}/print`}>Print</LinkButton>
        <LinkButton href={`/drafts/${charterId}/export.md`} prefetch={false}>
          Markdown
        </LinkButton>
      </DraftHeader>
      <div className="grid gap-10">
        <Next view={view} />
        <KeptTexts view={view} />
        {view.version ? <FrozenText view={view} version={view.version} /> : null}
        <Clauses view={view} />
        <Participants view={view} />
        <Running view={view} />
      </div>
    </Page>
  );
}

/** The one thing that is next for this person, in a sentence and a button. */
function Next({ view }: { view: CharterDashboard }) {
  const { head, adoption } = view;
  const base = `/drafts/${head.charterId}`;
  if (head.isSetup) {
    return head.may["edit-setup"] ? (
      <Step sentence="Read the policy back and open the drafting." href={`${base}/policy`} label="Look at the policy" />
    ) : (
      <Step sentence="The convenor has not opened the drafting yet." />
    );
  }
  if (head.state === "ABANDONED") {
    return (
      <Notice title="Closed without adoption">
        {view.closedReason} {view.closedAt ? <Time at={view.closedAt} style="date" /> : null}. The record stays here for
        the organizations at the table; nothing of this round became public.
      </Notice>
    );
  }
  if (head.state === "ADOPTED" && !view.version?.isUnopened) {
    return <Step sentence="Look at the signatures and the answers." href={`${base}/signing`} label="Go to signing" />;
  }
  if (head.state === "ADOPTED") {
    return head.may["open-for-signature"] ? (
      <Step
        sentence="The text is adopted. Open it for signature, now or at an instant to come."
        href={`${base}/signing`}
        label="Go to signing"
      />
    ) : (
      <Step sentence="The text is adopted. The convenor or the depositary opens it for signature." />
    );
  }
  if (!head.hasAcknowledged) {
    return (
      <Step
        sentence="Before your first edit: see by which rules this text is made, once."
        href={`${base}/policy`}
        label="Read the policy"
      />
    );
  }
  if (head.state === "FINAL_CALL") {
    if (adoption && adoption.stale > 0 && head.may["run-drafting"]) {
      return (
        <Step
          sentence={`${adoption.stale} ${adoption.stale === 1 ? "position is" : "positions are"} stale, because the text changed since.`}
          href={`${base}/candidate#positions`}
          label="Ask again"
        />
      );
    }
    const own = view.participants.find((one) => one.organizationId === head.organization.id);
    if (head.may["submit-position"] && (own?.position === null || own?.isStale)) {
      return (
        <Step
          sentence={`${head.organization.name} has not taken a position on this text.`}
          href={`${base}/candidate#position`}
          label="Take a position"
        />
      );
    }
    if (adoption?.adopted && head.may["record-adoption"]) {
      return <Step sentence="The adoption rule is met." href={`${base}/candidate#adoption`} label="Adopt the text" />;
    }
    return (
      <Step
        sentence="Organizations are taking their positions on the candidate."
        href={`${base}/candidate`}
        label="Read the candidate"
      />
    );
  }
  if (head.state === "REVIEW" && head.may["run-drafting"]) {
    return (
      <Step
        sentence="When the comments are dealt with, freeze the text as the candidate for adoption."
        href={`${base}/candidate`}
        label="See what stands in the way"
      />
    );
  }
  if (head.may["run-drafting"] && view.participants.length === 1) {
    return (
      <Step
        sentence="Nobody but your organization is at the table yet."
        href={`${base}/people`}
        label="Invite organizations"
      />
    );
  }
  return <Step sentence="The text is open for edits." href={`${base}/edit`} label="Go on drafting" />;
}

function Step({ sentence, href, label }: { sentence: string; href?: string; label?: string }) {
  return (
    <section
      aria-label="What is next"
      className="flex flex-wrap items-center justify-between gap-4 border-accent border-s-4 bg-accent-wash px-4 py-4"
    >
      <p>
        <span className="font-medium">Next:</span> {sentence}
      </p>
      {href && label ? <LinkButton href={href}>{label}</LinkButton> : null}
    </section>
  );
}

function FrozenText({ view, version }: { view: CharterDashboard; version: NonNullable<CharterDashboard["version"]> }) {
  return (
    <Section
      title={
        view.head.state === "ADOPTED" ? `Version ${version.number}, adopted` : `Candidate for version ${version.number}`
      }
    >
      <div className="flex flex-wrap items-center gap-6">
        <Seal hashHex={version.sha256Hex} size={72} />
        <div className="min-w-0">
          <p className="text-muted text-sm">Fingerprint (SHA-256) of the exact text</p>
          <Fingerprint hashHex={version.sha256Hex} />
          {view.adoption && view.head.state === "FINAL_CALL" ? (
            <p className="mt-2 text-sm">
              {view.adoption.adopted ? "The adoption rule is met." : view.adoption.missing.join(" ")}
            </p>
          ) : null}
        </div>
      </div>
    </Section>
  );
}

function Clauses({ view }: { view: CharterDashboard }) {
  const base = `/drafts/${view.head.charterId}`;
  if (view.clauses.length === 0) {
    return (
      <Section title="Clauses">
        <EmptyState sentence="The text has no clause yet.">
          <LinkButton href={`${base}/edit`}>Write the first one</LinkButton>
        </EmptyState>
      </Section>
    );
  }
  const isPositioned = view.participants.some((one) => one.position !== null);
  return (
    <Section
      title="Clauses"
      lead={
        isPositioned
          ? undefined
          : "No organization has taken a position yet. Positions are taken on the candidate, once the text is frozen."
      }
    >
      <Table caption="Clauses with their comments and changes">
        <thead>
          <tr>
            <HeadCell>No.</HeadCell>
            <HeadCell>Clause</HeadCell>
            <HeadCell className="hidden sm:table-cell">Open comments</HeadCell>
            <HeadCell>Changes</HeadCell>
          </tr>
        </thead>
        <tbody>
          {view.clauses.map((clause) => (
            <tr key={clause.id}>
              <Cell className="whitespace-nowrap text-muted tabular-nums">{clause.number || "–"}</Cell>
              <RowHead className="font-normal">
                <Link href={`${base}/edit#c-${clause.id}`} className="text-ink no-underline hover:underline">
                  {clause.heading ? <span className="block font-medium">{clause.heading}</span> : null}
                  {clause.excerpt ? <span className="block text-muted">{clause.excerpt}</span> : null}
                  {clause.heading || clause.excerpt ? null : <span className="text-muted">No words yet</span>}
                </Link>
                {clause.openThreads > 0 ? (
                  <span className="mt-1 block sm:hidden">
                    <Chip tone="wait">{commentsWords(clause.openThreads)}</Chip>
                  </span>
                ) : null}
              </RowHead>
              <Cell className="hidden sm:table-cell">
                {clause.openThreads > 0 ? (
                  <Chip tone="wait">{clause.openThreads} open</Chip>
                ) : (
                  <span className="text-muted">none</span>
                )}
              </Cell>
              <Cell>
                <Link href={`${base}/history/${clause.id}`}>
                  {clause.changes === 0
                    ? "unchanged"
                    : `${clause.changes} ${clause.changes === 1 ? "change" : "changes"}`}
                </Link>
                {clause.lastChangedAt ? (
                  <span className="hidden whitespace-nowrap text-muted sm:block">
                    <Time at={clause.lastChangedAt} style="date" />
                  </span>
                ) : null}
              </Cell>
            </tr>
          ))}
        </tbody>
      </Table>
    </Section>
  );
}

function commentsWords(count: number): string {
  return count === 1 ? "1 open comment" : `${count} open comments`;
}

function Participants({ view }: { view: CharterDashboard }) {
  return (
    <Section title="At the table">
      <ul className="divide-y divide-line border-line border-y">
        {view.participants.map((one) => (
          <li key={one.organizationId} className="flex flex-wrap items-center justify-between gap-3 py-3">
            <span>
              <span className="font-medium">{one.name}</span>{" "}
              <span className="text-muted text-sm">
                {[
                  one.isConvenor ? "convenor" : "",
                  one.isDepositary ? "depositary" : "",
                  one.isEditor ? "" : "reads and comments",
                ]
                  .filter(Boolean)
                  .join(", ")}
              </span>
            </span>
            <span className="flex flex-wrap gap-2">
              {one.hasOpened ? null : <Chip>has not opened the draft</Chip>}
              {one.position ? (
                <Chip tone={one.isStale ? "wait" : one.position === "OBJECT" ? "problem" : "good"}>
                  {positionWords[one.position]}
                  {one.isStale ? ", stale" : ""}
                </Chip>
              ) : null}
            </span>
          </li>
        ))}
      </ul>
      <p className="mt-3 text-sm">
        <Link href={`/drafts/${view.head.charterId}/people`}>Organizations and invitations</Link>
      </p>
    </Section>
  );
}

function KeptTexts({ view }: { view: CharterDashboard }) {
  if (view.keptTexts.length === 0) return null;
  return (
    <Section title="Kept for you" lead="Words of yours that could not go into the text any more. Only you see them.">
      <ul className="grid gap-4">
        {view.keptTexts.map((one) => (
          <li key={one.id} className="rounded-sm border border-line p-4">
            <p className="text-muted text-sm">
              <Time at={one.createdAt} /> · {one.reason}
            </p>
            <p className="my-3 whitespace-pre-wrap font-serif">{one.text}</p>
            <ActionForm
              action={removePrivateDraftAction}
              submit="Remove"
              tone="plain"
              className="grid gap-2"
              confirm="Remove these words for good?"
            >
              <input type="hidden" name="charterId" value={view.head.charterId} />
              <input type="hidden" name="privateDraftId" value={one.id} />
            </ActionForm>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** What the convenor does with the round. */
function Running({ view }: { view: CharterDashboard }) {
  const { head } = view;
  if (!head.may["run-drafting"] || head.isSetup) return null;
  const hidden = <input type="hidden" name="charterId" value={head.charterId} />;
  const forms: ReactNode[] = [];
  if (head.state === "DRAFTING") {
    forms.push(
      <Act
        key="review"
        title="Start the review"
        lead="The text rests, and every organization is asked by mail to read it and comment."
      >
        <ActionForm action={startReviewAction} submit="Start the review" tone="plain" className="grid gap-3">
          {hidden}
          <TextInput
            label="Comments until"
            name="deadline"
            type="date"
            optional
            hint="The end of that day, 23:59 UTC."
            className="max-w-52"
          />
        </ActionForm>
      </Act>,
    );
  }
  if (head.state === "REVIEW") {
    forms.push(
      <Act
        key="back"
        title="Back to drafting"
        lead="The text is open for edits again. Positions stay, and become stale where the words change."
      >
        <ActionForm action={backToDraftingAction} submit="Open for edits" tone="plain" className="grid gap-3">
          {hidden}
        </ActionForm>
      </Act>,
    );
  }
  if (head.state === "ADOPTED" || (head.state === "ABANDONED" && head.roundNumber > 1)) {
    forms.push(
      <Act
        key="new"
        title="Draft a new version"
        lead="Beside the version in public, beginning with its words. Signatures stay on the version they were given to."
      >
        <ActionForm action={startNewVersionAction} submit="Start a new version" tone="plain" className="grid gap-3">
          {hidden}
        </ActionForm>
      </Act>,
    );
  }
  if (head.state !== "ADOPTED" && head.state !== "ABANDONED") {
    forms.push(
      <Act
        key="close"
        title="Close without adoption"
        lead="An honest end: the record stays for the organizations at the table, and nothing of it becomes public. It cannot be undone."
      >
        <ActionForm
          action={closeWithoutAdoptionAction}
          submit="Close without adoption"
          tone="danger"
          className="grid gap-3"
          confirm="Close this round without adoption? It cannot be opened again."
        >
          {hidden}
          <TextArea
            label="Why"
            name="closeReason"
            rows={2}
            maxLength={1000}
            hint="One sentence; it stays in the record."
          />
        </ActionForm>
      </Act>,
    );
  }
  return forms.length === 0 ? null : (
    <Section title="Run the drafting">
      <div className="grid gap-8 md:grid-cols-2">{forms}</div>
    </Section>
  );
}

function Act({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  return (
    <div>
      <h3 className="font-sans font-medium text-base">{title}</h3>
      <p className="mt-1 mb-3 text-muted text-sm">{lead}</p>
      {children}
    </div>
  );
}
