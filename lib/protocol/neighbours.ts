import * as Y from "yjs";

/**
 * Whether `wanted` is `end` or stands before it in what Yjs may keep as one piece: each unit of one client behind the one before it. An item with such a left
 * (`end`) and right (`wanted`) neighbour stands elsewhere in a copy that has them in one piece than in one that has them in two.
 *
 * @param itemAt the item that holds a unit; undefined where there is none.
 */
export function isInOnePiece(wanted: Y.ID, end: Y.ID, itemAt: (id: Y.ID) => Y.Item | undefined): boolean {
  if (wanted.client !== end.client || wanted.clock > end.clock) return false;
  for (let at = end; ; ) {
    const piece = itemAt(at);
    if (!piece) return false;
    if (wanted.clock >= piece.id.clock) return true;
    const { origin } = piece;
    if (origin?.client !== end.client || origin.clock !== piece.id.clock - 1) return false;
    at = origin;
  }
}

/**
 * Sees to it that a copy sends and keeps what it writes in the form that the room will have: the right neighbour of a new item is struck out where Yjs reads it in
 * two ways, as an undo of an undo beside another's words writes it. Without this the room strikes it out on its own, and the copy that this device kept would
 * show the words elsewhere when it is opened again. Items stand where they stand in this copy. To be called before anything listens for updates.
 */
export function settleOwnNeighbours(doc: Y.Doc): void {
  const itemAt = (id: Y.ID) => {
    const struct = Y.getItem(doc.store, id);
    return struct instanceof Y.Item ? struct : undefined;
  };
  doc.on("beforeObserverCalls", ({ local, beforeState }) => {
    if (!local) return;
    const own = doc.store.clients.get(doc.clientID) ?? [];
    const from = beforeState.get(doc.clientID) ?? 0;
    for (let at = own.length - 1; at >= 0; at -= 1) {
      const item = own[at];
      if (!item || item.id.clock < from) break;
      if (!(item instanceof Y.Item) || !item.origin || !item.rightOrigin) continue;
      if (isInOnePiece(item.rightOrigin, item.origin, itemAt)) item.rightOrigin = null;
    }
  });
}
