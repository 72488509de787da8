import "server-only";
import { Refusal } from "#lib/domain/refusal.ts";

/**
 * One field of a form as text; "" when it is absent.
 *
 * @throws {Refusal} malformed for a file and for what is no form, too-large beyond 100,000 characters.
 */
export function formText(form: FormData, name: string): string {
  const value = requireForm(form).get(name);
  if (value === null) return "";
  if (typeof value !== "string") throw new Refusal("malformed", "Text is expected here.");
  if (value.length > 100_000) throw new Refusal("too-large", "This text is too long.");
  return value;
}

/**
 * All values of a field that may come several times, such as checkboxes.
 *
 * @throws {Refusal} malformed for what is no form.
 */
export function formList(form: FormData, name: string): string[] {
  return requireForm(form)
    .getAll(name)
    .filter((value) => typeof value === "string");
}

/**
 * What a Server Action was called with, as the form its type promises: anybody can call it with anything.
 *
 * @throws {Refusal} malformed.
 */
export function requireForm(form: unknown): FormData {
  if (!(form instanceof FormData)) {
    throw new Refusal("malformed", "This was not sent by a form of this page. Load the page again and send its form.");
  }
  return form;
}
