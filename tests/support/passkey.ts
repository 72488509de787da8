import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign as signBytes } from "node:crypto";

/** A passkey in software: makes credentials and assertions as a browser would hand them over. */
export type TestPasskey = {
  readonly credentialId: string;
  /** Its public key as DER. */
  readonly spki: Buffer;
  /** The answer to `beginKeyEnrolment`'s options. */
  register(challenge: string): {
    id: string;
    rawId: string;
    type: "public-key";
    clientExtensionResults: Record<string, never>;
    response: { clientDataJSON: string; attestationObject: string };
  };
  /** The answer to a statement's challenge. */
  assert(challenge: string): {
    credentialId: string;
    clientDataJson: string;
    authenticatorData: string;
    signature: string;
  };
};

/** Makes a passkey for a site. With `verifiesUser` false it skips the finger or the PIN, which must not be enough. */
export function testPasskey(rpId = "localhost", origin = "http://localhost:3000", verifiesUser = true): TestPasskey {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const id = randomBytes(16);
  const credentialId = id.toString("base64url");
  const present = verifiesUser ? 0x05 : 0x01;
  const clientData = (type: string, challenge: string) =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  return {
    credentialId,
    spki: publicKey.export({ type: "spki", format: "der" }),
    register(challenge) {
      const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, coseKey(publicKey)]);
      const authData = Buffer.concat([authenticatorData(rpId, present | 0x40), attested]);
      const attestationObject = Buffer.concat([
        Buffer.from([0xa3]),
        cborText("fmt"),
        cborText("none"),
        cborText("attStmt"),
        Buffer.from([0xa0]),
        cborText("authData"),
        cborBytes(authData),
      ]);
      return {
        id: credentialId,
        rawId: credentialId,
        type: "public-key",
        clientExtensionResults: {},
        response: {
          clientDataJSON: clientData("webauthn.create", challenge).toString("base64url"),
          attestationObject: attestationObject.toString("base64url"),
        },
      };
    },
    assert(challenge) {
      const authData = authenticatorData(rpId, present);
      const json = clientData("webauthn.get", challenge);
      const signed = Buffer.concat([authData, createHash("sha256").update(json).digest()]);
      return {
        credentialId,
        clientDataJson: json.toString("base64url"),
        authenticatorData: authData.toString("base64url"),
        signature: signBytes("sha256", signed, privateKey).toString("base64url"),
      };
    },
  };
}

function authenticatorData(rpId: string, flags: number): Buffer {
  return Buffer.concat([createHash("sha256").update(rpId).digest(), Buffer.from([flags, 0, 0, 0, 0])]);
}

/** The COSE form of a P-256 key. Source: RFC 9053 section 7.1. */
function coseKey(key: KeyObject): Buffer {
  const { x = "", y = "" } = key.export({ format: "jwk" });
  return Buffer.concat([
    Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
    cborBytes(Buffer.from(x, "base64url")),
    Buffer.from([0x22]),
    cborBytes(Buffer.from(y, "base64url")),
  ]);
}

function cborText(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x60 + text.length]), Buffer.from(text)]);
}

function cborBytes(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x58, bytes.length]), bytes]);
}
