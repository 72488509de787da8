import type { Metadata } from "next";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { requirePage } from "#app/_server/require-page.ts";
import { LinkButton } from "#app/_ui/button.tsx";
import { Chip, Notice, Page, PageHeader } from "#app/_ui/frame.tsx";
import { Refusal } from "#lib/domain/refusal.ts";
import { type Joining, type JoiningStep, loadJoining } from "#lib/queries/joining.ts";

export const metadata: Metadata = { title: "Sign this charter", robots: { index: false } };

export default async function JoinPage({ params }: { params: Promise<{ slug: string }> }) {
  const { slug } = await params;
  const joining = await requirePage(`/join/${slug}`, () => loadOrClosed(slug));
  if (joining === "closed") {
    return (
      <Page width="narrow">
        <Notice title="This charter is closed to signature">
          No further signatures are taken. <a href={`/c/${slug}`}>Back to the charter</a>
        </Notice>
      </Page>
    );
  }
  const done = joining.steps.filter((step) => step.state === "done").length;
  return (
    <Page width="narrow">
      <PageHeader
        over={<a href={`/c/${slug}`}>{joining.title}</a>}
        title="Sign this charter"
        lead={`Version ${joining.number} · ${done} of ${joining.steps.length} steps done. You can leave at any step and come back to this page.`}
      />
      <ol className="grid gap-0 divide-y divide-line border-line border-y">
        {joining.steps.map((step, at) => (
          <Step key={step.key} step={step} number={at + 1} />
        ))}
      </ol>
    </Page>
  );
}

function Step({ step, number }: { step: JoiningStep; number: number }) {
  return (
    <li className="grid gap-3 py-5" aria-current={step.state === "now" ? "step" : undefined}>
      <div className="flex flex-wrap items-center gap-3">
        <h2 className="text-lg">
          {number}. {titles[step.key]}
        </h2>
        <Chip tone={step.state === "done" ? "good" : step.state === "now" ? "wait" : "plain"}>{words[step.state]}</Chip>
      </div>
      <p className={step.state === "ahead" ? "text-muted" : ""}>{step.sentence}</p>
      {step.awaits ? <p className="text-muted text-sm">Awaited: {step.awaits}</p> : null}
      {step.action ? (
        <div>
          <LinkButton href={step.action.href} tone={step.state === "now" ? "primary" : "plain"}>
            {step.action.label}
          </LinkButton>
        </div>
      ) : null}
    </li>
  );
}

async function loadOrClosed(slug: string): Promise<Joining | "closed"> {
  try {
    return await loadJoining(contextFor(await currentActor()), slug);
  } catch (error) {
    if (error instanceof Refusal && error.code === "version-closed") return "closed";
    throw error;
  }
}

const titles = {
  account: "Account",
  organization: "Organization",
  verification: "Verification",
  mandate: "Signing mandate",
  signature: "Signature",
} as const satisfies Record<JoiningStep["key"], string>;

const words = { done: "done", now: "now", ahead: "later" } as const satisfies Record<JoiningStep["state"], string>;
