import { beginKeyEnrolment, enrolSigningKey } from "#lib/commands/enrol-signing-key.ts";
import { prepareStatement } from "#lib/commands/prepare-statement.ts";
import type { Context } from "#lib/data/context.ts";
import type { LodgeStatement } from "#lib/domain/lodging.ts";
import { enrolmentCode } from "#tests/support/enrolment.ts";
import { testPasskey } from "#tests/support/passkey.ts";
import { officer, openedVersion } from "#tests/support/signing.ts";
import type { World } from "#tests/support/world.ts";

/** A statement that its officer has signed with a passkey, and that only has to be lodged. */
export type PreparedSignature = { readonly ctx: Context; readonly input: LodgeStatement };

/** So many organizations, each with a passkey of its own, at the point where their officers press "Sign". */
export async function prepareSignatures(
  world: World,
  count: number,
  signGrowth: () => Promise<unknown>,
): Promise<PreparedSignature[]> {
  const { versionId } = await openedVersion(world);
  await signGrowth();
  const prepared: PreparedSignature[] = [];
  for (let at = 0; at < count; at += 1) {
    const organization = await world.organization();
    const person = await officer(world, organization);
    const ctx = world.as(person);
    const passkey = testPasskey();
    const { challengeId, options } = await beginKeyEnrolment(ctx, organization.id);
    const { keyId } = await enrolSigningKey(ctx, {
      organizationId: organization.id,
      challengeId,
      label: "Office key",
      response: passkey.register(options.challenge),
      ...(await enrolmentCode(ctx, organization.id, challengeId)),
    });
    const input = {
      versionId,
      organizationId: organization.id,
      action: "sign" as const,
      keyId,
      typedName: organization.name,
    };
    const { preparedId, passkey: asked } = await prepareStatement(ctx, input);
    const answer = passkey.assert(asked?.challenge ?? "");
    prepared.push({ ctx, input: { preparedId, evidence: { class: "A", ...answer } } });
  }
  return prepared;
}
