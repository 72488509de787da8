import { randomUUID } from "node:crypto";
import {
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type RegistrationResponseJSON,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import { z } from "zod";
import type { Context } from "#lib/data/context.ts";
import { spkiOfCose } from "#lib/data/cose.ts";
import { enrolBound } from "#lib/data/enrol-bound.ts";
import { EnrolmentCode, spendEnrolmentCode } from "#lib/data/enrolment-code.ts";
import { isUniqueViolation, transaction } from "#lib/data/store.ts";
import { RowId } from "#lib/domain/ids.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireForOrganization } from "#lib/domain/rights.ts";
import { Line } from "#lib/ledger/fields.ts";
import { decodeBase64Url, sha256 } from "#lib/ledger/hash.ts";
import { parseSpki } from "#lib/ledger/public-key.ts";

/** How long making a passkey and confirming it by the code of the mail may take together. */
const enrolmentTtlMs = 5 * 60_000;

/** Live signing keys one officer may have for one organization. */
const keysMax = 5;

/** What the browser is asked to make; `challengeId` comes back with its answer. */
export type EnrolmentOptions = {
  readonly challengeId: string;
  readonly options: PublicKeyCredentialCreationOptionsJSON;
};

/**
 * Asks for a passkey that signs for an organization. It is a credential of its own under the signing relying party, never
 * one that is used to sign in.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, too-many.
 */
export async function beginKeyEnrolment(ctx: Context, organizationId: string): Promise<EnrolmentOptions> {
  const person = requireForOrganization(ctx.actor, "sign", RowId.parse(organizationId));
  const own = await ctx.db.signingKey.findMany({
    where: { userId: person.userId, kind: "webauthn", revokedAt: null },
    select: { credentialId: true, organizationId: true },
  });
  if (own.filter((key) => key.organizationId === organizationId).length >= keysMax) {
    throw new Refusal("too-many", `You have ${keysMax} signing keys for this organization; revoke one first.`);
  }
  const { displayName } = await ctx.db.organization.findUniqueOrThrow({
    where: { id: organizationId },
    select: { displayName: true },
  });
  const options = await generateRegistrationOptions({
    rpName: "Concordat signing",
    rpID: ctx.site.signRpId,
    userName: `${person.email} signs for ${displayName}`,
    userDisplayName: `${person.name} for ${displayName}`,
    userID: ctx.random(new Uint8Array(32)),
    challenge: ctx.random(new Uint8Array(32)),
    attestationType: "none",
    supportedAlgorithmIDs: [-7, -8],
    authenticatorSelection: { userVerification: "required", residentKey: "discouraged" },
    excludeCredentials: own.flatMap((key) => (key.credentialId === null ? [] : [{ id: key.credentialId }])),
    timeout: enrolmentTtlMs,
  });
  const { id } = await ctx.db.webauthnChallenge.create({
    data: {
      userId: person.userId,
      purpose: "enrol",
      challenge: Uint8Array.from(decodeBase64Url(options.challenge)),
      expiresAt: new Date(ctx.now.getTime() + enrolmentTtlMs),
    },
    select: { id: true },
  });
  return { challengeId: id, options };
}

const Text = z.string().max(20_000);

/** The answer of the browser, as `startRegistration` of @simplewebauthn/browser gives it. */
export const EnrolSigningKey = z.strictObject({
  organizationId: RowId,
  challengeId: RowId,
  label: Line.max(80),
  confirmation: EnrolmentCode,
  response: z.looseObject({
    id: Text,
    rawId: Text,
    type: z.literal("public-key"),
    response: z.looseObject({
      clientDataJSON: Text,
      attestationObject: Text,
      transports: z.array(z.string().max(20)).max(8).optional(),
    }),
    clientExtensionResults: z.looseObject({}),
  }),
});
export type EnrolSigningKey = z.infer<typeof EnrolSigningKey>;

/**
 * Enrols the passkey that the browser made, once the person has confirmed it by a mailed code, and tells the organization's admins and
 * officers. The first key of an organization can sign at once, on the operator's word until the organization names it in its own DNS;
 * a later one waits for an approval by an enrolled key, or for another binding and the end of `coolOffMs`.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, expired, wrong-code, evidence-invalid, conflict when it is enrolled.
 */
export async function enrolSigningKey(
  ctx: Context,
  raw: EnrolSigningKey,
): Promise<{ keyId: string; isBound: boolean }> {
  const input = EnrolSigningKey.parse(raw);
  const person = requireForOrganization(ctx.actor, "sign", input.organizationId);
  await spendEnrolmentCode(ctx, person, input.challengeId, input.confirmation);
  const challenge = await spendEnrolment(ctx, input.challengeId, person.userId);
  const credential = await verifyCredential(ctx, input, challenge);
  const spki = spkiOfCose(credential.publicKey);
  const key = parseSpki(spki);
  try {
    return await transaction(ctx.db, (tx) =>
      enrolBound(tx, ctx, person, {
        id: randomUUID(),
        organizationId: input.organizationId,
        userId: person.userId,
        kind: "webauthn",
        algorithm: key.algorithm,
        spki: Uint8Array.from(spki),
        spkiSha256: Uint8Array.from(sha256(spki)),
        credentialId: credential.id,
        transports: [...(input.response.response.transports ?? [])],
        rpId: ctx.site.signRpId,
        origin: ctx.site.signOrigin,
        label: input.label,
        enrolledAt: ctx.now,
      }),
    );
  } catch (error) {
    if (isUniqueViolation(error)) throw new Refusal("conflict", "This passkey is enrolled already.");
    throw error;
  }
}

async function spendEnrolment(ctx: Context, challengeId: string, userId: string): Promise<Uint8Array> {
  const { count } = await ctx.db.webauthnChallenge.updateMany({
    where: { id: challengeId, userId, purpose: "enrol", usedAt: null, expiresAt: { gt: ctx.now } },
    data: { usedAt: ctx.now },
  });
  if (count === 0)
    throw new Refusal("expired", "This took too long or was used already. Start again; no key was enrolled.");
  const row = await ctx.db.webauthnChallenge.findUniqueOrThrow({ where: { id: challengeId } });
  return row.challenge;
}

async function verifyCredential(ctx: Context, input: EnrolSigningKey, challenge: Uint8Array) {
  const expected = Buffer.from(challenge).toString("base64url");
  const { response } = input;
  const answer: RegistrationResponseJSON = {
    id: response.id,
    rawId: response.rawId,
    type: response.type,
    clientExtensionResults: {},
    response: {
      clientDataJSON: response.response.clientDataJSON,
      attestationObject: response.response.attestationObject,
    },
  };
  const result = await verifyRegistrationResponse({
    response: answer,
    expectedChallenge: expected,
    expectedOrigin: ctx.site.signOrigin,
    expectedRPID: ctx.site.signRpId,
    requireUserVerification: true,
    supportedAlgorithmIDs: [-7, -8],
  }).catch((cause: unknown) => {
    throw new Refusal("evidence-invalid", "The passkey's answer is not in order; no key was enrolled.", { cause });
  });
  if (!result.verified)
    throw new Refusal("evidence-invalid", "The passkey's answer is not in order; no key was enrolled.");
  return result.registrationInfo.credential;
}
