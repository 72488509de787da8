import { z } from "zod";
import { Refusal } from "#lib/domain/refusal.ts";
import { type KeyEvidence, verifyOwnKey, verifyPasskey } from "./evidence.ts";
import { HashHex, Instant, Line, Origin, Uuid } from "./fields.ts";
import type { SigningPublicKey } from "./public-key.ts";

/**
 * What a key signs about keys. `enrol`: this key is there (`key` is the key that signs). `approve`: another key, `key`, is the
 * organization's too. `allow-all`: evidence without a key of the organization counts again; `key` is null.
 */
export const KeyAction = z.enum(["enrol", "approve", "allow-all"]);
export type KeyAction = z.infer<typeof KeyAction>;

/** A statement about keys; `signedWith` is the key that signs it. */
export const KeyStatement = z
  .strictObject({
    origin: Origin,
    action: KeyAction,
    organizationId: Uuid,
    organizationName: Line,
    key: HashHex.nullable(),
    signedWith: HashHex,
    expires: Instant,
    nonce: z.string().regex(/^[0-9a-f]{32}$/),
  })
  .refine(({ action, key, signedWith }) => {
    if (action === "allow-all") return key === null;
    return key !== null && (key === signedWith) === (action === "enrol");
  });
export type KeyStatement = z.infer<typeof KeyStatement>;

const suffix = "/key-statement/v1";

/**
 * The exact text that is signed. Source: FORMAT.md part 4.
 *
 * @throws {Refusal} malformed when a field is not of its kind.
 */
export function formatKeyStatement(statement: KeyStatement): string {
  const parsed = KeyStatement.safeParse(statement);
  if (parsed.success) return format(parsed.data);
  throw new Refusal("malformed", `The statement cannot be written: ${z.prettifyError(parsed.error)}`);
}

/**
 * Reads a statement about keys back. Exactly what `formatKeyStatement` writes is accepted.
 *
 * @throws {Refusal} malformed.
 */
export function parseKeyStatement(text: string): KeyStatement {
  const [first = "", ...lines] = text.split("\n");
  const read = (at: number, name: string): string => {
    const line = lines[at] ?? "";
    return line.startsWith(`${name} `) ? line.slice(name.length + 1) : "";
  };
  const key = read(3, "key");
  const parsed = KeyStatement.safeParse({
    origin: first.slice(0, -suffix.length),
    action: read(0, "action"),
    organizationId: read(1, "organization"),
    organizationName: read(2, "organization-name"),
    key: key === "-" ? null : key,
    signedWith: read(4, "signed-with"),
    expires: read(5, "expires"),
    nonce: read(6, "nonce"),
  });
  if (parsed.success && format(parsed.data) === text) return parsed.data;
  throw new Refusal("malformed", "This is not a statement about keys of version 1.");
}

/** Whether a text says of itself that it is a statement about keys; nothing else of it is looked at. */
export function isKeyStatement(text: string): boolean {
  return text.slice(0, text.indexOf("\n")).endsWith(suffix);
}

/**
 * Checks that the key which the statement names has signed it, and gives back the statement and the key. Whether that key
 * is the organization's is for the caller to say.
 *
 * @throws {Refusal} malformed, evidence-invalid.
 */
export function verifyKeyStatement(
  text: string,
  evidence: KeyEvidence,
): { readonly statement: KeyStatement; readonly key: SigningPublicKey } {
  const statement = parseKeyStatement(text);
  const key =
    evidence.class === "A" ? verifyPasskey(text, evidence) : verifyOwnKey(text, statement.organizationId, evidence);
  if (key.id === statement.signedWith) return { statement, key };
  throw new Refusal("evidence-invalid", "The key that signed is not the key that the statement names.");
}

function format(statement: KeyStatement): string {
  const lines = [
    `${statement.origin}${suffix}`,
    `action ${statement.action}`,
    `organization ${statement.organizationId}`,
    `organization-name ${statement.organizationName}`,
    `key ${statement.key ?? "-"}`,
    `signed-with ${statement.signedWith}`,
    `expires ${statement.expires}`,
    `nonce ${statement.nonce}`,
  ];
  return `${lines.join("\n")}\n`;
}
