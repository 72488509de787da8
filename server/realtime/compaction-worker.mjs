// @ts-check
/**
 * The thread that makes one state of many updates, beside the thread that serves people. In: a state to start from and the updates after it.
 * Out: the state, once it was loaded again and found to hold the same.
 */
import { createHash } from "node:crypto";
import { parentPort } from "node:worker_threads";
import * as Y from "yjs";

parentPort?.on("message", ({ id, snapshot, updates }) => {
  try {
    const doc = load([...(snapshot ? [snapshot] : []), ...updates]);
    const state = Y.encodeStateAsUpdate(doc);
    const copy = load([state]);
    if (!contentHash(doc).equals(contentHash(copy)))
      throw new Error("The state does not read as the text it was made of.");
    parentPort?.postMessage({ id, answer: state });
  } catch (error) {
    parentPort?.postMessage({ id, failure: error instanceof Error ? error.message : String(error) });
  }
});

/** @param {readonly Uint8Array[]} updates */
function load(updates) {
  const doc = new Y.Doc({ gc: false });
  doc.transact(() => {
    for (const update of updates) Y.applyUpdate(doc, update);
  });
  if (doc.store.pendingStructs || doc.store.pendingDs) throw new Error("The updates do not follow one another.");
  return doc;
}

/** Over the words, the clocks and the deletions. @param {Y.Doc} doc */
function contentHash(doc) {
  const words = doc.getXmlFragment("charter").toString();
  return createHash("sha256")
    .update(words)
    .update(Y.encodeSnapshot(Y.snapshot(doc)))
    .digest();
}
