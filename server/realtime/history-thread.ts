import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import { scribeOn } from "#lib/commands/record-revisions.ts";
import { openStore } from "#lib/data/store.ts";

/**
 * The thread that writes the histories of rooms: it reads their logs, finds out who wrote and placed each word, and stores the revisions. In: a room's id
 * and the date. Out: the piece that was written. It holds nothing that the log does not: one that dies is started again and makes up for it.
 */
const { databaseUrl } = z.object({ databaseUrl: z.string() }).parse(workerData);
const Question = z.object({ id: z.number(), roomId: z.string(), now: z.date() });

/** All rooms at once are written only when the server is about to stop. */
const connections = 4;
const scribe = scribeOn(openStore(databaseUrl, connections).db);

parentPort?.on("message", async (message: unknown) => {
  const { id, ...wanted } = Question.parse(message);
  try {
    parentPort?.postMessage({ id, answer: await scribe(wanted) });
  } catch (error) {
    parentPort?.postMessage({ id, failure: error instanceof Error ? error.message : String(error) });
  }
});
