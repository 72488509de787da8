import { resolve } from "node:path";
import { z } from "zod";
import { shareScribe } from "#lib/commands/record-revisions.ts";
import type { House, Part } from "../house.ts";
import { Thread } from "./thread.ts";

/** Bundled, it lies beside the server. */
const historyThread = resolve("dist", "server", "realtime", "history-thread.js");

const Piece = z.object({ count: z.number(), isWhole: z.boolean() });

/**
 * Gives this process a scribe, for drafting rooms and for pages: a thread, started with the first history, on a store of its own. It is asked for a piece
 * at a time, so that it says something every few seconds however far behind a history is.
 */
export function startHistories({ databaseUrl }: Pick<House, "databaseUrl">): Part {
  const thread = new Thread(historyThread, { databaseUrl });
  shareScribe(async ({ roomId, now }) => Piece.parse(await thread.ask({ roomId, now })));
  return { drain: () => thread.close() };
}
