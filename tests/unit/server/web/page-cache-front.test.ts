import { createServer, type IncomingHttpHeaders, request, type Server } from "node:http";
import { afterEach, expect, test } from "vitest";
import { PageCache } from "#server/web/page-cache.ts";
import { pageFront } from "#server/web/page-cache-front.ts";
import { type PageHandler, pageLoader } from "#server/web/page-cache-load.ts";
import { scopesOf } from "#server/web/page-cache-paths.ts";
import { RevisionWatch } from "#server/web/page-cache-revisions.ts";

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

const html = `<html><body><p>${"Words of a charter. ".repeat(100)}</p><script>1</script></body></html>`;

test("a reader who has the page is told so, in whatever encoding it came", async () => {
  const site = await serve(html);
  for (const encoding of ["br", "gzip", "identity"]) {
    const first = await site.get("/c/fair", { "accept-encoding": encoding });
    expect(first.headers["content-encoding"]).toBe(encoding === "identity" ? undefined : encoding);
    expect(first.headers.vary).toBe("Accept-Encoding");
    const again = await site.get("/c/fair", { "if-none-match": `W/"x", ${first.headers.etag}` });
    expect(again.status).toBe(304);
    expect(again.headers.etag?.slice(0, 33)).toBe(first.headers.etag?.slice(0, 33));
    expect(again.body.length).toBe(0);
  }
  expect((await site.get("/c/fair", { "if-none-match": '"0123"' })).status).toBe(200);
  expect(site.handled()).toBe(1);
});

test("HEAD answers like GET without the body", async () => {
  const site = await serve(html);
  const full = await site.get("/c/fair");
  const head = await site.get("/c/fair", {}, "HEAD");
  expect(head.status).toBe(200);
  expect(head.headers["content-length"]).toBe(full.headers["content-length"]);
  expect(head.body.length).toBe(0);
});

test("a reader that refuses an encoding does not get it", async () => {
  const site = await serve(html);
  const { headers } = await site.get("/c/fair", { "accept-encoding": "br;q=0, gzip" });
  expect(headers["content-encoding"]).toBe("gzip");
});

test("pages behind the sign-in are never kept and never stripped", async () => {
  const site = await serve(html);
  await site.get("/home");
  const second = await site.get("/home");
  expect(site.handled()).toBe(2);
  expect(second.body.toString()).toContain("<script>");
  expect(second.headers["content-security-policy"]).toBeUndefined();
});

test("a post goes through, and what it changed is on the page right after it", async () => {
  let words = "before";
  const revisions = new Map([["charter/fair", "1"]]);
  const site = await serve(() => words, revisions);
  expect((await site.get("/c/fair")).body.toString()).toBe("before");
  site.onPost(() => {
    words = "after";
    revisions.set("charter/fair", "2");
  });
  await site.get("/sign/1", {}, "POST");
  expect((await site.get("/c/fair")).body.toString()).toBe("after");
});

test("one address that has too many pages made is asked to wait; what is kept it still gets", async () => {
  // Fewer than in the product, and within an hour: a slow machine makes no three hundred pages in ten seconds.
  const most = { points: 30, duration: 3_600 };
  const site = await serve(html, new Map(), most);
  await site.get("/c/fair");
  const others = await Promise.all(
    Array.from({ length: most.points }, (_, at) => site.get(`/api/v1/charters?q=${at}`)),
  );
  const refused = others.filter((answer) => answer.status === 429);
  expect(refused.length).toBe(1);
  expect(refused[0]?.headers["retry-after"]).toBe(String(most.duration));
  expect(refused[0]?.headers["content-type"]).toContain("application/problem+json");
  expect((await site.get("/c/fair")).status).toBe(200);
});

test.each([
  ["/", ["directory"]],
  ["/charters", ["directory"]],
  ["/sitemap.xml", ["directory"]],
  ["/c/fair", ["charter/fair"]],
  ["/c/fair/v/2/text.md", ["charter/fair"]],
  ["/c/fair/share.png", ["charter/fair"]],
  ["/o/northlight", ["organization/northlight", "directory"]],
  ["/api/v1/charters/fair/clauses/abcdefghijkl/history", ["charter/fair"]],
  ["/api/v1/nonsense", []],
  ["/c/NOT-A-SLUG", []],
  ["/home", undefined],
  ["/verify/concordat.mjs", undefined],
  ["/cabinet", undefined],
])("%s depends on %j", (path, expected) => {
  expect(scopesOf(path)).toEqual(expected);
});

/** A listener with the page cache in front of pages that always answer `body`. */
async function serve(
  body: string | (() => string),
  revisions: ReadonlyMap<string, string> = new Map(),
  most?: Parameters<typeof pageFront>[2],
) {
  let handled = 0;
  let onPost = () => {};
  const handle: PageHandler = async (incoming, response) => {
    if (incoming.method === "POST") onPost();
    handled += 1;
    response
      .writeHead(200, { "content-type": "text/html; charset=utf-8" })
      .end(typeof body === "string" ? body : body());
  };
  const cache = new PageCache({
    load: pageLoader(handle, "http://localhost"),
    revisions: new RevisionWatch(async () => new Map(revisions)),
  });
  const front = pageFront(handle, cache, most);
  const server = createServer((incoming, response) => {
    front(incoming, response)?.catch(() => response.destroy());
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    handled: () => handled,
    onPost: (work: () => void) => {
      onPost = work;
    },
    get: (path: string, headers: Record<string, string> = {}, method = "GET") => ask(port, path, headers, method),
  };
}

type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: Buffer };

async function ask(port: number, path: string, headers: Record<string, string>, method: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "127.0.0.1", port, path, headers, method }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}
