"use client";

import { startAuthentication } from "@simplewebauthn/browser";

/** Which passkey is asked for, and what it is to sign: `challenge` is base64url of the SHA-256 of a statement. */
export type AskedPasskey = { readonly challenge: string; readonly rpId: string; readonly credentialId: string };

/** A passkey's answer, as evidence of class A is handed in. */
export type PasskeyAnswer = {
  readonly class: "A";
  readonly credentialId: string;
  readonly clientDataJson: string;
  readonly authenticatorData: string;
  readonly signature: string;
};

/** How long the browser waits for the device. */
const timeoutMs = 300_000;

/** Asks the browser for one passkey (Web Authentication, 7.2); null when it was cancelled or is not there. */
export async function askPasskey({ challenge, rpId, credentialId }: AskedPasskey): Promise<PasskeyAnswer | null> {
  const answer = await startAuthentication({
    optionsJSON: {
      challenge,
      rpId,
      allowCredentials: [{ id: credentialId, type: "public-key" }],
      userVerification: "required",
      timeout: timeoutMs,
    },
  }).catch(() => null);
  if (!answer) return null;
  const { clientDataJSON, authenticatorData, signature } = answer.response;
  return { class: "A", credentialId: answer.id, clientDataJson: clientDataJSON, authenticatorData, signature };
}
