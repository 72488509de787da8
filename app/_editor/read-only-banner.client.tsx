"use client";

import Link from "next/link";
import { Notice } from "#app/_ui/frame.tsx";
import { roundStateWords } from "#lib/domain/draft-round.ts";

/** Why this text can only be read, and what comes next; never just "read-only". */
export function ReadOnlyBanner({
  charterId,
  reason,
  isFreezing,
}: {
  charterId: string;
  reason: string | null;
  isFreezing: boolean;
}) {
  if (isFreezing) {
    return (
      <Notice tone="wait" title="The text is being frozen">
        The convenor is making a candidate of it. What you have written so far is being saved; editing rests.
      </Notice>
    );
  }
  const { title, words, link, label } = readOnlyWords(reason, charterId);
  return (
    <Notice tone="wait" title={title}>
      {words} <Link href={link}>{label}</Link>
    </Notice>
  );
}

/** Where the round stands, as the room says it: it hears of a freeze or a review before the page is loaded again. */
export function stateNow(
  room: { readonly reason: string | null; readonly isFreezing: boolean },
  known: string,
): string {
  if (room.isFreezing) return "Being frozen";
  if (room.reason === "frozen") return roundStateWords.FINAL_CALL.name;
  return room.reason === "not-drafting" && known === roundStateWords.DRAFTING.name
    ? roundStateWords.REVIEW.name
    : known;
}

/** The words for each reason; the compiler cannot see them all, so an unknown one says the least that is true. */
export function readOnlyWords(
  reason: string | null,
  charterId: string,
): { title: string; words: string; link: string; label: string } {
  const base = `/drafts/${charterId}`;
  switch (reason) {
    case "frozen":
      return {
        title: "Read-only: this text is frozen",
        words: "It is the exact text that was made the candidate, so it does not change any more.",
        link: `${base}/candidate`,
        label: "Go to the candidate",
      };
    case "not-drafting":
      return {
        title: "Read-only: drafting rests",
        words: "The text is in review. Comments are open; the convenor can open drafting again.",
        link: base,
        label: "See where the charter stands",
      };
    case "not-acknowledged":
      return {
        title: "Read-only until you have read the policy",
        words: "Everybody at the table reads it once before the first edit.",
        link: `${base}/policy`,
        label: "Read the policy",
      };
    case "not-permitted":
      return {
        title: "Read-only: you are here to read and comment",
        words:
          "Editing needs the role of a drafter in an organization that edits. Ask an admin of yours, or the convenor.",
        link: `${base}/people`,
        label: "See who is at the table",
      };
    case "damaged":
      return {
        title: "Read-only: the stored text needs repair",
        words: "What you see is the last state that was checked and found whole. The operator has been told.",
        link: base,
        label: "See where the charter stands",
      };
    default:
      return {
        title: "Read-only",
        words: "This text cannot be changed at the moment.",
        link: base,
        label: "See where the charter stands",
      };
  }
}
