import { randomUUID } from "node:crypto";
import { z } from "zod";
import { unconfirmedDomain } from "#lib/data/act-entry.ts";
import { openChallenge } from "#lib/data/challenge.ts";
import type { Context } from "#lib/data/context.ts";
import { requireOtherEvidence } from "#lib/data/evidence-rule.ts";
import { latestCheckpoint } from "#lib/data/log.ts";
import { type LockedVersion, lockVersion } from "#lib/data/open-version.ts";
import { enqueueMail } from "#lib/data/outbox.ts";
import type { PreparedFields } from "#lib/data/prepared.ts";
import { requireReadable } from "#lib/data/signing-version.ts";
import { requireStanding, type Standing } from "#lib/data/standing.ts";
import { requireSubject } from "#lib/data/statement-subject.ts";
import { type Tx, transaction } from "#lib/data/store.ts";
import type { Person } from "#lib/domain/actor.ts";
import { ClauseId, RowId } from "#lib/domain/ids.ts";
import { LodgingAction } from "#lib/domain/lodging.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { type Reservation, reservationsMax } from "#lib/domain/reservation.ts";
import { type OrganizationAction, requireForOrganization } from "#lib/domain/rights.ts";
import { Count, Line, Lines } from "#lib/ledger/fields.ts";
import { encodeBase64, encodeBase64Url, encodeHex, encodeUtf8, sha256 } from "#lib/ledger/hash.ts";
import {
  appearanceHash,
  declarationHash,
  formatStatement,
  officerCommitment,
  reservationHashes,
  statementHash,
  textHash,
} from "#lib/ledger/statement.ts";

/** How long a prepared statement can be lodged: the time a passkey or a code is waited for. */
export const preparedTtlMs = 10 * 60_000;

/** The same where the organization's own key signs: the statement is carried to another machine and back. */
export const carriedTtlMs = 24 * 3_600_000;

/** Statements one person may prepare within `preparedTtlMs`; each may send a mail. */
const preparedMax = 12;

export const PrepareStatement = z.strictObject({
  versionId: RowId,
  organizationId: RowId,
  action: LodgingAction,
  /** The signing key to use (classes A and A'), or null to confirm with a code by mail (class B). */
  keyId: RowId.nullable(),
  /** For `sign`: the organization's name as the officer typed it, against signing in the wrong capacity. */
  typedName: z.string().max(300).default(""),
  statementForPublication: z.union([z.literal(""), Lines.max(500)]).default(""),
  declaration: z.union([z.literal(""), Lines]).default(""),
  /** For `withdraw`: a public reason in one line, or none. */
  reason: z.union([z.literal(""), Line.max(300)]).default(""),
  /** For `sign`: the clauses that are not accepted as they stand; for `narrow-reservation`: what remains of them. */
  reservations: z
    .array(z.strictObject({ clauseId: ClauseId, text: Lines }))
    .max(reservationsMax)
    .default([]),
  /** The size of the checkpoint that the officer's browser verified; the statement names it. Left out: the newest. */
  logSize: Count.optional(),
});
export type PrepareStatement = z.input<typeof PrepareStatement>;

/** What the officer is shown and asked for. `challenge` is base64url of SHA-256 of the statement. */
export type PreparedView = {
  readonly preparedId: string;
  readonly statement: string;
  readonly statementSha256: string;
  readonly expiresAt: Date;
  readonly passkey: {
    readonly challenge: string;
    readonly rpId: string;
    readonly credentialId: string;
    readonly transports: readonly string[];
  } | null;
  /** Whether the organization's own key is to sign the statement, on the machine where it is. */
  readonly isCarried: boolean;
  /** The address a six-digit code was sent to; null when a key is asked for. */
  readonly codeSentTo: string | null;
};

/**
 * Writes the exact statement that an officer is about to sign, and asks for the passkey or sends the code. Nothing is
 * signed by it, and everything is checked again when it is lodged. Calling it again makes a new statement.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, not-verified, mandate-missing, mandate-expired, version-closed,
 *   already-signed, conflict, malformed, too-many.
 */
export async function prepareStatement(ctx: Context, raw: PrepareStatement): Promise<PreparedView> {
  const input = PrepareStatement.parse(raw);
  requireWordsOf(input);
  const person = requireForOrganization(ctx.actor, rightOf(input.action), input.organizationId);
  requireNamed(person);
  return transaction(ctx.db, async (tx) => {
    const version = await lockVersion(tx, input.versionId, "share");
    await requireReadable(tx, person, version);
    const standing = await requireStanding(tx, person, input.organizationId, ctx.now);
    await requireFewPrepared(tx, ctx, person);
    const { signatureId, reservations, textSha256Hex } = await requireSubject(
      tx,
      ctx,
      person,
      version,
      standing,
      input,
    );
    const key = input.keyId === null ? null : await loadKey(tx, ctx, person, input.organizationId, input.keyId);
    if (key === null) await requireOtherEvidence(tx, input.organizationId);
    const salt = ctx.random(new Uint8Array(32));
    const commitment = officerCommitment(salt, { name: person.name });
    const statement = await writeStatement(tx, ctx, {
      version,
      standing,
      input,
      reservations,
      textSha256Hex: textSha256Hex ?? version.sha256Hex,
      commitment,
      key,
    });
    const preparedId = randomUUID();
    const statementSha256 = statementHash(statement);
    const challengeId = key
      ? null
      : await sendCode(tx, ctx, person, { version, standing, preparedId, statementSha256 });
    const fields: PreparedFields = {
      organization: standing.organization,
      officerName: person.name,
      officerTitle: standing.mandate.title,
      officerCommitment: commitment,
      statementForPublication: input.statementForPublication,
      declaration: input.declaration,
      reason: input.reason,
      ...(reservations.length > 0 ? { reservations: [...reservations] } : {}),
      keyId: input.keyId,
      challengeId,
      signatureId,
    };
    const expiresAt = new Date(ctx.now.getTime() + ttlOf(key));
    await tx.preparedStatement.create({
      data: {
        id: preparedId,
        versionId: version.id,
        organizationId: input.organizationId,
        userId: person.userId,
        mandateId: standing.mandate.id,
        action: input.action,
        statement,
        fields,
        salt,
        createdAt: ctx.now,
        expiresAt,
      },
    });
    const challenge = encodeBase64Url(sha256(encodeUtf8(statement)));
    return {
      preparedId,
      statement,
      statementSha256,
      expiresAt,
      passkey: key?.passkey ? { challenge, ...key.passkey } : null,
      isCarried: key !== null && key.passkey === null,
      codeSentTo: key ? null : person.email,
    };
  });
}

/** What is said in public goes with a signature: on other acts it would be hashed into the statement and shown nowhere. */
function requireWordsOf({
  action,
  statementForPublication,
  declaration,
  reason,
  reservations,
}: z.output<typeof PrepareStatement>): void {
  if (action !== "sign" && (statementForPublication !== "" || declaration !== "")) {
    throw new Refusal("malformed", "A statement or a declaration is made with the signature, not with other acts.");
  }
  if (action !== "withdraw" && reason !== "") {
    throw new Refusal("malformed", "A reason is given with a notice of withdrawal, not with other acts.");
  }
  if (action !== "sign" && action !== "narrow-reservation" && reservations.length > 0) {
    throw new Refusal("malformed", "Reservations are made with the signature, and afterwards only narrowed.");
  }
}

/** The receipt names the officer; the beginning of a mail address names nobody. */
function requireNamed(person: Person): void {
  if (person.hasGivenName) return;
  throw new Refusal(
    "malformed",
    "Give your own name on your account page first: the receipt names the officer who signed.",
  );
}

function rightOf(action: LodgingAction): OrganizationAction {
  if (action === "retract" || action === "revoke-withdrawal") return "withdraw";
  return action;
}

async function requireFewPrepared(tx: Tx, ctx: Context, person: Person): Promise<void> {
  const since = new Date(ctx.now.getTime() - preparedTtlMs);
  const count = await tx.preparedStatement.count({ where: { userId: person.userId, createdAt: { gt: since } } });
  if (count < preparedMax) return;
  throw new Refusal("too-many", "You have started this many times in a few minutes. Wait ten minutes and try again.");
}

type SigningCredential = {
  readonly sha256Hex: string;
  /** Null for an own key. */
  readonly passkey: {
    readonly rpId: string;
    readonly credentialId: string;
    readonly transports: readonly string[];
  } | null;
};

function ttlOf(key: SigningCredential | null): number {
  return key !== null && key.passkey === null ? carriedTtlMs : preparedTtlMs;
}

async function loadKey(
  tx: Tx,
  ctx: Context,
  person: Person,
  organizationId: string,
  keyId: string,
): Promise<SigningCredential> {
  const key = await tx.signingKey.findFirst({
    where: { id: keyId, organizationId, revokedAt: null, OR: [{ userId: person.userId }, { kind: "ed25519" }] },
  });
  if (!key || (key.kind === "webauthn" && key.rpId !== ctx.site.signRpId)) {
    throw new Refusal("not-found", "This is not one of your signing keys here; choose another or use a code.");
  }
  if (key.boundAt === null) {
    throw new Refusal(
      "not-found",
      "This key waits for its approval. An enrolled key gives it, on the page of the keys.",
    );
  }
  if (key.signsFrom !== null && key.signsFrom > ctx.now) {
    throw new Refusal(
      "not-available",
      `This key was enrolled a short time ago and signs from ${key.signsFrom.toISOString().slice(0, 16).replace("T", " ")} UTC on, or once an enrolled key has approved it.`,
    );
  }
  const { credentialId, rpId, transports } = key;
  const passkey = credentialId === null || rpId === null ? null : { rpId, credentialId, transports };
  return { sha256Hex: encodeHex(key.spkiSha256), passkey };
}

async function writeStatement(
  tx: Tx,
  ctx: Context,
  given: {
    version: LockedVersion;
    standing: Standing;
    input: z.output<typeof PrepareStatement>;
    reservations: readonly Reservation[];
    textSha256Hex: string;
    commitment: string;
    key: SigningCredential | null;
  },
): Promise<string> {
  const { version, standing, input } = given;
  const { organization, mandate } = standing;
  const head = await checkpointSeen(tx, input.logSize);
  return formatStatement({
    origin: ctx.site.logOrigin,
    action: input.action,
    charterId: version.charterId,
    charterTitle: version.title,
    version: version.number,
    versionSha256: given.textSha256Hex,
    organizationId: organization.id,
    organizationName: organization.legalName,
    organizationDomain: organization.domain ?? unconfirmedDomain,
    organizationKey: given.key?.sha256Hex ?? null,
    officerTitle: mandate.title,
    officerCommitment: given.commitment,
    mandate: { id: mandate.id, from: mandate.from.toISOString(), to: mandate.to?.toISOString() ?? null },
    reservations: reservationHashes(given.reservations),
    declarationSha256: declarationHash(input.declaration === "" ? null : input.declaration),
    ...(input.reason === "" ? {} : { reasonSha256: textHash(input.reason) }),
    appearanceSha256: appearanceHash({
      country: organization.country,
      class: organization.class,
      sector: organization.sector === "" ? null : organization.sector,
      statement: input.statementForPublication === "" ? null : input.statementForPublication,
    }),
    publishNotBefore: publishNotBefore(version)?.toISOString() ?? null,
    expires: new Date(ctx.now.getTime() + ttlOf(given.key)).toISOString(),
    log: { origin: ctx.site.logOrigin, size: Number(head.size), root: head.root },
    nonce: encodeHex(ctx.random(new Uint8Array(16))),
  });
}

/** The checkpoint that a statement names: the one that the officer's browser verified, or the newest. */
async function checkpointSeen(tx: Tx, size: number | undefined): Promise<{ size: bigint; root: string }> {
  if (size === undefined) return latestCheckpoint(tx);
  const seen = await tx.checkpoint.findUnique({ where: { size: BigInt(size) }, select: { size: true, root: true } });
  if (seen) return { size: seen.size, root: encodeBase64(seen.root) };
  throw new Refusal("malformed", "The log has published no such checkpoint. Load the page again; nothing was signed.");
}

/** The embargo of a version as statements carry it. */
export function publishNotBefore(version: LockedVersion): Date | null {
  return version.state === "OPEN_SEALED" ? version.opensAt : null;
}

async function sendCode(
  tx: Tx,
  ctx: Context,
  person: Person,
  given: { version: LockedVersion; standing: Standing; preparedId: string; statementSha256: string },
): Promise<string> {
  const { version, standing, statementSha256 } = given;
  const { id, code } = await openChallenge(tx, ctx, {
    purpose: "step-up",
    email: person.email,
    browser: person.sessionId,
    subject: statementSha256,
  });
  await enqueueMail(tx, {
    kind: "signing-code",
    to: person.email,
    content: {
      subject: `${code} is your code to confirm for ${standing.organization.displayName}`.slice(0, 200),
      from: "Concordat",
      paragraphs: [
        `Somebody signed in as you is about to act for ${standing.organization.legalName} on version ${version.number} of “${version.title}”.`,
        "Type this code on the page that asked for it. It counts for ten minutes and for this statement alone.",
        "If this was not you, do not type it anywhere, and sign out everywhere on your account page.",
      ],
      code,
      closing: `Fingerprint of the statement: ${statementSha256}`,
    },
  });
  return id;
}
