import type { SignatureStatus } from "#lib/domain/signature.ts";
import { formatDay } from "#lib/domain/version-status.ts";
import { isUtc, wallTimeOf } from "#lib/domain/zoned-time.ts";
import { listAddressees } from "./charters.ts";
import type { LockedVersion } from "./open-version.ts";
import { enqueueMail } from "./outbox.ts";
import type { Tx } from "./store.ts";

/** The opening as a mail says it: the clocks of its zone, and UTC. */
export type Opening = { readonly opensAt: Date; readonly zone: string };

/** "12 March 2027, 14:00 (Europe/Zurich), which is 13:00 UTC". */
export function openingWords({ opensAt, zone }: Opening): string {
  if (isUtc(zone)) return `${formatDay(opensAt)}, ${opensAt.toISOString().slice(11, 16)} UTC`;
  const wall = wallTimeOf(opensAt, zone);
  const day = formatDay(new Date(`${wall.slice(0, 10)}T00:00:00Z`));
  const utcDay = formatDay(opensAt);
  const utc = `${utcDay === day ? "" : `${utcDay}, `}${opensAt.toISOString().slice(11, 16)} UTC`;
  return `${day}, ${wall.slice(11)} (${zone}), which is ${utc}`;
}

/** Tells the signing officers and representatives of every organization at the table that a version can be signed. */
export async function tellTable(
  tx: Tx,
  version: LockedVersion,
  kind: "open" | "sealed" | "cancelled",
  opening: Opening | null,
): Promise<void> {
  const table = await tx.participant.findMany({
    where: { charterId: version.charterId, leftAt: null },
    select: { organizationId: true },
  });
  const people = await listAddressees(
    tx,
    table.map((one) => one.organizationId),
    ["signing-officer", "representative"],
  );
  const title = `version ${version.number} of “${version.title}”`;
  const words = {
    open: [
      `${title} is open for signature and public.`,
      "A signing officer with a mandate signs for the organization.",
    ],
    sealed: [
      `${title} is open for sealed signatures. It becomes public on ${opening ? openingWords(opening) : "a date to come"}.`,
      "Until then neither the charter nor any signature can be seen by the public, and a signature can be pulled out without a trace. Please keep it confidential.",
    ],
    cancelled: [
      `The opening of ${title} was cancelled. Signatures given under seal were returned and count for nothing.`,
      "You will get a mail when a new opening is set.",
    ],
  }[kind];
  for (const { email } of people) {
    await enqueueMail(tx, {
      kind: `signing-${kind}`,
      to: email,
      content: {
        subject: `${kind === "cancelled" ? "Opening cancelled" : "Open for signature"}: ${version.title}`.slice(0, 200),
        from: "Concordat",
        paragraphs: words.map(capitalized),
        ...(kind === "cancelled" ? {} : { action: { label: "Read the text and decide", path: `/sign/${version.id}` } }),
      },
    });
  }
}

/** Tells the officers of sealed signatures what became of them when the opening was moved or cancelled. */
export async function tellSealedOfficers(
  tx: Tx,
  version: LockedVersion,
  sealed: readonly { readonly signActId: string }[],
  paragraphs: readonly string[],
): Promise<void> {
  const acts = await tx.act.findMany({
    where: { id: { in: sealed.map((one) => one.signActId) } },
    select: { userId: true },
  });
  const people = await tx.user.findMany({
    where: { id: { in: acts.flatMap((act) => (act.userId ? [act.userId] : [])) }, erasedAt: null },
    select: { email: true },
  });
  for (const { email } of people) {
    await enqueueMail(tx, {
      kind: "signing-moved",
      to: email,
      content: {
        subject: `The opening was changed: ${version.title}`.slice(0, 200),
        from: "Concordat",
        paragraphs: [...paragraphs],
        action: { label: "Look at your signature", path: `/sign/${version.id}` },
      },
    });
  }
}

/** Mails an officer the receipt of an act on a signature: what was done, in a sentence, and where its proof is. */
export async function mailReceipt(
  tx: Tx,
  act: { readonly to: string; readonly actId: string; readonly title: string; readonly words: readonly string[] },
): Promise<void> {
  await enqueueMail(tx, {
    kind: "act-receipt",
    to: act.to,
    content: {
      subject: `Receipt: ${act.title}`.slice(0, 200),
      from: "Concordat",
      paragraphs: [...act.words, "It is public, with a number and a place in the log. The receipt holds the proof."],
      action: { label: "Open the receipt", path: `/receipts/${act.actId}` },
    },
  });
}

/** A signature with reservations on its way through the depositary's hands. `officerId` is who signed. */
export type ExaminedSignature = {
  readonly id: string;
  readonly signActId: string;
  readonly status: SignatureStatus;
  readonly legalName: string;
  readonly officerId: string | null;
  readonly statementSha256: string;
};

/** Tells the depositary's people that a signature with reservations waits for them. */
export async function askForExamination(tx: Tx, version: LockedVersion, legalName: string): Promise<void> {
  const charter = await tx.charter.findUniqueOrThrow({
    where: { id: version.charterId },
    select: { depositaryOrganizationId: true },
  });
  for (const { email } of await listAddressees(tx, [charter.depositaryOrganizationId], ["representative", "admin"])) {
    await enqueueMail(tx, {
      kind: "signature-to-examine",
      to: email,
      content: {
        subject: `To examine: a signature with reservations on “${version.title}”`.slice(0, 200),
        from: "Concordat",
        paragraphs: [
          `${legalName} signed version ${version.number} of “${version.title}” with reservations that the policy allows.`,
          "It is in force and public when the depositary has found it in due form. Nobody else sees it until then.",
        ],
        action: { label: "Examine it", path: `/drafts/${version.charterId}/signing` },
      },
    });
  }
}

/** Tells the officer what the depositary found; `defect` is null when the signature is in due form. */
export async function tellOfExamination(
  tx: Tx,
  version: LockedVersion,
  signature: ExaminedSignature,
  defect: string | null,
): Promise<void> {
  const officer = signature.officerId
    ? await tx.user.findFirst({ where: { id: signature.officerId, erasedAt: null }, select: { email: true } })
    : null;
  if (!officer) return;
  const text = `version ${version.number} of “${version.title}”`;
  await enqueueMail(tx, {
    kind: "signature-examined",
    to: officer.email,
    content: {
      subject: `${defect === null ? "In due form" : "Returned"}: your signature on “${version.title}”`.slice(0, 200),
      from: "Concordat",
      paragraphs:
        defect === null
          ? [
              `The depositary found the signature of ${signature.legalName} on ${text} in due form, with its reservations.`,
              signature.status === "SEALED" ? "It becomes public with the opening." : "It is public now.",
            ]
          : [
              `The depositary returned the signature of ${signature.legalName} on ${text}. It counts for nothing, and nothing of it is public.`,
              `What was found wanting: ${defect}`,
              "You can sign again while the version is open.",
            ],
      action: { label: "Open the receipt", path: `/receipts/${signature.signActId}` },
    },
  });
}

/** Tells the admins and officers of an organization that a signing key came or went; whoever did not expect it can have it revoked. */
export async function tellAdminsOfKey(
  tx: Tx,
  organizationId: string,
  officer: string,
  what: "enrolled" | "revoked",
  signsFrom: Date | null = null,
): Promise<void> {
  const waiting = signsFrom
    ? [
        `It signs nothing before ${formatInstant(signsFrom)}, unless a key that is enrolled already approves it: time to say that it is not yours.`,
      ]
    : [];
  for (const { email } of await listAddressees(tx, [organizationId], ["admin", "signing-officer"])) {
    await enqueueMail(tx, {
      kind: `signing-key-${what}`,
      to: email,
      content: {
        subject: `A signing key was ${what}`,
        from: "Concordat",
        paragraphs: [
          `${officer} ${what} a signing key of your organization.`,
          ...waiting,
          what === "enrolled"
            ? "If this was not meant to happen, revoke the key, or have an admin revoke it; signatures made with it before stay in the record."
            : "Signatures made with it before stay in the record and can still be checked.",
        ],
        action: { label: "Look at the signing keys", path: `/keys/${organizationId}` },
      },
    });
  }
}

/** Tells the admins of an organization that its signature was recorded from paper; whoever did not send it can say so. */
export async function tellAdminsOfInstrument(
  tx: Tx,
  version: LockedVersion,
  organizationId: string,
  actId: string,
): Promise<void> {
  for (const { email } of await listAddressees(tx, [organizationId], ["admin", "signing-officer"])) {
    await enqueueMail(tx, {
      kind: "instrument-recorded",
      to: email,
      content: {
        subject: `Recorded from paper: your signature of “${version.title}”`.slice(0, 200),
        from: "Concordat",
        paragraphs: [
          `The depositary has recorded that your organization signed version ${version.number} of “${version.title}”, from an instrument that came on paper or by mail.`,
          "No key of your organization stands behind it, and it is shown so. If you sent no such instrument, dispute the signature; its receipt says how.",
        ],
        action: { label: "Look at the receipt", path: `/receipts/${actId}` },
      },
    });
  }
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function formatInstant(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
