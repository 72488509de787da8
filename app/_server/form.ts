import "server-only";
import { Refusal } from "#lib/domain/refusal.ts";

/**
 * One field of a form as text; "" when it is absent.
 *
 * @throws {Refusal} malformed for a file, too-large beyond 100,000 characters.
 */
export function formText(form: FormData, name: string): string {
  const value = form.get(name);
  if (value === null) return "";
  if (typeof value !== "string") throw new Refusal("malformed", "Text is expected here.");
  if (value.length > 100_000) throw new Refusal("too-large", "This text is too long.");
  return value;
}

/** All values of a field that may come several times, such as checkboxes. */
export function formList(form: FormData, name: string): string[] {
  return form.getAll(name).filter((value) => typeof value === "string");
}
