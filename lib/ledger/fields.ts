import { z } from "zod";
import { characterViolations } from "./character-rules.ts";

/**
 * The kinds of field that statements, entries and receipts are made of. None of them transforms its input: what is
 * parsed is what was written.
 */

/** SHA-256 as 64 lower-case hex digits. */
export const HashHex = z.string().regex(/^[0-9a-f]{64}$/);

/** The id of a charter, organization, mandate or key: a lower-case UUID. */
export const Uuid = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);

/** A UTC instant with milliseconds, as `Date.prototype.toISOString` writes it: `2031-05-04T09:30:00.000Z`. */
export const Instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/)
  .refine((text) => !Number.isNaN(Date.parse(text)) && new Date(text).toISOString() === text);

/** The name of a log and of its key: a schema-less address without spaces and plus signs, such as `concordat.example/log`. */
export const Origin = z.string().regex(/^[a-z0-9][a-z0-9.:/_-]{0,199}$/);

/** A host name in ASCII (names of other scripts in their xn-- form), or `localhost`. */
export const Domain = z
  .string()
  .regex(/^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/);

/** A count or position in the log or of versions. */
export const Count = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/** One line of text for people: not blank, no space at its ends, NFC, without refused characters. */
export const Line = z
  .string()
  .min(1)
  .max(500)
  .refine((text) => text.trim() === text, "No space may stand at its ends.")
  .refine((text) => characterViolations(text, "one-line").length === 0, "It holds a character that is refused.");

/** Several lines of text for people, by the same rules. */
export const Lines = z
  .string()
  .min(1)
  .max(2000)
  .refine((text) => characterViolations(text, "with-lines").length === 0, "It holds a character that is refused.");
