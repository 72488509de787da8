import { type Author, type Claim, edge, type Passage, type Token, WordRows } from "./word-rows.ts";

/**
 * Who wrote each word of a text, computed on its words. The rules, which PROTOCOL.md ("Who wrote this") gives in prose:
 *
 * 1. A word that nobody touched keeps its first author and the one who last placed it. A change of a letter makes it
 *    another word, of the one who changed it; a change of case does not.
 * 2. A word that is placed (typed, pasted, split off, moved, brought back) was last placed by the one who did it.
 * 3. It is given back to its first author when it is one of `givenBack` words in a row, the edges of paragraphs
 *    counted, as they stood before it vanished: from the same clause at any time, or from any clause just now.
 * 4. Else it is its first author's of whom `copied` words in a row stand or stood anywhere in the text.
 * 5. Else it is the word of the one who placed it.
 */

/**
 * A word where it stands. `word` is as `wordsIn` gives it, `isFirst` says that a paragraph begins with it. Equal places,
 * at two times, mean that nobody touched its first letter; a place below 0 is of words that the text makes by itself (a
 * reference's number) and that may change with nobody's doing; undefined where no place is known.
 */
export type PlacedWord = { readonly word: string; readonly isFirst: boolean; readonly place: number | undefined };

/** Who wrote a word first and who last placed it; null where that is not recorded. */
export type Credit = { readonly first: Author | null; readonly last: Author | null };

/** A word with its authors. */
export type AuthoredWord = PlacedWord & { readonly credit: Credit };

/** A word that vanished (`isGone`) or stood beside one that did; the edge of a paragraph is "". */
export type Trace = { readonly word: string; readonly isGone: boolean; readonly credit: Credit };

/** Words that vanished from a clause in one go, with up to three neighbours on each side. */
export type GoneWords = { readonly clauseId: string; readonly traces: readonly Trace[] };

/** This many words in a row, edges of paragraphs counted, give vanished words back to their first author. */
const givenBack = 3;

/** This many words in a row, edges of paragraphs counted, make a copy of what stands or stood elsewhere. */
const copied = 6;

/** What is remembered of vanished words within one computation, in words; what vanished first is forgotten first. */
const goneMax = 50_000;

/** What is looked at of newly placed words within one computation; beyond it they are the words of who placed them. */
const arrivedMax = 400_000;

type Word = PlacedWord & { readonly credit: Claim };

/**
 * The authors of all words of a text, carried from one state to the next: what stood before, then `place` for each step
 * that one person made, in order, then `settle`.
 */
export class WordAuthors {
  readonly #before: ReadonlyMap<string, readonly AuthoredWord[]>;
  /** What the first step of all put there: it can be of nobody else, and is what stood before for all that follows. */
  readonly #blank = new Map<string, readonly Word[]>();
  /** The clauses that were touched, as they read now. */
  readonly #now = new Map<string, readonly Word[]>();
  readonly #touched = new Set<string>();
  readonly #remembered: readonly Passage[];
  /** Every row of words that a step made, as it read behind the step. */
  readonly #arrived: Passage[] = [];
  readonly #gone: Passage[] = [];
  readonly #claims = new Map<Credit, Claim>();
  #arrivedCount = 0;
  #goneCount = 0;
  #step = 0;

  /** @param remembered what vanished earlier, oldest first. */
  constructor(standing: ReadonlyMap<string, readonly AuthoredWord[]>, remembered: readonly GoneWords[]) {
    this.#before = standing;
    this.#remembered = remembered.map(({ clauseId, traces }) => ({
      clauseId,
      tokens: traces.map(({ word, isGone, credit }) => ({ word, isGone, credit: this.#settled(credit) })),
    }));
  }

  /**
   * One step of one person: the clauses they touched, as they read behind it; null for one that is gone. In a step that
   * only `continues` a text (a new room for it), a clause that reads as before keeps all its authors.
   */
  place(
    actor: Author | null,
    clauses: ReadonlyMap<string, readonly PlacedWord[] | null>,
    { continues = false }: { readonly continues?: boolean } = {},
  ): void {
    const isBlank = this.#step === 0 && this.#before.size === 0 && this.#remembered.length === 0;
    this.#step += 1;
    const claim = (): Claim => ({ first: actor, last: actor, step: this.#step, isOpen: !isBlank });
    for (const [id, words] of clauses) {
      const prior = this.#wordsOf(id);
      this.#touched.add(id);
      this.#now.delete(id);
      if (!words) {
        this.#noteGone(id, prior, () => true);
      } else if (continues && isSame(prior, words)) {
        this.#now.set(
          id,
          words.map((word, at) => ({ ...word, credit: prior[at]?.credit ?? claim() })),
        );
      } else {
        const { next, isMade, isGone } = carry(prior, words, actor, claim);
        this.#now.set(id, next);
        this.#noteGone(id, prior, (at) => isGone[at] === true);
        if (isBlank) this.#blank.set(id, next);
        else this.#noteArrivals(id, next, isMade);
      }
    }
  }

  /** The words of every clause that a step touched and that still stands, with their authors, and what vanished. */
  settle(): { readonly wordings: Map<string, readonly AuthoredWord[]>; readonly gone: readonly GoneWords[] } {
    this.#giveCredit();
    return {
      wordings: new Map([...this.#now].filter(([id]) => this.#touched.has(id))),
      gone: this.#gone.map(({ clauseId, tokens }) => ({ clauseId, traces: tokens })),
    };
  }

  /** Words placed earlier come first: what a word is credited by is settled then. */
  #giveCredit(): void {
    const open = this.#arrived.filter(({ tokens }) => tokens.some((one) => one.credit.isOpen));
    // Where a paragraph was split or joined, the words still stand in a row, but for its edge.
    const passages = [...open, ...open.map(withoutEdges)];
    const words = passages.flatMap((passage) =>
      passage.tokens.flatMap((one, at) => (one.credit.isOpen ? [{ passage, at, claim: one.credit }] : [])),
    );
    words.sort((left, right) => left.claim.step - right.claim.step);
    const near = this.#near(passages);
    let far: WordRows | undefined;
    for (const { passage, at, claim } of words) {
      if (!claim.isOpen) continue;
      let source = near.find(passage, at);
      if (!source && passage.tokens.length >= copied) {
        far ??= this.#far(passages);
        source = far.find(passage, at);
      }
      if (!source) continue;
      claim.first = source.first;
      claim.isOpen = false;
    }
  }

  #near(open: readonly Passage[]): WordRows {
    const near = new WordRows(givenBack, open);
    const isGone = (one: Token) => one.isGone;
    for (const one of this.#remembered.flatMap(bothWays)) near.add(one.tokens, one.clauseId, isGone);
    for (const one of this.#gone.flatMap(bothWays)) near.add(one.tokens, null, isGone);
    return near;
  }

  #far(open: readonly Passage[]): WordRows {
    const far = new WordRows(copied, open);
    for (const words of this.#before.values()) far.addWords(words, (credit) => this.#settled(credit));
    for (const words of this.#blank.values()) far.addWords(words, (credit) => credit);
    for (const { tokens } of [...this.#remembered, ...this.#gone, ...this.#arrived]) far.add(tokens, null);
    return far;
  }

  #wordsOf(id: string): readonly Word[] {
    if (this.#touched.has(id)) return this.#now.get(id) ?? [];
    return (this.#before.get(id) ?? []).map(({ word, isFirst, place, credit }) => ({
      word,
      isFirst,
      place,
      credit: this.#settled(credit),
    }));
  }

  /** Credits that were one stay one. */
  #settled(credit: Credit): Claim {
    let claim = this.#claims.get(credit);
    if (!claim) {
      claim = { first: credit.first, last: credit.last, step: 0, isOpen: false };
      this.#claims.set(credit, claim);
    }
    return claim;
  }

  /** Takes up every row that the step made: around new words, and where words vanished or a paragraph began or ended. */
  #noteArrivals(clauseId: string, words: readonly Word[], isMade: readonly boolean[]): void {
    if (!isMade.includes(true)) return;
    const marks = words.flatMap(({ isFirst }, at) => (isFirst ? [false, isMade[at]] : [isMade[at]]));
    for (const tokens of windows(tokensOf(words), copied - 1, (at) => marks[at] === true)) {
      this.#arrivedCount += tokens.length;
      if (this.#arrivedCount <= arrivedMax) this.#arrived.push({ clauseId, tokens });
    }
  }

  #noteGone(clauseId: string, prior: readonly Word[], isGone: (at: number) => boolean): void {
    if (!prior.some((_word, at) => isGone(at))) return;
    const traces = tokensOf(prior, isGone);
    for (const tokens of windows(traces, givenBack, (at) => traces[at]?.isGone === true)) {
      this.#gone.push({ clauseId, tokens });
      this.#goneCount += tokens.length;
    }
    while (this.#goneCount > goneMax) this.#goneCount -= this.#gone.shift()?.tokens.length ?? this.#goneCount;
  }
}

/**
 * The words of a clause behind a step: those left where they stood keep their authors. `isMade` marks words that are new
 * or have other neighbours than before, `isGone` those of the earlier wording that vanished.
 */
function carry(prior: readonly Word[], words: readonly PlacedWord[], actor: Author | null, claim: () => Claim) {
  const isGone = prior.map(() => true);
  const isMade: boolean[] = [];
  let places: Map<number | undefined, number> | undefined;
  let before = -1;
  const next = words.map((word, at): Word => {
    let held = before + 1;
    if (word.place === undefined || prior[held]?.place !== word.place) {
      places ??= new Map(prior.map((one, index) => [one.place, index]));
      held = word.place === undefined ? -1 : (places.get(word.place) ?? -1);
    }
    const old = prior[held];
    const isUntouched = old !== undefined && (old.word === word.word || (word.place ?? 0) < 0);
    // Somebody in the midst of typing a word leaves no trace of its halves.
    const isUnfinished = old !== undefined && old.credit.step > 0 && isSameAuthor(old.credit.first, actor);
    if (isUntouched || isUnfinished) isGone[held] = false;
    isMade[at] = !isUntouched || held !== before + 1 || old.isFirst !== word.isFirst;
    if (old) before = held;
    if (!isUntouched) return { ...word, credit: claim() };
    return old.word === word.word && old.isFirst === word.isFirst ? old : { ...word, credit: old.credit };
  });
  if (words.length > 0 && before !== prior.length - 1) isMade[words.length - 1] = true;
  return { next, isMade, isGone };
}

/** The stretches of tokens that lie within `reach` of one that counts. */
function windows(tokens: readonly Token[], reach: number, counts: (at: number) => boolean): Token[][] {
  const found: Token[][] = [];
  let end = 0;
  for (let at = 0; at < tokens.length; at += 1) {
    if (!counts(at)) continue;
    const from = Math.max(0, at - reach);
    const run = found.at(-1);
    const added = tokens.slice(Math.max(from, end), at + reach + 1);
    if (run && from <= end) run.push(...added);
    else found.push(added);
    end = Math.min(tokens.length, at + reach + 1);
  }
  return found;
}

function withoutEdges({ clauseId, tokens }: Passage): Passage {
  return { clauseId, tokens: tokens.filter((one) => one.word !== "") };
}

function bothWays(passage: Passage): Passage[] {
  return [passage, withoutEdges(passage)];
}

/** The words with the edges of their paragraphs. */
function tokensOf(words: readonly Word[], isGone: (at: number) => boolean = () => false): Token[] {
  if (words.length === 0) return [];
  const tokens: Token[] = [];
  words.forEach(({ word, isFirst, credit }, at) => {
    if (isFirst) tokens.push(edge);
    tokens.push({ word, isGone: isGone(at), credit });
  });
  tokens.push(edge);
  return tokens;
}

function isSame(left: readonly PlacedWord[], right: readonly PlacedWord[]): boolean {
  return left.length === right.length && left.every((one, at) => one.word === right[at]?.word);
}

/** Whether two are the same person writing for the same organization. */
export function isSameAuthor(left: Author | null, right: Author | null): boolean {
  return left?.userId === right?.userId && left?.organizationId === right?.organizationId;
}
