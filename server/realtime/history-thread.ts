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

/** One piece at a time: it computes, so that several would share one core, and none of them might end before its transaction is given up. */
const connections = 2;
const scribe = scribeOn(openStore(databaseUrl, connections).db);
let turn: Promise<void> = Promise.resolve();

parentPort?.on("message", (message: unknown) => {
  turn = turn.then(() => answer(message));
});

async function answer(message: unknown): Promise<void> {
  const { id, ...wanted } = Question.parse(message);
  try {
    parentPort?.postMessage({ id, answer: await scribe(wanted) });
  } catch (error) {
    parentPort?.postMessage({ id, failure: error instanceof Error ? error.message : String(error) });
  }
}
