import { OpenAPIRegistry, OpenApiGeneratorV31 } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import { ClauseId, Slug } from "#lib/domain/ids.ts";
import { DirectoryQuery, PageQuery, SignatoryQuery } from "#lib/queries/public-query.ts";
import {
  Charter,
  ClauseHistory,
  Directory,
  Notifications,
  Organization,
  Problem,
  Signatories,
  schemaVersion,
  Version,
} from "./schemas.ts";

type Described = {
  readonly path: string;
  readonly summary: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly answer: z.ZodType;
};

const bySlug = z.object({ slug: Slug });

const reads: readonly Described[] = [
  { path: "/charters", summary: "The public charters, the newest first.", query: DirectoryQuery, answer: Directory },
  { path: "/charters/{slug}", summary: "A charter with its versions.", params: bySlug, answer: Charter },
  {
    path: "/charters/{slug}/versions/{number}",
    summary: "A version with its text.",
    params: bySlug.extend({ number: z.string().regex(/^[1-9]\d{0,5}$/) }),
    answer: Version,
  },
  {
    path: "/charters/{slug}/clauses/{clauseId}/history",
    summary: "A clause through the public versions, with word differences.",
    params: bySlug.extend({ clauseId: ClauseId }),
    answer: ClauseHistory,
  },
  {
    path: "/charters/{slug}/signatories",
    summary: "Who signed, as of any day. Withdrawn organizations stay on the list with their dates.",
    params: bySlug,
    query: SignatoryQuery,
    answer: Signatories,
  },
  {
    path: "/charters/{slug}/notifications",
    summary: "The numbered notifications of public acts, the newest first.",
    params: bySlug,
    query: PageQuery,
    answer: Notifications,
  },
  {
    path: "/organizations/{slug}",
    summary: "An organization on the public record.",
    params: bySlug,
    answer: Organization,
  },
];

/** The OpenAPI file of the public API, made from the schemas that its answers and queries are made from. */
export function openApiDocument(publicUrl: string): unknown {
  const registry = new OpenAPIRegistry();
  for (const read of reads) {
    registry.registerPath({
      method: "get",
      path: read.path,
      summary: read.summary,
      request: { ...(read.params ? { params: read.params } : {}), ...(read.query ? { query: read.query } : {}) },
      responses: {
        200: {
          description: "The answer. Its ETag may be sent back as If-None-Match.",
          content: { "application/json": { schema: read.answer } },
        },
        304: { description: "Nothing has changed since that ETag." },
        ...Object.fromEntries(problems.map(([status, description]) => [status, problemAnswer(description)])),
      },
    });
  }
  registry.registerPath({
    method: "get",
    path: "/charters/{slug}/export.zip",
    summary: "Everything public of a charter in one archive, for checks without a network.",
    request: { params: bySlug },
    responses: {
      200: {
        description: "A ZIP archive of texts, statements, evidence, the log and the list that follows from them.",
        content: { "application/zip": { schema: { type: "string", format: "binary" } } },
      },
      ...Object.fromEntries(problems.map(([status, description]) => [status, problemAnswer(description)])),
    },
  });
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: "3.1.0",
    info: {
      title: "Concordat public record",
      version: `${schemaVersion}.0.0`,
      description: "Everything the public pages show, as JSON. Reading needs no account, and any site may read.",
    },
    servers: [{ url: `${publicUrl}/api/v1` }],
  });
}

const problems: readonly (readonly [string, string])[] = [
  ["400", "The query makes no sense; `field` names what was wrong."],
  ["404", "There is nothing public at this address."],
  ["405", "The API only reads."],
  ["429", "Too many requests from one address; `Retry-After` says when to come back."],
];

function problemAnswer(description: string) {
  return { description, content: { "application/problem+json": { schema: Problem } } };
}
