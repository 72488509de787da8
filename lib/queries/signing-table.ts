import { loadCharter } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { parseSignatureStatus } from "#lib/data/signatures.ts";
import { ActPayload } from "#lib/domain/acts.ts";
import { numbered } from "#lib/domain/charter-text.ts";
import type { CharterPolicy } from "#lib/domain/policy.ts";
import { mayOnCharter, requireOnCharter } from "#lib/domain/rights.ts";
import type { SignatureStatus } from "#lib/domain/signature.ts";
import { parseCanonicalVersion } from "#lib/ledger/canonical-version.ts";
import { encodeHex } from "#lib/ledger/hash.ts";

/** Where one invitation or signature stands, for the keeper of the record. */
export type SigningRow = {
  readonly key: string;
  readonly name: string;
  readonly email: string | null;
  readonly state:
    | "invited"
    | "in review"
    | "sealed"
    | "to examine"
    | "signed"
    | "not now"
    | "declined"
    | "pulled out"
    | "returned"
    | "withdrawn"
    | "disputed"
    | "entered in error"
    | "ended";
  readonly since: Date;
  readonly askAgainAt: Date | null;
  readonly privateReason: string | null;
  readonly invitationId: string | null;
  /** The reservations that the depositary has not examined yet; null where nothing waits. */
  readonly toExamine: Examination | null;
};

/** A signature that waits for the depositary: its act, and each reservation with the number of its clause. */
export type Examination = {
  readonly actId: string;
  readonly reservations: readonly { readonly number: string; readonly text: string }[];
};

/** The version that is being signed, or is to be opened, as its convenor and depositary see it. */
export type SigningTable = {
  readonly charterId: string;
  readonly title: string;
  readonly slug: string | null;
  readonly policy: CharterPolicy;
  readonly version: {
    readonly id: string;
    readonly number: number;
    readonly state: string;
    readonly title: string;
    readonly sha256Hex: string;
    readonly adoptedAt: Date | null;
    readonly opensAt: Date | null;
    readonly opensZone: string | null;
    readonly openedAt: Date | null;
    readonly effectiveAt: Date | null;
  } | null;
  readonly counts: { readonly invited: number; readonly signed: number; readonly unanswered: number };
  /** Who has not answered, by name; for the convenor too. */
  readonly unanswered: readonly string[];
  /** For the depositary alone; null for everybody else. */
  readonly rows: readonly SigningRow[] | null;
  readonly may: {
    readonly open: boolean;
    readonly invite: boolean;
    readonly examine: boolean;
    readonly judge: boolean;
    readonly close: boolean;
  };
};

/**
 * The signing of a charter's newest adopted version. The convenor sees counts and who has not answered; the depositary sees
 * each answer.
 *
 * @throws {Refusal} not-signed-in, not-found.
 */
export async function loadSigningTable(ctx: Context, charterId: string): Promise<SigningTable> {
  const charter = await loadCharter(ctx.db, charterId);
  requireOnCharter(ctx.actor, "read-draft", charter);
  const version = await ctx.db.charterVersion.findFirst({
    where: { charterId: charter.id, state: { notIn: ["CANDIDATE", "WITHDRAWN_TEXT"] } },
    orderBy: { number: "desc" },
    select: {
      id: true,
      number: true,
      state: true,
      title: true,
      sha256: true,
      adoptedAt: true,
      opensAt: true,
      opensZone: true,
      openedAt: true,
      effectiveAt: true,
    },
  });
  const rows = version ? await listRows(ctx, version.id) : [];
  const mayInvite = mayOnCharter(ctx.actor, "invite-to-sign", charter);
  const waiting = rows.filter((row) => row.state === "invited" || row.state === "in review");
  return {
    charterId: charter.id,
    title: charter.title,
    slug: charter.slug,
    policy: charter.policy,
    version: version && { ...withoutHash(version), sha256Hex: encodeHex(version.sha256) },
    counts: {
      invited: rows.filter((row) => row.invitationId !== null).length,
      signed: rows.filter((row) => row.state === "sealed" || row.state === "signed").length,
      unanswered: waiting.length,
    },
    unanswered: mayInvite ? waiting.map((row) => row.name) : [],
    rows: mayOnCharter(ctx.actor, "read-signing-table", charter) ? rows : null,
    may: {
      open: mayOnCharter(ctx.actor, "open-for-signature", charter),
      examine: mayOnCharter(ctx.actor, "examine-signature", charter),
      judge: mayOnCharter(ctx.actor, "judge-signature", charter),
      invite: mayInvite && charter.policy.joinPolicy !== "closed",
      close: mayOnCharter(ctx.actor, "close-to-signature", charter),
    },
  };
}

function withoutHash<T extends { sha256: Uint8Array }>(row: T): Omit<T, "sha256"> {
  const { sha256: _, ...rest } = row;
  return rest;
}

async function listRows(ctx: Context, versionId: string): Promise<SigningRow[]> {
  const [invitations, signatures] = await Promise.all([
    ctx.db.signingInvitation.findMany({
      where: { versionId, state: { notIn: ["REVOKED", "EXPIRED"] } },
      orderBy: { createdAt: "asc" },
    }),
    ctx.db.signature.findMany({
      where: { versionId },
      orderBy: { signedAt: "asc" },
      select: {
        id: true,
        signActId: true,
        organizationId: true,
        status: true,
        signedAt: true,
        organization: { select: { displayName: true } },
      },
    }),
  ]);
  // The signature says more than the invitation it came from; an organization that pulled out is shown by that.
  const signed = new Set(signatures.map((one) => one.organizationId));
  const uninvited = invitations.filter((one) => one.organizationId === null || !signed.has(one.organizationId));
  const waiting = await listToExamine(ctx, versionId, signatures);
  return [
    ...signatures.map((one) => {
      const invitation = invitations.find((row) => row.organizationId === one.organizationId);
      return {
        key: one.id,
        name: one.organization.displayName,
        email: invitation?.email ?? null,
        state: signatureWords(parseSignatureStatus(one.status)),
        since: one.signedAt,
        askAgainAt: null,
        privateReason: null,
        invitationId: invitation?.id ?? null,
        toExamine: waiting.get(one.signActId) ?? null,
      };
    }),
    ...uninvited.map((one) => ({
      key: one.id,
      name: one.legalName,
      email: one.email,
      state: invitationWords(one.state),
      since: one.answeredAt ?? one.createdAt,
      askAgainAt: one.askAgainAt,
      privateReason: one.privateReason,
      invitationId: one.id,
      toExamine: null,
    })),
  ];
}

/** The reservations that wait for the depositary's word, by the act of the signature. */
async function listToExamine(
  ctx: Context,
  versionId: string,
  signatures: readonly { readonly signActId: string; readonly status: string }[],
): Promise<Map<string, Examination>> {
  const open = signatures.filter((one) => one.status === "SEALED" || one.status === "LODGED");
  if (open.length === 0) return new Map();
  const acts = await ctx.db.act.findMany({
    where: { OR: [{ id: { in: open.map((one) => one.signActId) } }, { versionId, kind: "accept-form" }] },
    select: { id: true, payload: true },
  });
  const { canonical } = await ctx.db.charterVersion.findUniqueOrThrow({
    where: { id: versionId },
    select: { canonical: true },
  });
  const numbers = new Map(numbered(parseCanonicalVersion(canonical).text.clauses).map((one) => [one.id, one.number]));
  const payloads = acts.map(({ id, payload }) => ({ id, payload: ActPayload.parse(payload) }));
  const accepted = new Set(payloads.map(({ payload }) => (payload.kind === "accept-form" ? payload.signActId : "")));
  const found = new Map<string, Examination>();
  for (const { id, payload } of payloads) {
    if (payload.kind !== "sign" || !payload.reservations?.length || accepted.has(id)) continue;
    const reservations = payload.reservations.map(({ clauseId, text }) => ({
      number: numbers.get(clauseId) ?? "",
      text,
    }));
    found.set(id, { actId: id, reservations });
  }
  return found;
}

function signatureWords(status: SignatureStatus): SigningRow["state"] {
  switch (status) {
    case "SEALED":
      return "sealed";
    case "LODGED":
      return "to examine";
    case "RETRACTED":
      return "pulled out";
    case "RETURNED":
      return "returned";
    case "WITHDRAWN":
      return "withdrawn";
    case "DISPUTED":
      return "disputed";
    case "VOID":
      return "entered in error";
    case "LAPSED":
      return "ended";
    default:
      return "signed";
  }
}

function invitationWords(state: string): SigningRow["state"] {
  switch (state) {
    case "OPENED":
    case "IN_REVIEW":
      return "in review";
    case "NOT_NOW":
      return "not now";
    case "DECLINED":
      return "declined";
    case "SIGNED":
      return "signed";
    default:
      return "invited";
  }
}
