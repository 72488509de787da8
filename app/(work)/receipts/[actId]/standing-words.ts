import { formatDate } from "#app/_ui/time.tsx";
import type { ReceiptView } from "#lib/queries/receipt.ts";

/** What a receipt is judged by here: the kind of its act, and how the signature stands today. */
export type Standing = {
  readonly kind: ReceiptView["payload"]["kind"];
  readonly status: NonNullable<ReceiptView["signature"]>["status"] | null;
  readonly listed: ReceiptView["listed"];
};

type Words = { readonly title: string; readonly words: string };

/** What is said right after the act, as long as it is true; null once the signature stands otherwise. */
export function doneWords({ kind, status, listed }: Standing): Words | null {
  if (kind === "retract") {
    return { title: "Done", words: "The signature is pulled out. This page stays your own proof of it." };
  }
  if (kind === "sign" && status === "LODGED") {
    return {
      title: "Taken in",
      words: "The signature waits for the depositary. A mail with this receipt is on its way.",
    };
  }
  if (kind === "sign" && status === "SEALED") {
    return { title: "Sealed", words: "The signature is taken in and sealed. A mail with this receipt is on its way." };
  }
  const isAsDone = listed !== null && listed.successorId === null && standsAfter(kind).includes(listed.status);
  return isAsDone ? { title: "Done", words: "It is in the record. A mail with this receipt is on its way." } : null;
}

/** What became of a public signature since the act of this receipt; null while it stands, and where the act itself says it. */
export function sinceWords({ kind, listed }: Standing): (Words & { readonly isOpen: boolean }) | null {
  if (!listed) return null;
  const { status, mark, noticeAt, withdrawsAt, successorId } = listed;
  // Notice runs on under review: once its date is past, that is what counts.
  if (mark && mark.kind === status) {
    const { title, means, isOpen } = marks[mark.kind];
    const words = `${bySentence[mark.by]} on ${formatDate(mark.since)}. ${means} The reason given: ${mark.reason}`;
    return { title, words, isOpen };
  }
  if (successorId !== null) {
    return {
      title: "Carried on",
      words: "Another organization carries the signature on as its successor.",
      isOpen: false,
    };
  }
  if (kind === "withdraw" || noticeAt === null || withdrawsAt === null) return null;
  return status === "withdrawn"
    ? {
        title: "Withdrawn",
        words: `Notice was given on ${formatDate(noticeAt)}, and the signature ended on ${formatDate(withdrawsAt)}. The list keeps it with both dates.`,
        isOpen: false,
      }
    : {
        title: "Notice of withdrawal was given",
        words: `It was given on ${formatDate(noticeAt)}. The signature counts until ${formatDate(withdrawsAt)}.`,
        isOpen: true,
      };
}

type ListedStatus = NonNullable<ReceiptView["listed"]>["status"];

function standsAfter(kind: Standing["kind"]): readonly ListedStatus[] {
  if (kind === "withdraw") return ["withdrawing", "withdrawn"];
  // These can be done while notice of withdrawal runs, which their page says beside it.
  if (kind === "reaffirm" || kind === "narrow-reservation" || kind === "endorse-correction") {
    return ["effective", "withdrawing"];
  }
  return ["effective"];
}

const marks = {
  void: {
    title: "Entered in error",
    means:
      "The signature is void from the start: it is off the list and does not count. If the organization means to sign, it can do so again.",
    isOpen: false,
  },
  disputed: {
    title: "Disputed, under review",
    means: "The signature stays on the list as disputed, and does not count until this is settled.",
    isOpen: true,
  },
  lapsed: {
    title: "Ended",
    means: "The signature ended without notice of withdrawal; the list keeps it.",
    isOpen: false,
  },
} as const;

const bySentence = {
  organization: "Said by the organization itself",
  depositary: "Found by the depositary",
  operator: "Found by the operator of this installation",
} as const;
