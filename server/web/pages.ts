import type { IncomingMessage, ServerResponse } from "node:http";
import next from "next";
import { PHASE_PRODUCTION_SERVER } from "next/constants.js";
import loadConfig from "next/dist/server/config.js";
import { silentServer } from "./listener.ts";

/** The pages, ready to answer. */
export type Pages = {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  close(): Promise<void>;
};

// It is CommonJS: Node's own import gives the module, a bundler's the function.
const readConfig = "default" in loadConfig ? (loadConfig.default as typeof loadConfig) : loadConfig;

/**
 * Loads the built pages. The address must be known to next-auth before (`tellNextAuth`): it is read once, on import.
 *
 * @throws {Error} when there is no build.
 */
export async function openPages(hostname: string, port: number): Promise<Pages> {
  // Read here first, without a word: otherwise Next tells the operator how long that took.
  await readConfig(PHASE_PRODUCTION_SERVER, process.cwd());
  // At its first request Next adds an `upgrade` listener of its own to the server it is given; this one never hears any.
  const app = next({ dev: false, dir: process.cwd(), hostname, port, httpServer: silentServer() });
  await app.prepare();
  const handle = app.getRequestHandler();
  return { handle: (request, response) => handle(request, response), close: () => app.close() };
}
