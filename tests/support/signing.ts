import { ed25519 } from "@noble/curves/ed25519.js";
import { adoptCandidate } from "#lib/commands/adopt-candidate.ts";
import { freezeCandidate } from "#lib/commands/freeze-candidate.ts";
import { type LodgedSignature, lodgeSignature } from "#lib/commands/lodge-signature.ts";
import { openForSignature } from "#lib/commands/open-for-signature.ts";
import { openPublicLog } from "#lib/commands/open-log.ts";
import { type PreparedView, type PrepareStatement, prepareStatement } from "#lib/commands/prepare-statement.ts";
import { takePosition } from "#lib/commands/take-position.ts";
import type { OpeningTime } from "#lib/domain/opening.ts";
import type { CharterPolicy } from "#lib/domain/policy.ts";
import type { World, WorldOrganization, WorldPerson } from "./world.ts";

/** The key of the log in tests. */
export const testLogKey = new Uint8Array(32).fill(9);

/** Opens the public log of a world, as the signer does at its start. */
export async function openWorldLog(world: World): Promise<void> {
  const { site } = world.as(null);
  await openPublicLog(world.store.db, site, ed25519.getPublicKey(testLogKey), world.now);
}

/** Verifies an organization on evidence, as an operator would. */
export async function verify(world: World, organization: WorldOrganization): Promise<void> {
  await world.store.db.evidenceReview.create({
    data: {
      organizationId: organization.id,
      evidence: "Extract of the register",
      outcome: "verified",
      reviewedAt: world.now,
    },
  });
}

/** What an officer of a test stands on; everything may be left out. */
export type OfficerOptions = { readonly name?: string; readonly isVerified?: boolean; readonly hasMandate?: boolean };

/** A signing officer of a verified organization with a live mandate. */
export async function officer(
  world: World,
  organization: WorldOrganization,
  { name, isVerified = true, hasMandate = true }: OfficerOptions = {},
): Promise<WorldPerson> {
  const person = await world.person(organization, ["signing-officer", "representative", "admin"], name);
  if (isVerified) await verify(world, organization);
  if (hasMandate) {
    await world.store.db.signingMandate.create({
      data: {
        organizationId: organization.id,
        userId: person.userId,
        title: "General Counsel",
        grantedBy: person.userId,
        grantedAt: world.now,
        from: world.now,
      },
    });
  }
  return person;
}

/** A version of a charter that was frozen and adopted by its convenor alone. */
export type AdoptedVersion = {
  readonly charterId: string;
  readonly versionId: string;
  readonly convenor: WorldPerson;
};

/** Drafts, freezes and adopts a charter; its convenor can sign for its organization. */
export async function adoptedVersion(world: World, policy: Partial<CharterPolicy> = {}): Promise<AdoptedVersion> {
  await openWorldLog(world);
  const convenor = await officer(world, await world.organization());
  const { charterId } = await world.charter({ convenor, policy });
  return { charterId, convenor, versionId: await adoptDraft(world, charterId, convenor) };
}

/** Freezes the draft of a charter and adopts it. */
export async function adoptDraft(world: World, charterId: string, convenor: WorldPerson): Promise<string> {
  const ctx = world.as(convenor);
  const { versionId } = await freezeCandidate(ctx, { charterId });
  await takePosition(ctx, { charterId, versionId, value: "AGREE", reason: "", remedy: "" });
  await adoptCandidate(ctx, { charterId, versionId });
  return versionId;
}

/** An adopted version that is open: at once, or sealed until the clocks of UTC show a time. */
export async function openedVersion(
  world: World,
  options: { policy?: Partial<CharterPolicy>; opening?: OpeningTime } = {},
): Promise<AdoptedVersion> {
  const version = await adoptedVersion(world, options.policy);
  const opening = options.opening ?? { kind: "now" };
  await openForSignature(world.as(version.convenor), { versionId: version.versionId, opening });
  return version;
}

/** Prepares a statement and reads the code out of the mail. */
export async function prepareByCode(
  world: World,
  person: WorldPerson,
  input: Partial<PrepareStatement> & { versionId: string },
): Promise<PreparedView & { code: string }> {
  const organization = person.organization;
  if (!organization) throw new Error("An officer has an organization.");
  const prepared = await prepareStatement(world.as(person), {
    organizationId: organization.id,
    action: "sign",
    keyId: null,
    typedName: organization.name,
    ...input,
  });
  const mails = await world.store.db.outbox.findMany({ where: { kind: "signing-code", to: person.email } });
  const mail = mails.map((row) => row.payload).find((payload) => closingOf(payload).endsWith(prepared.statementSha256));
  return { ...prepared, code: textOf(mail, "code") };
}

/** Signs by code of the mail. */
export async function sign(world: World, person: WorldPerson, versionId: string): Promise<LodgedSignature> {
  const { preparedId, code } = await prepareByCode(world, person, { versionId });
  return lodgeSignature(world.as(person), { preparedId, evidence: { class: "B", code } });
}

/** A fresh organization with an officer, who has signed. */
export async function signatory(
  world: World,
  versionId: string,
): Promise<WorldPerson & { signature: LodgedSignature }> {
  const person = await officer(world, await world.organization());
  return { ...person, signature: await sign(world, person, versionId) };
}

function closingOf(payload: unknown): string {
  return textOf(payload, "closing");
}

function textOf(payload: unknown, key: string): string {
  if (typeof payload !== "object" || payload === null) return "";
  const value: unknown = Object.entries(payload).find(([name]) => name === key)?.[1];
  return typeof value === "string" ? value : "";
}
