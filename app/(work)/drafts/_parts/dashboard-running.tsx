import type { ReactNode } from "react";
import { ActionForm } from "#app/_ui/action-form.client.tsx";
import { TextArea, TextInput } from "#app/_ui/field.tsx";
import { Section } from "#app/_ui/frame.tsx";
import { Time } from "#app/_ui/time.tsx";
import type { CharterDashboard } from "#lib/queries/charter-dashboard.ts";
import {
  backToDraftingAction,
  closeWithoutAdoptionAction,
  removePrivateDraftAction,
  startNewVersionAction,
  startReviewAction,
} from "../[charterId]/actions.ts";

export function KeptTexts({ view }: { view: CharterDashboard }) {
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
export function Running({ view }: { view: CharterDashboard }) {
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
