import { notFound } from "next/navigation";
import { cache } from "react";
import type { z } from "zod";
import { contextFor } from "#app/_server/context.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { loadPublicCharter, type PublicCharter } from "#lib/queries/public-charter.ts";
import { NoQuery, parseQuery, QueryRefusal, type RawQuery } from "#lib/queries/public-query.ts";

type Context = ReturnType<typeof contextFor>;

/** What a visitor is given: public pages never look at who reads them. */
export function visitorContext(): Context {
  return contextFor({ kind: "visitor" });
}

/** Loads what a public page shows; what is not public does not exist. */
export async function askPublic<T>(load: (ctx: Context) => Promise<T>): Promise<T> {
  try {
    return await load(visitorContext());
  } catch (error) {
    if (error instanceof Refusal && !(error instanceof QueryRefusal) && error.code === "not-found") notFound();
    throw error;
  }
}

/** The same for a page with a query string: a query that makes no sense gives back the refusal, to be shown. */
export async function askWithQuery<Q, T>(
  schema: z.ZodType<Q>,
  search: Promise<RawQuery>,
  load: (ctx: Context, query: Q) => Promise<T>,
): Promise<{ readonly query: Q; readonly view: T } | QueryRefusal> {
  try {
    const query = parseQuery(schema, await search);
    return { query, view: await askPublic((ctx) => load(ctx, query)) };
  } catch (error) {
    if (error instanceof QueryRefusal) return error;
    throw error;
  }
}

/** For pages of which nothing can be asked. */
export async function askPlain<T>(search: Promise<RawQuery>, load: (ctx: Context) => Promise<T>) {
  return askWithQuery(NoQuery, search, load);
}

/** The head of a charter for titles and links, once per request; undefined where the page itself will say not-found. */
export const charterHead = cache(async (slug: string): Promise<PublicCharter | undefined> => {
  try {
    return await loadPublicCharter(visitorContext(), slug);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
});

/** A whole number of a path without sign or leading zero; anything else is an address that does not exist. */
export function pathNumber(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) notFound();
  return Number(text);
}

/** How a public page gets its parameters from Next. */
export type PageProps<P extends Record<string, string> = Record<string, never>> = {
  readonly params: Promise<P>;
  readonly searchParams: Promise<RawQuery>;
};
