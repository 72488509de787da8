import * as Y from "yjs";

/** Words of one's own in one place, with the clause they were written in; null when that is unknown. */
export type OwnWords = { readonly clauseId: string | null; readonly heading: string; readonly text: string };

/**
 * The words that were placed under some Yjs clients from a clock on: what an author would lose with a copy that the server no
 * longer takes. Words that the author deleted again are left out; words in a place that somebody else deleted are kept,
 * as far as the document still has them (it must be made with `gc: false`).
 *
 * @param from first clock per client that is not known to be stored.
 */
export function ownWords(doc: Y.Doc, from: ReadonlyMap<number, number>): OwnWords[] {
  const texts = new Set<Y.XmlText>();
  for (const [client, clock] of from) {
    for (const struct of doc.store.clients.get(client) ?? []) {
      if (struct.id.clock + struct.length <= clock || !(struct instanceof Y.Item)) continue;
      if (struct.content instanceof Y.ContentString && struct.parent instanceof Y.XmlText) texts.add(struct.parent);
    }
  }
  return [...texts].flatMap((text) => {
    const words = wordsIn(text, from);
    return words.trim() === "" ? [] : [{ ...placeOf(text), text: words }];
  });
}

function wordsIn(text: Y.XmlText, from: ReadonlyMap<number, number>): string {
  const isGone = hasDeletedAncestor(text);
  let all = "";
  const own: boolean[] = [];
  for (let item = text._start; item; item = item.right) {
    if (!(item.content instanceof Y.ContentString) || (item.deleted && !isGone)) continue;
    const clock = from.get(item.id.client) ?? Number.POSITIVE_INFINITY;
    // A stretch may have begun before the first clock; only its end is new.
    for (let at = 0; at < item.length; at += 1) own.push(item.id.clock + at >= clock);
    all += item.content.str;
  }
  return asTyped(all, runsOf(own))
    .map(({ start, end }) => all.slice(start, end))
    .join(" … ");
}

type Stretch = { readonly start: number; readonly end: number };

function runsOf(own: readonly boolean[]): Stretch[] {
  const runs: Stretch[] = [];
  for (let start = own.indexOf(true); start >= 0; ) {
    const next = own.indexOf(false, start);
    const end = next < 0 ? own.length : next;
    runs.push({ start, end });
    start = own.indexOf(true, end);
  }
  return runs;
}

/**
 * Stretches where their author typed them. The editor tells Yjs the difference of two texts, and a "w" typed before "word"
 * is stored behind the w that was there: both read the same, but the author's own words would come out of order. So a
 * stretch goes left over equal letters until it meets the one before it, or else the beginning of a word.
 */
function asTyped(all: string, runs: readonly Stretch[]): Stretch[] {
  const typed: Stretch[] = [];
  for (const run of runs) {
    const before = typed.at(-1);
    const floor = before?.end ?? 0;
    let steps = 0;
    while (run.start - steps > floor && all[run.start - steps - 1] === all[run.end - steps - 1]) steps += 1;
    if (before && run.start - steps === floor) {
      typed[typed.length - 1] = { start: before.start, end: run.end - steps };
      continue;
    }
    const shifts = Array.from({ length: steps + 1 }, (_, at) => at);
    const whole = shifts.find((by) => isBetweenWords(all, run.start - by) && isBetweenWords(all, run.end - by));
    const shift = whole ?? shifts.find((by) => isBetweenWords(all, run.start - by)) ?? 0;
    typed.push({ start: run.start - shift, end: run.end - shift });
  }
  return typed;
}

function isBetweenWords(all: string, at: number): boolean {
  return at === 0 || at === all.length || /\s/.test(all[at - 1] ?? "") || /\s/.test(all[at] ?? "");
}

function hasDeletedAncestor(type: Y.XmlText): boolean {
  return itemsAround(type).some((item) => item.deleted);
}

/** What a text stands in, from the inside out. */
function itemsAround(type: Y.XmlText): Y.Item[] {
  const around: Y.Item[] = [];
  let item = type._item;
  while (item) {
    around.push(item);
    const { parent }: Y.Item = item;
    // Not in the head of a loop: there the bundler of the pages once left the name of the module as it stands here.
    item = parent instanceof Y.AbstractType ? parent._item : null;
  }
  return around;
}

function placeOf(text: Y.XmlText): { clauseId: string | null; heading: string } {
  for (const item of itemsAround(text)) {
    const type = item.content instanceof Y.ContentType ? item.content.type : undefined;
    if (!(type instanceof Y.XmlElement) || type.nodeName !== "clause") continue;
    const stored = type._map.get("id")?.content;
    const id: unknown = stored instanceof Y.ContentAny ? stored.arr[0] : null;
    const heading = type.toArray().find((child) => child instanceof Y.XmlElement && child.nodeName === "clauseHeading");
    return {
      clauseId: typeof id === "string" ? id : null,
      heading: heading instanceof Y.XmlElement ? headingText(heading) : "",
    };
  }
  return { clauseId: null, heading: "" };
}

function headingText(heading: Y.XmlElement): string {
  return heading
    .toArray()
    .map((child) => (child instanceof Y.XmlText ? String(child.toJSON()) : ""))
    .join("");
}
