import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { requestMarks } from "#lib/auth/demo-door.ts";
import { parseProxies } from "#lib/config/trusted-proxies.ts";
import { createListener, silentServer } from "#server/web/listener.ts";
import { signHostOf } from "#server/web/sign-host.ts";

const open: ReturnType<typeof createListener>[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

test.each([
  ["a form of 256 KiB is taken", "POST /account", `Content-Length: ${256 * 1024}`, "200"],
  ["one byte more is refused before it is read", "POST /account", `Content-Length: ${256 * 1024 + 1}`, "413"],
  ["an imported text may be larger", "POST /drafts/new", `Content-Length: ${1024 * 1024}`, "200"],
  ["but not without end", "POST /drafts/new", `Content-Length: ${2 * 1024 * 1024}`, "413"],
  ["a body of unknown length is refused", "POST /drafts/new", "Transfer-Encoding: chunked", "411"],
  ["a target of another server is refused", "GET http://169.254.169.254/", "X-A: b", "400"],
  ["a target with a control character is refused", "GET /a\tb", "X-A: b", "400"],
  ["an action that no page sent is refused", "POST /account", "Next-Action: 40aa", "403"],
  ["an action of another site is refused", "POST /account", "Next-Action: 40aa\r\nOrigin: https://evil.example", "403"],
  ["an action of ours is taken", "POST /account", "Next-Action: 40aa\r\nOrigin: http://localhost:3000", "200"],
  ["a method that would echo what was sent is refused everywhere", "TRACE /api/v1/charters", "X-A: b", "405"],
  ["a method that no page has is refused", "DELETE /account", "Content-Length: 0", "405"],
  ["what the interface does with a method is left to it", "DELETE /api/v1/charters", "Content-Length: 0", "200"],
  ["a header without end is refused", "GET /", `X-A: ${"a".repeat(20_000)}`, "431"],
])("%s", async (_what, line, header, status) => {
  expect(await ask(`${line} HTTP/1.1\r\nHost: localhost\r\n${header}\r\n\r\n`)).toBe(status);
});

test("a process without pages says so, and answers whether it is alive and ready", async () => {
  const bare = { pages: undefined };
  expect(await ask("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", bare)).toBe("404");
  expect(await ask("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", bare)).toBe("200");
  const draining = { ...bare, isReady: async () => false };
  expect(await ask("GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n", draining)).toBe("503");
});

test.each([
  ["later", () => Promise.reject(new Error("secret detail"))],
  [
    "at once",
    () => {
      throw new Error("secret detail");
    },
  ],
])("a page that breaks %s is answered with a number to report, without what broke", async (_when, pages) => {
  const logged = vi.spyOn(console, "error").mockImplementation(() => {});
  const answer = await askWhole("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", { pages });
  expect(answer).toMatch(/^HTTP\/1\.1 500 [\s\S]*Report it with the number [0-9a-f-]{36}\./);
  expect(answer).not.toContain("secret");
  // The operator reads the rest under the same number.
  const [, id = "none"] = /number ([0-9a-f-]{36})/.exec(answer) ?? [];
  expect(logged.mock.calls.flat().join("\n")).toMatch(new RegExp(`${id}.*secret detail`));
  logged.mockRestore();
});

test("pages count whoever asks by the address that a trusted proxy names, and not all readers as the proxy", async () => {
  const pages: Given["pages"] = async ({ headers }, response) =>
    void response.end(String(headers[requestMarks.client]));
  const request =
    "GET / HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 198.51.100.9, 203.0.113.7\r\nX-Concordat-Client: 198.51.100.9\r\n\r\n";
  expect(await askWhole(request, { pages })).toMatch(/203\.0\.113\.7/);
  const trustedProxies = parseProxies("10.0.0.0/8");
  expect(await askWhole(request, { pages, trustedProxies })).toMatch(/127\.0\.0\.1/);
});

type Given = Partial<Parameters<typeof createListener>[0]>;

test("one listener is two hosts: keys sign on theirs, pages stay on theirs, and neither takes the other's acts", async () => {
  const given = { signHost: signHostOf("http://localhost:3000", "http://sign.localhost:3000") };
  const send = (method: string, host: string, path: string, more = "") =>
    askWhole(`${method} ${path} HTTP/1.1\r\nHost: ${host}\r\n${more}\r\n`, given);
  const action = (origin: string) => `Origin: ${origin}\r\nNext-Action: x\r\nContent-Length: 0\r\n`;
  const sign = "http://sign.localhost:3000";
  expect(await send("GET", "sign.localhost:3000", "/sign/one")).toContain("page");
  expect(await send("GET", "localhost:3000", "/sign/one")).toContain(`location: ${sign}/sign/one`);
  expect(await send("GET", "sign.localhost:3000", "/home")).toContain("location: http://localhost:3000/home");
  expect(await send("POST", "sign.localhost:3000", "/sign/one", action(sign))).toContain("page");
  expect(await send("POST", "sign.localhost:3000", "/sign/one", action("http://localhost:3000"))).toContain(" 403 ");
  expect(await send("POST", "localhost:3000", "/sign/one", action("http://localhost:3000"))).toContain(" 403 ");
  expect(await send("POST", "localhost:3000", "/home", action(sign))).toContain(" 403 ");
  expect(await send("POST", "sign.localhost:3000", "/home", action(sign))).toContain(" 404 ");
});

async function ask(request: string, given: Given = {}): Promise<string> {
  return (await askWhole(request, given)).split(" ", 2)[1] ?? "";
}

/** Sends exactly these bytes, and gives what came back until the end or until the first answer was whole. */
async function askWhole(request: string, given: Given): Promise<string> {
  const server = createListener({
    pages: async (_request, response) => void response.end("page"),
    upgrades: silentServer(),
    isReady: async () => true,
    publicUrl: "http://localhost:3000",
    ...given,
  });
  open.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const socket = connect(address && typeof address === "object" ? address.port : 0, "127.0.0.1");
  socket.write(request);
  let answer = "";
  for await (const chunk of socket) {
    answer += String(chunk);
    if (isWhole(answer)) break;
  }
  socket.destroy();
  return answer;
}

/** Whether the body is there as well, which may come in pieces. */
function isWhole(answer: string): boolean {
  const end = answer.indexOf("\r\n\r\n");
  const length = Number(/^content-length: (\d+)\r$/im.exec(answer)?.[1] ?? 0);
  return end >= 0 && Buffer.byteLength(answer.slice(end + 4)) >= length;
}
