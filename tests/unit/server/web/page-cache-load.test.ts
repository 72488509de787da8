import type { IncomingMessage } from "node:http";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { type PageHandler, pageLoader, publicCsp, withoutScripts } from "#server/web/page-cache-load.ts";

const origin = "https://charters.example.org";

test("scripts and their preloads go, structured data and styles stay", () => {
  const html = [
    '<link rel="preload" as="script" href="/a.js"/><link rel="stylesheet" href="/a.css" nonce="aB+/="/>',
    '<link rel="modulepreload" href="/b.js"/><script src="/a.js" async=""></script>',
    '<script>self.__next_f.push([1,"\\u003c/script>"])</script><script id="x">1\n2</script>',
    '<script type="application/ld+json">{"name":"\\u003cscript>"}</script><p>&lt;script&gt;</p>',
  ].join("");
  expect(withoutScripts(html)).toBe(
    '<link rel="stylesheet" href="/a.css"/><script type="application/ld+json">{"name":"\\u003cscript>"}</script><p>&lt;script&gt;</p>',
  );
});

test("nothing of a reader goes into a load, and no cookie comes out of it", async () => {
  let seen: IncomingMessage["headers"] = {};
  const load = pageLoader(async (request, response) => {
    seen = request.headers;
    response.writeHead(200, { "content-type": "text/html", "set-cookie": "a=b", vary: "Cookie", link: "</x>" });
    response.end("<p>Hello</p>");
  }, origin);
  const page = await load("/charters?q=a");
  expect(Object.keys(seen).sort()).toEqual(["accept", "connection", "host", "x-forwarded-proto"]);
  expect(seen.host).toBe("charters.example.org");
  expect(page.headers).toEqual({
    "content-type": "text/html",
    "content-security-policy": publicCsp,
    "cache-control": "public, max-age=0, must-revalidate",
    vary: "Accept-Encoding",
  });
});

test("a large answer comes through whole, plain and in both encodings", async () => {
  const text = "A clause of many words, said again. ".repeat(100_000);
  const load = pageLoader(async (_request, response) => {
    response.writeHead(200, { "content-type": "text/csv" });
    for (let at = 0; at < text.length; at += 10_000) response.write(text.slice(at, at + 10_000));
    response.end();
  }, origin);
  const { bodies, isKept } = await load("/c/fair/signatories.csv");
  expect(isKept).toBe(true);
  expect(bodies.identity.toString()).toBe(text);
  expect(gunzipSync(bodies.gzip ?? "").toString()).toBe(text);
  expect(brotliDecompressSync(bodies.br ?? "").toString()).toBe(text);
});

test.each([
  ["a page that says why a query was refused is a 400", 200, '<div data-http-status="400">No</div>', 400],
  ["words of a charter cannot make their page a 400", 200, "<p>data-http-status=&quot;400&quot;</p>", 200],
  ["what is not found stays not found", 404, "<p>Nothing</p>", 404],
])("%s", async (_name, given, html, expected) => {
  const load = pageLoader(async (_request, response) => {
    response.writeHead(given, { "content-type": "text/html" }).end(html);
  }, origin);
  const page = await load("/");
  expect(page.status).toBe(expected);
  expect(page.isKept).toBe(expected === 200);
  expect(page.headers["cache-control"]).toBe(expected === 200 ? "public, max-age=0, must-revalidate" : "no-store");
});

test("a page that breaks off is a failed load", async () => {
  const broken: PageHandler = async (_request, response) => {
    response.writeHead(200, { "content-type": "text/html", "content-length": "100" });
    response.write("half");
    response.destroy();
  };
  await expect(pageLoader(broken, origin)("/")).rejects.toThrow();
});
