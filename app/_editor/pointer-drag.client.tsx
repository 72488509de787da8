"use client";

/** How near the edge of the window, in pixels, a drag begins to scroll it, and how far per frame. */
const edgePixels = 60;
const scrollPixels = 14;

/**
 * Lets a pointer carry one row of a list to another place; a line shows where it would go. Escape takes it back.
 * `rows` are read at every movement, so that a list which changes meanwhile is no harm. `onDrop` gets the place
 * before which the row was dropped, from 0 to the number of rows.
 */
export function trackDrag(
  event: PointerEvent,
  rows: () => readonly HTMLElement[],
  onDrop: (index: number) => void,
): void {
  event.preventDefault();
  const line = document.createElement("div");
  line.className = "drag-line";
  line.setAttribute("aria-hidden", "true");
  const ending = new AbortController();
  const { signal } = ending;
  let index: number | undefined;
  const follow = (move: PointerEvent) => {
    if (index === undefined && Math.hypot(move.clientX - event.clientX, move.clientY - event.clientY) < 4) return;
    if (index === undefined) document.body.append(line);
    if (move.clientY < edgePixels) window.scrollBy(0, -scrollPixels);
    if (move.clientY > window.innerHeight - edgePixels) window.scrollBy(0, scrollPixels);
    const boxes = rows().map((row) => row.getBoundingClientRect());
    const found = boxes.findIndex((box) => move.clientY < box.top + box.height / 2);
    index = found < 0 ? boxes.length : found;
    const box = boxes[Math.min(index, boxes.length - 1)];
    if (!box) return;
    const top = index === boxes.length ? box.bottom : box.top;
    line.style.cssText = `left:${box.left}px;width:${box.width}px;top:${top}px`;
  };
  const end = (drop: boolean) => {
    ending.abort();
    line.remove();
    if (drop && index !== undefined) onDrop(index);
  };
  window.addEventListener("pointermove", follow, { signal });
  window.addEventListener("pointerup", () => end(true), { signal });
  window.addEventListener("pointercancel", () => end(false), { signal });
  window.addEventListener("keydown", (key) => key.key === "Escape" && end(false), { signal, capture: true });
}
