"use client";

import "./editor.css";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import { Button, LinkButton } from "#app/_ui/button.tsx";
import { Notice } from "#app/_ui/frame.tsx";
import { markLookedAction } from "#app/(work)/drafts/[charterId]/edit/actions.ts";
import type { OwnWords } from "#lib/editor/late-text.ts";
import type { EditorDraft } from "./draft.client.tsx";
import { EditorFrame } from "./editor-frame.client.tsx";
import { leftOnDevice } from "./kept-on-device.client.tsx";
import { type KeptText, KeptTexts } from "./kept-text.client.tsx";
import { type WritingPlace, writingPlace } from "./use-page-keys.client.tsx";
import { type RoomNews, useRoom } from "./use-room.client.tsx";

/** What is left when the text may not be shown any more. */
type Lost = { readonly message: string };

const meanwhileReason = "You wrote this while the text was opened anew.";
const leftReason =
  "You wrote this on this device in a copy of the text that does not go on, and closed it before it was sent.";
const lateReason = "The place you wrote in had just been deleted by somebody else.";
const lostCodes: ReadonlySet<string> = new Set(["not-permitted", "not-found"]);

/** How long a page waits to hear where the text is now, before it says that it can not show it. */
const newPlaceMs = 20_000;

/**
 * The editor of one draft. A refusal never bricks it: a fresh copy of the text is opened, and the author's own words
 * that were not stored stand beside it.
 */
export function CharterEditor({ draft }: { draft: EditorDraft }) {
  const [attempt, setAttempt] = useState(0);
  const [kept, setKept] = useState<readonly KeptText[]>([]);
  const [lost, setLost] = useState<Lost | null>(null);
  const [resumeAt, setResumeAt] = useState<WritingPlace | null>(null);
  const [outdated, setOutdated] = useState<string | null>(null);
  const router = useRouter();
  const keep = (words: readonly OwnWords[], reason: string, onKept = () => {}) =>
    setKept((before) => [...before, ...words.map((one) => ({ ...one, reason, onKept, key: crypto.randomUUID() }))]);
  const news: RoomNews = {
    onRefused: ({ code, message, words, wasReady }) => {
      const reason = message || "The server did not take this copy of the text any more.";
      keep(words, reason);
      // The page may name a room as it was before the database was restored: asked again, the server names the present one.
      if (code === "conflict") router.refresh();
      if (code === "conflict" && !wasReady && words.length === 0) {
        setOutdated(reason);
        return;
      }
      // A copy that is refused before it was ever shown would be refused again and again.
      if (lostCodes.has(code) || (!wasReady && words.length === 0)) setLost({ message: reason });
      else {
        setResumeAt(writingPlace);
        setAttempt((before) => before + 1);
      }
    },
    onLateText: (texts) =>
      keep(
        texts.map((one) => ({ ...one, heading: "" })),
        lateReason,
      ),
  };
  const { userId } = draft.person;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each place in which the text goes on
  useEffect(() => {
    let isOver = false;
    void leftOnDevice(draft.charterId, { userId, roomId: draft.roomId, generation: draft.generation }).then((left) => {
      if (isOver) return;
      // The device forgets them once the server keeps each: whoever leaves before finds them again.
      let waiting = left.words.length;
      const onKept = () => {
        waiting -= 1;
        if (waiting === 0) left.forget();
      };
      if (waiting === 0) left.forget();
      keep(left.words, leftReason, onKept);
    });
    return () => {
      isOver = true;
    };
  }, [userId, draft.roomId, draft.generation]);
  useMarkLooked(draft.charterId);
  const notices = (
    <KeptTexts
      charterId={draft.charterId}
      texts={kept}
      onDone={(key) => setKept((before) => before.filter((one) => one.key !== key))}
    />
  );
  if (lost) return <LostDraft charterId={draft.charterId} lost={lost} notices={notices} />;
  const onMeanwhile = (text: string) =>
    keep([{ clauseId: resumeAt?.clauseId ?? null, heading: "", text }], meanwhileReason);
  return (
    <Visit
      key={attempt}
      draft={draft}
      news={news}
      notices={notices}
      resumeAt={resumeAt}
      onMeanwhile={onMeanwhile}
      outdated={outdated}
      onReady={() => setOutdated(null)}
      onNowhere={(message) => setLost({ message })}
    />
  );
}

function Visit({
  draft,
  news,
  notices,
  resumeAt,
  onMeanwhile,
  outdated,
  onReady,
  onNowhere,
}: {
  draft: EditorDraft;
  news: RoomNews;
  notices: ReactNode;
  resumeAt: WritingPlace | null;
  onMeanwhile: (text: string) => void;
  /** Why the server did not know the room that the page named, while the page asks for the present one. */
  outdated: string | null;
  onReady: () => void;
  onNowhere: (reason: string) => void;
}) {
  const latest = useRef(news);
  latest.current = news;
  const steady = useRef<RoomNews>({
    onRefused: (refused) => latest.current.onRefused(refused),
    onLateText: (texts) => latest.current.onLateText(texts),
  });
  const room = useRoom(
    { charterId: draft.charterId, roomId: draft.roomId, generation: draft.generation, userId: draft.person.userId },
    steady.current,
  );
  const isReady = room?.isReady ?? false;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is to be done then does not change when it is to be done
  useEffect(() => {
    if (outdated === null) return;
    if (isReady) {
      onReady();
      return;
    }
    const timer = setTimeout(() => onNowhere(outdated), newPlaceMs);
    return () => clearTimeout(timer);
  }, [outdated, isReady]);
  if (!room?.isReady) {
    return (
      <Skeleton title={draft.title} isSignedOut={room?.save.kind === "signed-out"}>
        {resumeAt ? <Meanwhile onDone={onMeanwhile} /> : null}
      </Skeleton>
    );
  }
  return (
    <EditorFrame
      draft={draft}
      room={room}
      resumeAt={resumeAt}
      notices={
        <>
          {room.save.kind === "signed-out" ? <SignedOut onReturn={room.reconnect} /> : null}
          {notices}
        </>
      }
    />
  );
}

function SignedOut({ onReturn }: { onReturn: () => void }) {
  return (
    <Notice tone="problem" title="You are signed out" role="alert">
      <p>Your text stays on this page. Sign in in another tab, then go on here.</p>
      <div className="mt-3 flex flex-wrap gap-2">
        <LinkButton href="/signin" target="_blank">
          Sign in (new tab)
        </LinkButton>
        <Button onClick={onReturn}>I have signed in, go on</Button>
      </div>
    </Notice>
  );
}

function LostDraft({ charterId, lost, notices }: { charterId: string; lost: Lost; notices: ReactNode }) {
  return (
    <main id="main" tabIndex={-1} className="mx-auto grid w-full max-w-2xl gap-4 px-4 py-12 outline-none">
      <h1 className="text-3xl">This draft is closed to you</h1>
      <p role="status">{lost.message} The charter’s text is no longer shown here; your own unsaved words are.</p>
      {notices}
      <p>
        <Link href={`/drafts/${charterId}`}>See where the charter stands</Link>
      </p>
    </main>
  );
}

/** Takes the keys of somebody who was writing while a fresh copy of the text is opened; without it they would go nowhere. */
function Meanwhile({ onDone }: { onDone: (text: string) => void }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const done = useRef(onDone);
  done.current = onDone;
  useLayoutEffect(() => {
    const there = field.current;
    there?.focus();
    return () => {
      const text = there?.value ?? "";
      if (text.trim() !== "") done.current(text);
    };
  }, []);
  return (
    <label className="mt-4 grid gap-1.5 font-medium text-sm">
      What you write now is kept for you
      <textarea
        ref={field}
        data-meanwhile
        rows={3}
        className="block w-full rounded-sm border border-line bg-sheet px-3 py-2 font-normal font-serif text-base text-ink"
      />
    </label>
  );
}

function Skeleton({ title, isSignedOut, children }: { title: string; isSignedOut: boolean; children?: ReactNode }) {
  return (
    <main id="main" tabIndex={-1} className="mx-auto w-full max-w-2xl px-4 py-12 outline-none" aria-busy={!isSignedOut}>
      <h1 className="text-3xl">{title}</h1>
      <p role="status" className="mt-4 text-muted">
        {isSignedOut ? "You are signed out." : "Opening the text…"}
      </p>
      {children}
      {isSignedOut ? (
        <p className="mt-4">
          <Link href="/signin">Sign in</Link>
        </p>
      ) : (
        <div aria-hidden="true" className="mt-6">
          {["w-full", "w-11/12", "w-4/5", "w-full", "w-2/3"].map((width, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines that stand for text have no other name
            <div key={at} className={`skeleton-line ${width}`} />
          ))}
        </div>
      )}
    </main>
  );
}

/** Notes that the person has looked: when they turn to another tab, and when they go on to another page. */
function useMarkLooked(charterId: string): void {
  useEffect(() => {
    // The mark only helps to see what is new; one that is lost shows a change twice.
    const mark = () => void markLookedAction(charterId).catch(() => undefined);
    const onVisibility = () => document.visibilityState === "hidden" && mark();
    document.addEventListener("visibilitychange", onVisibility);
    return () => {
      document.removeEventListener("visibilitychange", onVisibility);
      mark();
    };
  }, [charterId]);
}
