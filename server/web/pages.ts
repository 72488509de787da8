import type { IncomingMessage, ServerResponse } from "node:http";
import next from "next";
import { silentServer } from "./listener.ts";

/** The pages, ready to answer. */
export type Pages = {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  close(): Promise<void>;
};

/**
 * Loads the built pages. The address must be known to next-auth before (`tellNextAuth`): it is read once, on import.
 *
 * @throws {Error} when there is no build.
 */
export async function openPages(hostname: string, port: number): Promise<Pages> {
  // At its first request Next adds an `upgrade` listener of its own to the server it is given; this one never hears any.
  const app = next({ dev: false, dir: process.cwd(), hostname, port, httpServer: silentServer() });
  await app.prepare();
  const handle = app.getRequestHandler();
  return { handle: (request, response) => handle(request, response), close: () => app.close() };
}
