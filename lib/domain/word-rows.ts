/** A person, and the organization they wrote for. */
export type Author = { readonly userId: string; readonly organizationId: string };

/** Who wrote a word, while it is worked out. `step` counts from 1; 0 is what stood before. */
export type Claim = { first: Author | null; readonly last: Author | null; readonly step: number; isOpen: boolean };

/** A word or the edge of a paragraph, in a passage that is searched for rows. */
export type Token = { readonly word: string; readonly isGone: boolean; readonly credit: Claim };

/** Words of one clause that stand, or stood, in a row. */
export type Passage = { readonly clauseId: string; readonly tokens: readonly Token[] };

/** The edge of a paragraph: it counts as a word that nobody wrote. */
export const edge: Token = { word: "", isGone: false, credit: { first: null, last: null, step: 0, isOpen: false } };

/** Of a row of words, who wrote each of them where the row stood earliest: anywhere, and by clause. */
type Row = { readonly anywhere: (Claim | undefined)[]; readonly inClause: Map<string, (Claim | undefined)[]> };

/**
 * Finds where words stood before, by rows of `length` words (3 or more). It is made for the passages that will be asked
 * about, and of the sources looks only at rows that one of these has around an open word: a whole text can be a source.
 */
export class WordRows {
  readonly #length: number;
  readonly #ids = new Map<string, number>();
  readonly #rows = new Map<string, Row>();
  readonly #starts = new Set<number>();
  readonly #ends = new Set<number>();

  constructor(length: number, passages: readonly Passage[]) {
    this.#length = length;
    for (const { tokens } of passages) {
      for (const { word } of tokens) if (!this.#ids.has(word)) this.#ids.set(word, this.#ids.size + 1);
    }
    for (const { tokens } of passages) this.#ask(tokens);
  }

  /** Takes up a source: for words of that clause only, or for all with null. Edges, and what `isSource` leaves out, give nothing. */
  add(tokens: readonly Token[], clauseId: string | null, isSource: (one: Token) => boolean = () => true): void {
    this.#add(this.#idsOf(tokens), clauseId, (at) => {
      const token = tokens[at];
      return token && token.word !== "" && isSource(token) ? token.credit : undefined;
    });
  }

  /** Takes up a whole wording as a source, for all clauses; `claimOf` is asked for the few words that matter. */
  addWords<T>(
    words: readonly { readonly word: string; readonly isFirst: boolean; readonly credit: T }[],
    claimOf: (credit: T) => Claim,
  ): void {
    const ids: number[] = [];
    const edgeId = this.#ids.get(edge.word) ?? 0;
    let run = 0;
    let longest = 0;
    for (const { word, isFirst } of words) {
      if (isFirst) ids.push(edgeId);
      const id = this.#ids.get(word) ?? 0;
      run = id === 0 ? 0 : run + 1;
      if (run > longest) longest = run;
      ids.push(id);
    }
    // Half of a row may be edges, never more.
    if (longest < this.#length / 2) return;
    ids.push(edgeId);
    const tokens = words.flatMap((one) => (one.isFirst ? [undefined, one] : [one]));
    this.#add(ids, null, (at) => {
      const one = tokens[at];
      return one && claimOf(one.credit);
    });
  }

  #add(ids: readonly number[], clauseId: string | null, claimAt: (at: number) => Claim | undefined): void {
    for (let at = 0; at + this.#length <= ids.length; at += 1) {
      // The first and the last three words are looked up before the row is written out; that is what makes it fast.
      if (!this.#starts.has(tripleAt(ids, at)) || !this.#ends.has(tripleAt(ids, at + this.#length - 3))) continue;
      const row = this.#rows.get(this.#rowAt(ids, at));
      if (!row) continue;
      const slots = clauseId === null ? row.anywhere : slotsOf(row, clauseId);
      for (let within = 0; within < this.#length; within += 1) {
        const claim = claimAt(at + within);
        const held = slots[within];
        if (claim && (!held || claim.step < held.step)) slots[within] = claim;
      }
    }
  }

  /** The earliest claim on the word at `at`, from any row around it, that is older than the word's own. */
  find({ clauseId, tokens }: Passage, at: number): Claim | undefined {
    const step = tokens[at]?.credit.step ?? 0;
    const from = Math.max(0, at - this.#length + 1);
    const ids = this.#idsOf(tokens.slice(from, at + this.#length));
    let found: Claim | undefined;
    for (let start = 0; start <= at - from && start + this.#length <= ids.length; start += 1) {
      const row = this.#rows.get(this.#rowAt(ids, start));
      if (!row) continue;
      const within = at - from - start;
      for (const source of [row.inClause.get(clauseId)?.[within], row.anywhere[within]]) {
        if (source && source.step < step && (!found || source.step < found.step)) found = source;
      }
    }
    return found;
  }

  /** Rows with an open word in them will be asked about. */
  #ask(tokens: readonly Token[]): void {
    const ids = this.#idsOf(tokens);
    for (let at = 0; at + this.#length <= ids.length; at += 1) {
      if (!tokens.slice(at, at + this.#length).some((one) => one.credit.isOpen)) continue;
      const key = this.#rowAt(ids, at);
      if (this.#rows.has(key)) continue;
      this.#rows.set(key, { anywhere: [], inClause: new Map() });
      this.#starts.add(tripleAt(ids, at));
      this.#ends.add(tripleAt(ids, at + this.#length - 3));
    }
  }

  #rowAt(ids: readonly number[], at: number): string {
    return ids.slice(at, at + this.#length).join(" ");
  }

  #idsOf(tokens: readonly Token[]): number[] {
    return tokens.map(({ word }) => this.#ids.get(word) ?? 0);
  }
}

function slotsOf(row: Row, clauseId: string): (Claim | undefined)[] {
  const known = row.inClause.get(clauseId);
  if (known) return known;
  const slots: (Claim | undefined)[] = [];
  row.inClause.set(clauseId, slots);
  return slots;
}

/** Three words as one number; -1, which nobody asks about, where one of them is in no passage. */
function tripleAt(ids: readonly number[], at: number): number {
  const one = ids[at] ?? 0;
  const two = ids[at + 1] ?? 0;
  const three = ids[at + 2] ?? 0;
  return one === 0 || two === 0 || three === 0 ? -1 : (one * 131_072 + two) * 131_072 + three;
}
