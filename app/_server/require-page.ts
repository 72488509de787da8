import "server-only";
import { notFound, redirect } from "next/navigation";
import { Refusal } from "#lib/domain/refusal.ts";
import { currentActor } from "./current-actor.ts";

/**
 * Loads what a page shows. What the actor may not see answers as if it did not exist; a visitor is led to the sign-in and
 * back to `path` from there, whether it exists or not. Everything else is thrown on to the error page.
 */
export async function requirePage<T>(path: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const isHidden = error.code === "not-found" || error.code === "not-permitted";
    if (error.code === "not-signed-in" || (isHidden && (await currentActor()).kind === "visitor")) {
      redirect(`/signin?next=${encodeURIComponent(path)}`);
    }
    // A malformed id in an address is an address that does not exist.
    if (isHidden || error.code === "malformed") notFound();
    throw error;
  }
}
