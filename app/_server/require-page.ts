import "server-only";
import { notFound, redirect } from "next/navigation";
import { Refusal } from "#lib/domain/refusal.ts";

/**
 * Loads what a page shows. What the actor may not see answers as if it did not exist; a visitor is led to the sign-in and
 * back to `path` from there. Everything else is thrown on to the error page.
 */
export async function requirePage<T>(path: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.code === "not-signed-in") redirect(`/signin?next=${encodeURIComponent(path)}`);
    // A malformed id in an address is an address that does not exist.
    if (error.code === "not-found" || error.code === "not-permitted" || error.code === "malformed") notFound();
    throw error;
  }
}
