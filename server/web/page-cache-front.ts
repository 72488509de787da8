import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { RateLimiterMemory } from "rate-limiter-flexible";
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

/** The same, over a given cache. */
export function pageFront(handle: PageHandler, cache: PageCache): PageHandler {
  const limiter = new RateLimiterMemory(loadsMax);
  return async (request, response) => {
    const asked = request.url ?? "/";
    const isRead = request.method === "GET" || request.method === "HEAD";
    if (!isRead) {
      response.once("finish", () => cache.expire());
      response.once("close", () => cache.expire());
      return handle(request, response);
    }
    const [pathname = "/"] = asked.split("?", 1);
    const scopes = scopesOf(pathname);
    // What depends on nothing is nothing. Next must not find a page behind another spelling of its address.
    const address = scopes?.length === 0 && (!isApi(pathname) || pathname.endsWith(".rsc")) ? nowhere : asked;
    // Next's own navigation asks for data instead of a page; it is answered by Next, with the same rights.
    if (!scopes || request.headers.rsc !== undefined) return handle(request, response);
    const kept = cache.peek(address, scopes);
    if (kept) return send(request, response, kept);
    if (address.length > addressLengthMax) return refuse(response, pathname, 414, "This address is too long.");
    try {
      send(request, response, await cache.get(address, scopes, () => mayLoad(limiter, request)));
    } catch (error) {
      if (!(error instanceof TooMany)) throw error;
      response.setHeader("retry-after", String(loadsMax.duration));
      refuse(response, pathname, 429, "Too many requests came from your address; please wait a few seconds.");
    }
  };
}

class TooMany extends Error {}

async function mayLoad(limiter: RateLimiterMemory, request: IncomingMessage): Promise<void> {
  try {
    await limiter.consume(addressOf(request));
  } catch (cause) {
    if (cause instanceof Error) throw cause;
    throw new TooMany("too many loads", { cause });
  }
}

/** Who counts as one reader. A proxy on this machine says for whom it asks; anyone else's word is not taken. */
function addressOf(request: IncomingMessage): string {
  const remote = request.socket.remoteAddress ?? "";
  const isLocal = remote === "127.0.0.1" || remote === "::1" || remote === "::ffff:127.0.0.1";
  const forwarded = String(request.headers["x-forwarded-for"] ?? "");
  return (isLocal && forwarded.split(",").at(-1)?.trim()) || remote;
}

type Encoding = "identity" | "gzip" | "br";
const readyHeaders = new WeakMap<Page, Partial<Record<Encoding, OutgoingHttpHeaders>>>();

function send(request: IncomingMessage, response: ServerResponse, page: Page): void {
  const accepted = String(request.headers["accept-encoding"] ?? "");
  const encoding: Encoding =
    page.bodies.br && accepts(accepted, "br")
      ? "br"
      : page.bodies.gzip && accepts(accepted, "gzip")
        ? "gzip"
        : "identity";
  const headers = headersOf(page, encoding);
  if (page.isKept && isSame(request.headers["if-none-match"], page.tag)) {
    const { "content-type": _type, "content-length": _length, "content-encoding": _encoding, ...rest } = headers;
    response.writeHead(304, rest).end();
    return;
  }
  response.writeHead(page.status, headers);
  response.end(request.method === "HEAD" ? undefined : (page.bodies[encoding] ?? page.bodies.identity));
}

/** The headers of a page in an encoding, put together once. */
function headersOf(page: Page, encoding: Encoding): OutgoingHttpHeaders {
  const ready = readyHeaders.get(page) ?? {};
  readyHeaders.set(page, ready);
  const known = ready[encoding];
  if (known) return known;
  const suffix = encoding === "identity" ? "" : `-${encoding}`;
  const headers = {
    ...page.headers,
    ...(page.isKept ? { etag: `"${page.tag}${suffix}"` } : {}),
    ...(encoding === "identity" ? {} : { "content-encoding": encoding }),
    "content-length": String((page.bodies[encoding] ?? page.bodies.identity).length),
  };
  ready[encoding] = headers;
  return headers;
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

function refuse(response: ServerResponse, pathname: string, status: number, sentence: string): void {
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
