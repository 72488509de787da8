import type { z } from "zod";
import { Refusal } from "./refusal.ts";

/**
 * Reads input at a door by a strict schema.
 *
 * @throws {Refusal} malformed, with the first thing that was wrong in one sentence.
 */
export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const first = result.error.issues[0];
  const where = first?.path.map(String).join(".");
  throw new Refusal("malformed", where ? `${where}: ${first?.message}` : (first?.message ?? "This is malformed."));
}
