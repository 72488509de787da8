"use client";

import { askPasskey } from "#app/_ui/ask-passkey.client.ts";
import type { EvidenceInput, LodgingAction } from "#lib/domain/lodging.ts";
import type { Reservation } from "#lib/domain/reservation.ts";
import { encodeBase64Url, encodeUtf8, sha256 } from "#lib/ledger/hash.ts";
import { declarationHash, parseStatement, reservationHashes } from "#lib/ledger/statement.ts";
import type { prepareStatementAction } from "./actions.ts";
import type { SeenLog } from "./check-log.client.ts";

type Answer = Awaited<ReturnType<typeof prepareStatementAction>>;

/** A statement that the server wrote for this officer, to be confirmed. */
export type Prepared = Extract<Answer, { ok: true }>["value"];

/** Why nothing was signed, in a title and a sentence. */
export type Problem = { readonly title: string; readonly message: string };

/** What is about to be lodged, beside how it is confirmed. */
export type Draft = {
  readonly versionId: string;
  readonly organizationId: string;
  readonly action: LodgingAction;
  readonly typedName?: string;
  readonly statementForPublication?: string;
  readonly declaration?: string;
  /** As the officer was shown them: those that are made, kept or repeated. None for the whole text, and for an act about the signature as a whole. */
  readonly reservations: readonly Reservation[];
  readonly reason?: string;
};

/**
 * Whether the statement that the server wrote is about what the officer was shown, with the log as the browser checked it.
 * `versionSha256` is the text that was checked and that the statement must name: of an endorsement the corrected copy.
 */
export function isAbout({ statement, passkey }: Prepared, draft: Draft, versionSha256: string, log: SeenLog): boolean {
  const written = parseStatement(statement);
  const challenge = encodeBase64Url(sha256(encodeUtf8(statement)));
  return (
    written.versionSha256 === versionSha256 &&
    written.action === draft.action &&
    written.organizationId === draft.organizationId &&
    written.log.origin === log.origin &&
    written.log.size === log.size &&
    written.log.root === log.root &&
    written.declarationSha256 === declarationHash(draft.declaration || null) &&
    (written.reasonSha256 ?? null) === declarationHash(draft.reason || null) &&
    isSame(written.reservations, reservationHashes(draft.reservations)) &&
    (passkey === null || passkey.challenge === challenge)
  );
}

function isSame(left: Hashes, right: Hashes): boolean {
  return (
    left.length === right.length &&
    left.every((one, at) => one.clauseId === right[at]?.clauseId && one.sha256 === right[at]?.sha256)
  );
}

type Hashes = ReturnType<typeof reservationHashes>;

/** Said when it is not. */
export const otherStatement: Problem = {
  title: "Not what you were shown",
  message: "The server wrote another statement than the one you asked for. Nothing was signed; load the page again.",
};

/** Asks the browser for the passkey; cancelled, it is a problem to be told and nothing is signed. */
export async function confirmWithPasskey({ passkey }: Prepared): Promise<EvidenceInput | Problem> {
  if (!passkey) return { title: "Another confirmation is needed", message: "Choose how you confirm once more." };
  return (await askPasskey(passkey)) ?? cancelled;
}

const cancelled: Problem = {
  title: "The passkey was cancelled",
  message:
    "Nothing was signed. Press again when you are ready; if the passkey is on another device, have it at hand, or use a code by mail.",
};

/** A refusal with the title it is told under. */
export function problemOf({ code, message }: Extract<Answer, { ok: false }>): Problem {
  return { title: titles[code] ?? "That did not work", message };
}

const titles: Readonly<Record<string, string>> = {
  "already-signed": "Signed already",
  "text-changed": "The text was replaced meanwhile",
  expired: "The time is over",
  "wrong-code": "Nothing is signed yet",
  "mandate-expired": "Your mandate has ended",
  "mandate-missing": "No mandate",
  "not-verified": "Not verified",
  "version-closed": "Closed to signature",
  "evidence-invalid": "The confirmation was not in order",
  "not-signed-in": "You are signed out",
  "too-many": "Too many tries",
};
