"use client";

import { useId, useState } from "react";
import { Button } from "#app/_ui/button.tsx";
import type { PersonAtTable } from "./draft.client.tsx";

/**
 * A place to write a comment. After an @ the people at the table are offered by name; whoever still stands in the text
 * as "@Name" when it is sent is mentioned. What was typed stays when the server refuses.
 */
export function CommentForm({
  label,
  submit,
  people,
  isFirstPlace = false,
  quote = "",
  onQuoteDone,
  onSubmit,
}: {
  label: string;
  submit: string;
  people: readonly PersonAtTable[];
  /** Where the shortcut for comments puts the cursor. */
  isFirstPlace?: boolean;
  /** The passage it is about. */
  quote?: string;
  /** The quote was sent, or is not wanted. */
  onQuoteDone?: () => void;
  onSubmit: (body: string, mentions: readonly string[]) => Promise<string | null>;
}) {
  const id = useId();
  const [body, setBody] = useState("");
  const [isSending, setSending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const offered = offeredTo(body, people);
  const send = async () => {
    if (isSending || body.trim() === "") return;
    setSending(true);
    const refused = await onSubmit(body.trim(), mentionedIn(body, people));
    setSending(false);
    setProblem(refused);
    if (refused !== null) return;
    setBody("");
    onQuoteDone?.();
  };
  return (
    <form
      className="grid grid-cols-1 gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <label htmlFor={id} className="font-medium text-sm">
        {label}
      </label>
      {quote ? (
        <div className="border-line border-s-2 ps-3 text-sm">
          <blockquote className="line-clamp-4 font-serif text-muted">“{quote}”</blockquote>
          <button
            type="button"
            className="min-h-8 text-accent text-sm underline underline-offset-4"
            onClick={onQuoteDone}
          >
            Leave the quote out
          </button>
        </div>
      ) : null}
      <textarea
        id={id}
        rows={3}
        data-comment-here={isFirstPlace ? "" : undefined}
        value={body}
        maxLength={5000}
        aria-describedby={`${id}-hint`}
        aria-invalid={problem !== null}
        onChange={(event) => setBody(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            void send();
          }
        }}
        className="w-full rounded-sm border border-line bg-sheet px-3 py-2 text-sm aria-invalid:border-red"
      />
      {offered.length > 0 ? (
        <ul className="grid rounded-sm border border-line bg-sheet p-1" aria-label="People to mention">
          {offered.map((person) => (
            <li key={person.userId}>
              <button
                type="button"
                className="min-h-8 w-full rounded-sm px-2 text-start text-sm hover:bg-accent-wash"
                onClick={() => setBody(body.replace(/@[^@\n]*$/u, `@${person.name} `))}
              >
                {person.name} <span className="text-muted">· {person.organizationName}</span>
              </button>
            </li>
          ))}
        </ul>
      ) : null}
      {problem ? (
        <p role="alert" className="text-red text-sm">
          {problem}
        </p>
      ) : null}
      <p id={`${id}-hint`} className="text-muted text-xs">
        The organizations at the table can read it; it never becomes part of the text. Write @ to mention somebody.
      </p>
      <div>
        <Button type="submit" disabled={isSending} aria-busy={isSending}>
          {isSending ? "One moment…" : submit}
        </Button>
      </div>
    </form>
  );
}

/** People whose name goes on from the "@…" that the text ends with; at most six. */
export function offeredTo(body: string, people: readonly PersonAtTable[]): PersonAtTable[] {
  const begun = /(?:^|\s)@([^@\n]{0,40})$/u.exec(body)?.[1];
  if (begun === undefined) return [];
  const asked = begun.toLocaleLowerCase("en");
  // A whole name followed by a space is a mention made, not one being sought.
  if (people.some((person) => begun.startsWith(`${person.name} `))) return [];
  return people
    .filter((person) =>
      `${person.name} ${person.organizationName}`
        .toLocaleLowerCase("en")
        .split(/\s+/u)
        .some((_word, at, words) => words.slice(at).join(" ").startsWith(asked)),
    )
    .slice(0, 6);
}

/** The ids of the people who stand in the text as "@Name". Of two with one name both are meant. */
export function mentionedIn(body: string, people: readonly PersonAtTable[]): string[] {
  return people.filter((person) => person.name !== "" && body.includes(`@${person.name}`)).map((one) => one.userId);
}
