import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { Duplex } from "node:stream";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Page } from "./page-cache.ts";

/** What public pages may load: no script at all, and nothing from elsewhere. */
export const publicCsp =
  "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/** The headers of a loaded answer that go on to readers; everything else, cookies above all, stays here. */
const headersPassed = [
  "content-type",
  "content-disposition",
  "location",
  "allow",
  "retry-after",
  "x-content-type-options",
  "x-frame-options",
  "referrer-policy",
  "cross-origin-opener-policy",
  "permissions-policy",
  "access-control-allow-origin",
  "access-control-expose-headers",
  "content-language",
];

/** How an answer is given; nothing comes back where it is given at once. */
export type PageHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void> | undefined;

/**
 * Loads addresses from the pages with a request of our own: no cookie, no header and no address of a reader goes in, so
 * nothing of one reader can show up in what all others get.
 */
export function pageLoader(handle: PageHandler, publicUrl: string): (address: string) => Promise<Page> {
  const { host, protocol } = new URL(publicUrl);
  const inner = createServer((incoming, response) => {
    handle(incoming, response)?.catch((error: unknown) => {
      console.error(
        JSON.stringify({ level: "error", where: "page", at: new Date().toISOString(), detail: String(error) }),
      );
      response.destroy();
    });
  });
  const ask = async (address: string): Promise<Answer> => {
    const [near, far] = duplexPair();
    inner.emit("connection", far);
    try {
      return await answerOf(
        request({
          method: "GET",
          path: address,
          headers: { host, accept: "*/*", "x-forwarded-proto": protocol.slice(0, -1), connection: "close" },
          createConnection: () => near,
        }),
      );
    } finally {
      near.destroy();
      far.destroy();
    }
  };
  return async (address) => {
    const answer = await ask(address);
    // Whatever the reason for which a page shows nothing, the answer is, to the byte, that of an address nobody thought
    // of. Next's own would also be empty without JavaScript.
    return packed(answer.status === 404 && isHtml(answer) ? await ask(nowhere) : answer);
  };
}

/** An address that no page answers. */
export const nowhere = "/nowhere";

function isHtml({ headers }: Answer): boolean {
  return (headers["content-type"] ?? "").startsWith("text/html");
}

type Answer = { readonly status: number; readonly headers: IncomingMessage["headers"]; readonly body: Buffer };

async function answerOf(outgoing: ReturnType<typeof request>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    outgoing.on("error", reject);
    outgoing.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 500, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    outgoing.end();
  });
}

/** Makes of an answer what readers get: stripped, tagged and compressed once. */
async function packed(answer: Answer): Promise<Page> {
  const { status: given, headers, body: raw } = answer;
  const type = headers["content-type"] ?? "";
  const html = isHtml(answer) ? withoutScripts(raw.toString("utf8")) : undefined;
  const body = html === undefined ? raw : Buffer.from(html);
  // A page cannot set a status itself; it marks the notice that says why the question was refused.
  const status = given === 200 && html?.includes('data-http-status="400"') ? 400 : given;
  const isKept = status === 200;
  const passed: Record<string, string> = {};
  for (const name of headersPassed) {
    const value = headers[name];
    if (typeof value === "string") passed[name] = value;
  }
  return {
    status,
    headers: {
      ...passed,
      ...(html === undefined ? {} : { "content-security-policy": publicCsp }),
      "cache-control": isKept ? "public, max-age=0, must-revalidate" : "no-store",
      vary: "Accept-Encoding",
    },
    bodies: { identity: body, ...(isCompressible(type, body) ? await compressed(body) : {}) },
    tag: createHash("sha256").update(body).digest("hex").slice(0, 32),
    isKept,
  };
}

/**
 * A page without what only JavaScript needs. React escapes every `<` of text and attributes and Next those of its own
 * scripts, so a tag found here is a tag; structured data for search engines is no script and stays.
 */
export function withoutScripts(html: string): string {
  return (
    html
      .replace(/<script\b([^>]*)>[\s\S]*?<\/script>/g, (whole, attributes: string) =>
        /\btype="application\/ld\+json"/.test(attributes) ? whole : "",
      )
      .replace(/<link\b[^>]*>/g, (whole) => (/\bas="script"|\brel="modulepreload"/.test(whole) ? "" : whole))
      // A nonce is new with every load: it would give the same page another entity tag each time.
      .replace(/(<[a-z][^<>]*?) nonce="[^"]*"/g, "$1")
  );
}

function isCompressible(type: string, body: Buffer): boolean {
  return body.length > 512 && /^(?:text\/|application\/(?:[\w.-]+\+)?(?:json|xml))/.test(type);
}

const gzipAsync = promisify(gzip);
const brotliAsync = promisify(brotliCompress);

async function compressed(body: Buffer): Promise<{ gzip: Buffer; br: Buffer }> {
  const [small, smaller] = await Promise.all([
    gzipAsync(body, { level: 7 }),
    brotliAsync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  ]);
  return { gzip: small, br: smaller };
}

/** Two ends of a pipe: what is written into one is read from the other. */
function duplexPair(): [Duplex, Duplex] {
  const ends: Duplex[] = [];
  const end = (other: number): Duplex => {
    let waiting: (() => void) | undefined;
    let isOver = false;
    const one: Duplex = new Duplex({
      read() {
        const resume = waiting;
        waiting = undefined;
        resume?.();
      },
      write(chunk, _encoding, done) {
        ends[other]?.emit("pass", chunk, done);
      },
      final(done) {
        ends[other]?.emit("over");
        done();
      },
      // An end that breaks off is the end for the other one too: what was half said is then noticed.
      destroy(error, done) {
        ends[other]?.emit("over");
        done(error);
      },
    });
    one.on("over", () => {
      if (!isOver) one.push(null);
      isOver = true;
    });
    one.on("pass", (chunk: Buffer, done: () => void) => {
      // The writer is told to go on only when this end wants more, so that a large export does not pile up.
      if (isOver || one.push(chunk)) done();
      else waiting = done;
    });
    return one;
  };
  const near = end(1);
  const far = end(0);
  ends.push(near, far);
  return [near, far];
}
