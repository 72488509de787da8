import { createServer, type IncomingMessage, Server, type ServerResponse } from "node:http";
import type { BlockList } from "node:net";
import type { Duplex } from "node:stream";
import { markRequest } from "#lib/auth/demo-door.ts";
import { clientAddress } from "#server/client-address.ts";
import type { SignHost } from "./sign-host.ts";

/** What the one listener hands on. */
export type Doors = {
  /** The pages; undefined in a process without the web role. */
  readonly pages: ((request: IncomingMessage, response: ServerResponse) => Promise<void> | undefined) | undefined;
  /** Where requests to change the protocol are heard; nobody listening means that they are refused. */
  readonly upgrades: Server;
  /** Whether work may be sent here: the database takes work and no drain is under way. */
  readonly isReady: () => Promise<boolean>;
  /** What is counted here, for whoever may read it: undefined for everyone else. */
  readonly metrics?:
    | ((request: IncomingMessage) => Promise<{ contentType: string; text: string }> | undefined)
    | undefined;
  /** Whose word on where a request comes from is taken; this machine's alone when not given. */
  readonly trustedProxies?: BlockList | undefined;
  /** Where keys sign, when that is a host of its own. */
  readonly signHost?: SignHost | undefined;
  /** The address people use. On loopback a browser that comes by number is sent to it, since cookies and passkeys are bound to the name. */
  readonly publicUrl: string;
};

/** The largest body of a request in bytes, and of the two forms that carry a whole text: an import, a text that was kept. */
const bodyBytesMax = 256 * 1024;
const textBytesMax = 1200 * 1024;
const textForm = /^\/drafts\/(?:new|[0-9a-f-]{36}\/edit)$/;
/** The scan of an instrument on paper, which only a depositary hands in. */
const scanBytesMax = 8 * 1024 * 1024;
const scanForm = /^\/drafts\/[0-9a-f-]{36}\/signing\/instrument$/;

/**
 * The one HTTP server of this process. Requests to change the protocol never reach the pages (Next once followed
 * them to addresses of the caller's choosing), and targets that name another server are refused before anything reads them.
 */
export function createListener(doors: Doors): Server {
  const server = createServer({
    requestTimeout: 60_000,
    headersTimeout: 15_000,
    keepAliveTimeout: 10_000,
    // How often the two timeouts above are looked after.
    connectionsCheckingInterval: 5_000,
  });
  const wanted = new URL(doors.publicUrl);
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    // Most answers are kept pages, given before this returns; only the others are waited for.
    try {
      answer(doors, wanted, request, response)?.catch((error: unknown) => fail(response, error));
    } catch (error) {
      fail(response, error);
    }
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    if (!isOriginForm(request)) return refuseUpgrade(socket, "400 Bad Request");
    if (!isRealtime(request) || !doors.upgrades.emit("upgrade", request, socket, head))
      refuseUpgrade(socket, "404 Not Found");
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const status = clientErrors[error.code ?? ""] ?? "400 Bad Request";
    if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
    else socket.destroy();
  });
  return server;
}

const clientErrors: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
};

/** A server that never listens: Next and the realtime part each get one, so that neither adds a listener of its own to ours. */
export function silentServer(): Server {
  return new Server();
}

function answer(
  doors: Doors,
  wanted: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> | undefined {
  if (!isOriginForm(request)) return plain(response, 400, "Bad request.");
  if (!isKnownMethod(request)) {
    response.setHeader("allow", "GET, HEAD, POST");
    return plain(response, 405, "Nothing here answers to this method.");
  }
  markRequest(request.headers, clientAddress(request, doors.trustedProxies));
  const target = request.url ?? "/";
  if (target.startsWith("/healthz") || target.startsWith("/readyz")) {
    const [path] = target.split("?", 1);
    if (path === "/healthz") return plain(response, 200, "ok");
    if (path === "/readyz") return sayReadiness(doors, response);
  }
  if (target === "/metrics") return sayMetrics(doors, request, response);
  if (!doors.pages) return plain(response, 404, "This process serves no pages.");
  const { signHost } = doors;
  const misplaced = signHost?.elsewhere(request);
  if (misplaced && "status" in misplaced) return plain(response, misplaced.status, misplaced.text);
  if (misplaced) return lead(response, misplaced.location);
  const isSigning = signHost?.isAsked(request) === true;
  if (isForeignAction(isSigning ? signHost.origin : wanted.origin, request)) {
    return plain(response, 403, `This must be sent from a page of ${doors.publicUrl}; open it there and try again.`);
  }
  const tooMuch = refusalOfBody(target, request);
  if (tooMuch) {
    // What still comes is not read.
    response.setHeader("connection", "close");
    return plain(response, ...tooMuch);
  }
  const elsewhere = properAddress(wanted, request);
  if (elsewhere) return lead(response, elsewhere);
  return doors.pages(request, response);
}

/** Pages are read and forms are sent; what the interface under /api does not take, it refuses in its own words. */
function isKnownMethod({ method = "", url = "/" }: IncomingMessage): boolean {
  if (method === "TRACE" || method === "CONNECT") return false;
  return url.startsWith("/api/") || ["GET", "HEAD", "POST", "OPTIONS"].includes(method);
}

function lead(response: ServerResponse, location: string): undefined {
  response.writeHead(307, { location, "cache-control": "no-store" }).end();
}

async function sayReadiness(doors: Doors, response: ServerResponse): Promise<void> {
  const isReady = await doors.isReady();
  plain(response, isReady ? 200 : 503, isReady ? "ready" : "not ready");
}

/** Nobody is told that there is something they may not read. */
function sayMetrics(doors: Doors, request: IncomingMessage, response: ServerResponse): Promise<void> | undefined {
  const metrics = doors.metrics?.(request);
  if (!metrics) return plain(response, 404, "There is no such page.");
  return metrics.then(({ contentType, text }) => {
    response.writeHead(200, { "content-type": contentType, "cache-control": "no-store" }).end(text);
  });
}

/** A Server Action that no page of ours sent: without `Origin`, or with another's. Routes that take forms check for themselves. */
function isForeignAction(origin: string, { method, headers }: IncomingMessage): boolean {
  return method === "POST" && headers["next-action"] !== undefined && headers.origin !== origin;
}

/** Judged by what is announced; Node holds the body to it. Browsers always announce, and a stream without end is no form. */
function refusalOfBody(target: string, { headers }: IncomingMessage): [status: number, text: string] | undefined {
  if (headers["transfer-encoding"] !== undefined) return [411, "Say how long the body is."];
  if (headers["content-length"] === undefined) return undefined;
  const path = target.split("?", 1)[0] ?? "/";
  const bytesMax = textForm.test(path) ? textBytesMax : scanForm.test(path) ? scanBytesMax : bodyBytesMax;
  return Number(headers["content-length"]) > bytesMax ? [413, `A body may have ${bytesMax} bytes.`] : undefined;
}

/** The one path that anybody may change the protocol on; a socket that nobody answers would stay open for ever. */
function isRealtime(request: IncomingMessage): boolean {
  return (request.url ?? "").startsWith("/realtime/");
}

/** Only "/path": absolute targets ("GET http://…", also "//host") would make a proxy of us. */
function isOriginForm(request: IncomingMessage): boolean {
  const target = request.url ?? "";
  return target.startsWith("/") && !target.startsWith("//") && !target.startsWith("/\\") && !hasControl(target);
}

function hasControl(target: string): boolean {
  for (let index = 0; index < target.length; index += 1) if (target.charCodeAt(index) <= 0x20) return true;
  return false;
}

function properAddress(wanted: URL, request: IncomingMessage): string | undefined {
  if (wanted.hostname !== "localhost" || request.method !== "GET") return undefined;
  const { host } = request.headers;
  const port = wanted.port || "80";
  const byNumber = host === `127.0.0.1:${port}` || host === `[::1]:${port}`;
  return byNumber && (request.headers.accept ?? "").includes("text/html")
    ? `${wanted.origin}${request.url}`
    : undefined;
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function plain(response: ServerResponse, status: number, text: string): undefined {
  response
    .writeHead(status, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" })
    .end(`${text}\n`);
}

/** What Next did not catch itself: the client gets an id, the log gets the rest. */
function fail(response: ServerResponse, error: unknown): void {
  const id = crypto.randomUUID();
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  console.error(JSON.stringify({ level: "error", id, where: "listener", at: new Date().toISOString(), detail }));
  if (response.headersSent) response.destroy();
  else plain(response, 500, `Something broke. Report it with the number ${id}.`);
}
