import { LinkButton } from "#app/_ui/button.tsx";
import { Notice } from "#app/_ui/frame.tsx";
import { Time } from "#app/_ui/time.tsx";
import type { CharterDashboard } from "#lib/queries/charter-dashboard.ts";

/** The one thing that is next for this person, in a sentence and a button. */
export function Next({ view }: { view: CharterDashboard }) {
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
