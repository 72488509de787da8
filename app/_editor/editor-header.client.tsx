"use client";

import { Command as CommandIcon, Keyboard, ListTree, MessageSquareText } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { initialsOf } from "./outline.client.tsx";
import type { OrganizationHere } from "./peers.client.tsx";
import type { saveWords } from "./save-words.client.tsx";

const organizationsShownMax = 5;

/** The head of the editor: what text this is, who is here, and the one sentence about saving. */
export function EditorHeader({
  charterId,
  title,
  stateName,
  save,
  here,
  colourOf,
  onGoToPeer,
  onPalette,
  onSheet,
  onOutline,
  onRail,
}: {
  charterId: string;
  title: string;
  stateName: string;
  save: ReturnType<typeof saveWords>;
  here: readonly OrganizationHere[];
  colourOf: (organizationId: string) => number;
  onGoToPeer: (clientId: number) => void;
  onPalette: () => void;
  onSheet: () => void;
  onOutline: () => void;
  onRail: () => void;
}) {
  const { words, tone } = save;
  const more = here.length - organizationsShownMax;
  return (
    <section aria-label="This draft" className="editor-header no-print">
      <div className="flex min-w-0 grow basis-64 items-center gap-3">
        <div className="lg:hidden">
          <Tool label="Outline" onPress={onOutline}>
            <ListTree aria-hidden="true" className="size-5" />
          </Tool>
        </div>
        <Link href={`/drafts/${charterId}`} className="editor-title">
          <bdi>{title || "Untitled charter"}</bdi>
        </Link>
        <span className="shrink-0 rounded-sm border border-line bg-wash px-2 py-0.5 text-muted text-xs">
          {stateName}
        </span>
      </div>
      <p role="status" aria-label="Saving" className="save-state" data-tone={tone} data-testid="save-state">
        <span aria-hidden="true" className="save-mark">
          {tone === "good" ? "✓" : tone === "wait" ? "…" : "!"}
        </span>
        {words}
      </p>
      <ul aria-label="Who is here" className="flex items-center gap-1" data-testid="presence">
        {here.slice(0, organizationsShownMax).map((one) => (
          <li key={one.organizationId}>
            <Presence one={one} colour={colourOf(one.organizationId)} onGoToPeer={onGoToPeer} />
          </li>
        ))}
        {more > 0 ? (
          <li
            className="px-1 text-muted text-sm"
            title={here
              .slice(organizationsShownMax)
              .map((one) => one.organizationName)
              .join(", ")}
          >
            +{more}
            <span className="sr-only"> more organizations</span>
          </li>
        ) : null}
      </ul>
      <div className="flex items-center">
        <Tool label="Find a command or a clause" onPress={onPalette}>
          <CommandIcon aria-hidden="true" className="size-4.5" />
        </Tool>
        <Tool label="Keyboard shortcuts" onPress={onSheet}>
          <Keyboard aria-hidden="true" className="size-5" />
        </Tool>
        <div className="xl:hidden">
          <Tool label="Comments and activity" onPress={onRail}>
            <MessageSquareText aria-hidden="true" className="size-5" />
          </Tool>
        </div>
      </div>
    </section>
  );
}

function Presence({
  one,
  colour,
  onGoToPeer,
}: {
  one: OrganizationHere;
  colour: number;
  onGoToPeer: (clientId: number) => void;
}) {
  const names = one.people.map((peer) => peer.name).join(", ");
  const target = one.people.find((peer) => peer.pos !== null) ?? one.people[0];
  return (
    <button
      type="button"
      className={`presence org-${colour}`}
      title={`${one.organizationName}: ${names}. Press to go where they are.`}
      onClick={() => target && onGoToPeer(target.clientId)}
    >
      <span aria-hidden="true" className="presence-mark">
        {initialsOf(one.organizationName)}
      </span>
      <span className="presence-name">{one.organizationName}</span>
      <span className="sr-only">
        : {names}. Go where {one.people.length === 1 ? "this person is" : "they are"}.
      </span>
    </button>
  );
}

function Tool({ label, onPress, children }: { label: string; onPress: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={onPress}
      className="inline-flex size-9 items-center justify-center rounded-sm text-muted hover:bg-wash hover:text-ink"
    >
      {children}
    </button>
  );
}
