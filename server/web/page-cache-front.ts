import type { IncomingMessage, ServerResponse } from "node:http";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { requestMarks } from "#lib/auth/demo-door.ts";
import type { Store } from "#lib/data/store.ts";
import { type Page, PageCache } from "./page-cache.ts";
import { nowhere, type PageHandler, pageLoader } from "./page-cache-load.ts";
import { isApi, scopesOf } from "./page-cache-paths.ts";
import { RevisionWatch, readRevisionsFrom } from "./page-cache-revisions.ts";

/** How many pages one address of the network may have made for it within ten seconds; what is kept already costs nothing. */
export const loadsMax = { points: 300, duration: 10 };

/** The longest address that is looked at. */
const addressLengthMax = 2_048;

/**
 * Puts the page cache in front of the pages: public addresses are answered from it to GET and HEAD, everything else goes
 * on. After every other request it asks for the revisions again, so that a reader sees their own act at once.
 */
export function withPageCache(handle: PageHandler, store: Pick<Store, "pool">, publicUrl: string): PageHandler {
  const cache = new PageCache({
    load: pageLoader(handle, publicUrl),
    revisions: new RevisionWatch(readRevisionsFrom(store.pool)),
  });
  return pageFront(handle, cache);
}

/** The same, over a given cache. `most` is of `loadsMax`, which a test need not reach. */
export function pageFront(handle: PageHandler, cache: PageCache, most = loadsMax): PageHandler {
  const limiter = new RateLimiterMemory(most);
  // No async function: what is kept is answered in one go, without a promise per request.
  return (request, response) => {
    const asked = request.url ?? "/";
    const isRead = request.method === "GET" || request.method === "HEAD";
    if (!isRead) {
      response.once("finish", () => cache.expire());
      response.once("close", () => cache.expire());
      return handle(request, response);
    }
    // Next's own navigation asks for data instead of a page; it is answered by Next, with the same rights.
    const isData = request.headers.rsc !== undefined;
    const may = () => mayLoad(limiter, request);
    const kept = isData ? undefined : cache.peek(asked, may);
    if (kept) return send(request, response, kept);
    const [pathname = "/"] = asked.split("?", 1);
    const scopes = scopesOf(pathname);
    if (!scopes || isData) return handle(request, response);
    // What depends on nothing is nothing. Next must not find a page behind another spelling of its address.
    const address = scopes.length === 0 && (!isApi(pathname) || pathname.endsWith(".rsc")) ? nowhere : asked;
    if (address.length > addressLengthMax) return refuse(response, pathname, 414, "This address is too long.");
    return cache.get(address, scopes, may).then(
      (page) => send(request, response, page),
      (error: unknown) => {
        if (!(error instanceof TooMany)) throw error;
        response.setHeader("retry-after", String(most.duration));
        refuse(response, pathname, 429, "Too many requests came from your address; please wait a few seconds.");
      },
    );
  };
}

class TooMany extends Error {}

async function mayLoad(limiter: RateLimiterMemory, request: IncomingMessage): Promise<void> {
  try {
    await limiter.consume(readerOf(request));
  } catch (cause) {
    if (cause instanceof Error) throw cause;
    throw new TooMany("too many loads", { cause });
  }
}

/** Who counts as one reader: the address that our listener found and wrote down. */
function readerOf(request: IncomingMessage): string {
  return String(request.headers[requestMarks.client] ?? "unknown");
}

type Encoding = "identity" | "gzip" | "br";
/** An answer in an encoding as it is written: its headers as Node takes them without looking at them one by one, and its body. */
type Ready = { readonly headers: string[]; readonly body: Buffer };
const readyAnswers = new WeakMap<Page, Partial<Record<Encoding, Ready>>>();

function send(request: IncomingMessage, response: ServerResponse, page: Page): undefined {
  const encoding = encodingFor(page, request.headers["accept-encoding"]);
  if (page.isKept && isSame(request.headers["if-none-match"], page.tag)) {
    response.writeHead(304, headersOf(page, encoding)).end();
    return undefined;
  }
  const { headers, body } = readyAnswers.get(page)?.[encoding] ?? makeReady(page, encoding);
  response.writeHead(page.status, headers);
  response.end(request.method === "HEAD" ? undefined : body);
}

/** The best encoding that the page has and the reader takes. */
function encodingFor({ bodies }: Page, header: string | string[] | undefined): Encoding {
  if (bodies.br === undefined || header === undefined) return "identity";
  const { br, gzip } = acceptedBy(String(header));
  return br ? "br" : gzip ? "gzip" : "identity";
}

/** Put together once per page and encoding. */
function makeReady(page: Page, encoding: Encoding): Ready {
  const body = page.bodies[encoding] ?? page.bodies.identity;
  const type = page.headers["content-type"];
  const headers = {
    ...(type === undefined ? {} : { "content-type": type }),
    ...headersOf(page, encoding),
    ...(encoding === "identity" ? {} : { "content-encoding": encoding }),
    "content-length": String(body.length),
  };
  const ready = { headers: Object.entries(headers).flat(), body };
  readyAnswers.set(page, { ...readyAnswers.get(page), [encoding]: ready });
  return ready;
}

/** The headers of a page in an encoding without those about its body, as an answer without one has them. */
function headersOf(page: Page, encoding: Encoding): Record<string, string> {
  const { "content-type": _type, ...rest } = page.headers;
  const suffix = encoding === "identity" ? "" : `-${encoding}`;
  return { ...rest, ...(page.isKept ? { etag: `"${page.tag}${suffix}"` } : {}) };
}

type Accepted = { readonly br: boolean; readonly gzip: boolean };

/** Readers come with few different headers: each is read once. */
const acceptedByHeader = new Map<string, Accepted>();
const acceptedMax = 200;

function acceptedBy(header: string): Accepted {
  const known = acceptedByHeader.get(header);
  if (known) return known;
  const accepted = { br: accepts(header, "br"), gzip: accepts(header, "gzip") };
  if (acceptedByHeader.size >= acceptedMax) acceptedByHeader.clear();
  if (header.length <= 200) acceptedByHeader.set(header, accepted);
  return accepted;
}

function accepts(header: string, encoding: "br" | "gzip"): boolean {
  const at = header.split(",").find((one) => one.trim().split(";", 1)[0]?.trim() === encoding);
  return at !== undefined && !/;\s*q=0(?:\.0*)?\s*$/.test(at);
}

/** Whether the reader has this very page, in whatever encoding. Source: RFC 9110 section 13.1.2, weak comparison. */
function isSame(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === "*") return true;
  return ifNoneMatch.split(",").some((one) => {
    const [, bare] = /^\s*(?:W\/)?"([0-9a-f]{32})(?:-br|-gzip)?"\s*$/.exec(one) ?? [];
    return bare === tag;
  });
}

function refuse(response: ServerResponse, pathname: string, status: number, sentence: string): undefined {
  const isJson = isApi(pathname);
  const body = isJson
    ? JSON.stringify({ type: "about:blank", title: sentence, status, code: "too-many", detail: sentence })
    : `${sentence}\n`;
  response
    .writeHead(status, {
      "content-type": isJson ? "application/problem+json; charset=utf-8" : "text/plain; charset=utf-8",
      "cache-control": "no-store",
      ...(isJson ? { "access-control-allow-origin": "*" } : {}),
    })
    .end(body);
}
