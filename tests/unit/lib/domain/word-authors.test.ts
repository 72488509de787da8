import fc from "fast-check";
import { expect, test } from "vitest";
import type { Clause } from "#lib/domain/charter-text.ts";
import { type AuthoredWord, type GoneWords, type PlacedWord, WordAuthors } from "#lib/domain/word-authors.ts";
import { decodeGone, decodeWordAuthors, encodeWordAuthors } from "#lib/domain/word-authors-row.ts";
import type { Author } from "#lib/domain/word-rows.ts";
import { wordsIn } from "#lib/domain/words.ts";

/** Ada of Northlight, Priya of Meridian, Chen of Harbour. */
const ada: Author = { userId: "ada", organizationId: "northlight" };
const priya: Author = { userId: "priya", organizationId: "meridian" };
const chen: Author = { userId: "chen", organizationId: "harbour" };

const sentence = "Signatories answer every report of a flaw within ten days";

/**
 * A text under the pens of several people. A wording is paragraphs apart by "|"; words in brackets are placed anew, all
 * others are left where they stand.
 */
class Table {
  #words = new Map<string, readonly AuthoredWord[]>();
  #remembered: GoneWords[] = [];
  #texts = new Map<string, readonly PlacedWord[]>();
  #nextPlace = 1;

  /** What these people did in turns before the history was written. */
  session(...steps: (readonly [Author, Record<string, string | null>])[]): this {
    const authors = new WordAuthors(this.#words, this.#remembered);
    for (const [actor, clauses] of steps) {
      const placed = new Map(
        Object.entries(clauses).map(([id, text]) => [id, text === null ? null : this.#put(id, text)]),
      );
      authors.place(actor, placed);
      for (const [id, words] of placed) words ? this.#texts.set(id, words) : this.#texts.delete(id);
    }
    const { wordings, gone } = authors.settle();
    this.#words = new Map([...this.#words, ...wordings].filter(([id]) => this.#texts.has(id)));
    this.#remembered = [...this.#remembered, ...gone];
    return this;
  }

  /** "first/last" per run of words: "Signatories answer (ada/priya)". */
  said(id: string): string {
    const runs: { words: string[]; by: string }[] = [];
    for (const { word, credit } of this.#words.get(id) ?? []) {
      const by = credit.first === credit.last ? name(credit.first) : `${name(credit.first)}/${name(credit.last)}`;
      const run = runs.at(-1);
      if (run?.by === by) run.words.push(word);
      else runs.push({ words: [word], by });
    }
    return runs.map((run) => `${run.words.length} ${run.by}`).join(", ");
  }

  #put(id: string, text: string): PlacedWord[] {
    const free = [...(this.#texts.get(id) ?? [])];
    return text.split("|").flatMap((paragraph) => {
      let isNew = false;
      return paragraph
        .trim()
        .split(/\s+/)
        .filter(Boolean)
        .map((chunk, at) => {
          if (chunk.startsWith("[")) isNew = true;
          const word = wordsIn(chunk)[0]?.word ?? "";
          const known = isNew ? -1 : free.findIndex((one) => one.word === word);
          const [held] = known >= 0 ? free.splice(known, 1) : [];
          if (chunk.endsWith("]")) isNew = false;
          this.#nextPlace += 1;
          return { word, isFirst: at === 0, place: held?.place ?? this.#nextPlace };
        });
    });
  }
}

function name(author: Author | null): string {
  return author?.userId ?? "nobody";
}

const table = () => new Table().session([ada, { a: sentence, b: "Nobody is sued for reporting in good faith" }]);

test.each<[string, (at: Table) => Table, Record<string, string>]>([
  ["what one person wrote is theirs", (at) => at, { a: "10 ada" }],
  [
    "words put between another's are of the one who put them",
    (at) => at.session([priya, { a: "Signatories answer every [honest] report of a flaw within ten days" }]),
    { a: "3 ada, 1 priya, 7 ada" },
  ],
  [
    "another's paragraph that is split stays theirs; the half that was placed anew says by whom",
    (at) => at.session([priya, { a: "Signatories answer every | [report of a flaw within ten days]" }]),
    { a: "3 ada, 7 ada/priya" },
  ],
  [
    "a tail of one word that is split off stays its first author's",
    (at) => at.session([priya, { a: "Signatories answer every report of a flaw within ten | [days]" }]),
    { a: "9 ada, 1 ada/priya" },
  ],
  [
    "two paragraphs that are joined stay their authors'",
    (at) =>
      at
        .session([priya, { a: `${sentence} | [They tell everybody else as well]` }])
        .session([chen, { a: `${sentence} [They tell everybody else as well]` }]),
    { a: "10 ada, 6 priya/chen" },
  ],
  [
    "a clause that is moved stays its first author's",
    (at) => at.session([priya, { a: `[${sentence}]` }]),
    { a: "10 ada/priya" },
  ],
  [
    "a sentence that is moved into another clause in one go stays its first author's, short as it is",
    (at) =>
      at
        .session([ada, { c: "Pay fairly always. Tell nobody." }])
        .session([priya, { c: "Tell nobody.", b: "Nobody is sued [pay fairly always] for reporting in good faith" }]),
    { b: "3 ada, 3 ada/priya, 5 ada" },
  ],
  [
    "a sentence that is cut and pasted into another clause much later stays its first author's",
    (at) =>
      at
        .session([priya, { a: "" }])
        .session([chen, { b: "[Nobody] waits" }])
        .session([priya, { b: `Nobody waits [${sentence}]` }]),
    { b: "2 chen, 10 ada/priya" },
  ],
  [
    "undoing another's deletion gives the words back to who wrote them first",
    (at) =>
      at
        .session([priya, { a: "Signatories answer within ten days" }])
        .session([chen, { a: "Signatories answer [every report of a flaw] within ten days" }]),
    { a: "2 ada, 5 ada/chen, 3 ada" },
  ],
  [
    "one word that is deleted and put back stays its first author's",
    (at) =>
      at
        .session([priya, { a: "Signatories answer report of a flaw within ten days" }])
        .session([priya, { a: "Signatories answer [every] report of a flaw within ten days" }]),
    { a: "2 ada, 1 ada/priya, 7 ada" },
  ],
  [
    "a deleted clause that comes back is its first author's, and says who brought it back",
    (at) => at.session([priya, { a: null }]).session([chen, { a: `[${sentence}]` }]),
    { a: "10 ada/chen" },
  ],
  [
    "re-typing another's sentence word for word after deleting it does not make it one's own",
    (at) => at.session([priya, { a: "[Something] else" }]).session([priya, { a: `[${sentence}]` }]),
    { a: "10 ada/priya" },
  ],
  [
    "nor does re-typing it within one session",
    (at) =>
      at.session(
        [priya, { a: "" }],
        [chen, { b: "Nobody [ever] is sued for reporting in good faith" }],
        [priya, { a: `[${sentence}]` }],
      ),
    { a: "10 ada/priya" },
  ],
  [
    "nor does replacing it by the same words at once",
    (at) => at.session([priya, { a: `[${sentence}]` }]),
    { a: "10 ada/priya" },
  ],
  [
    "a word with one letter changed is of the one who changed it, for they may have turned its sense",
    (at) => at.session([priya, { b: "Nobody is [used] for reporting in good faith" }]),
    { b: "2 ada, 1 priya, 5 ada" },
  ],
  [
    "changing it back gives it back",
    (at) =>
      at
        .session([priya, { b: "Nobody is [used] for reporting in good faith" }])
        .session([chen, { b: "Nobody is [sued] for reporting in good faith" }]),
    { b: "2 ada, 1 ada/chen, 5 ada" },
  ],
  [
    "a word in capitals is the same word",
    (at) => at.session([priya, { b: "[NOBODY] is sued for reporting in good faith" }]),
    { b: "1 ada/priya, 7 ada" },
  ],
  [
    "a copy of another's clause is first written by them",
    (at) => at.session([priya, { c: sentence }]),
    { c: "10 ada/priya", a: "10 ada" },
  ],
  [
    "a copy within the session in which it was written is, too",
    (at) =>
      at.session(
        [chen, { c: "Every harbour opens its gates at dawn" }],
        [priya, { d: "Every harbour opens its gates at dawn" }],
      ),
    { c: "7 chen", d: "7 chen/priya" },
  ],
  [
    "a few words that stand elsewhere too are of the one who typed them",
    (at) => at.session([priya, { c: "We hear every report of a storm" }]),
    { c: "7 priya" },
  ],
  [
    "words that two people write alike at different places are of each, while they are few",
    (at) => at.session([priya, { c: "in good faith" }], [chen, { d: "act in good faith" }]),
    { c: "3 priya", d: "4 chen" },
  ],
  [
    "what was typed and deleted by another before the history was written is still its author's when it comes back",
    (at) =>
      at
        .session(
          [chen, { c: "Ships carry lanterns at night" }],
          [priya, { c: "" }],
          [ada, { b: "Nobody [ever] is sued for reporting in good faith" }],
        )
        .session([priya, { c: "Ships carry lanterns at night" }]),
    { c: "5 chen/priya" },
  ],
  [
    "a sentence that one person types and another splits at once is its writer's",
    (at) =>
      at.session([chen, { c: "Ships carry lanterns at night" }], [priya, { c: "Ships carry | [lanterns at night]" }]),
    { c: "2 chen, 3 chen/priya" },
  ],
  [
    "re-typing, then splitting by a third, leaves it with its first author",
    (at) =>
      at
        .session([priya, { a: null }])
        .session(
          [priya, { e: sentence }],
          [chen, { e: "Signatories answer every report | [of a flaw within ten days]" }],
        ),
    { e: "4 ada/priya, 6 ada/chen" },
  ],
  [
    "writing the same words after somebody never makes them the later one's",
    (at) =>
      at.session(
        [chen, { c: "calm seas favour patient crews" }],
        [priya, { d: "calm seas favour patient crews" }],
        [priya, { d: null }],
      ),
    { c: "5 chen" },
  ],
])("%s", (_promise, acts, said) => {
  const at = acts(table());
  for (const [id, words] of Object.entries(said)) expect(at.said(id)).toBe(words);
});

test("what a text makes by itself, as the number in a reference, keeps the author of the reference", () => {
  const authors = new WordAuthors(new Map(), []);
  const words = (number: string): PlacedWord[] => [
    { word: "see", isFirst: true, place: 1 },
    { word: "clause", isFirst: false, place: -10 },
    { word: number, isFirst: false, place: -11 },
  ];
  authors.place(ada, new Map([["a", words("2.1")]]));
  authors.place(priya, new Map([["a", words("2.2")]]));
  expect(
    authors
      .settle()
      .wordings.get("a")
      ?.map((one) => one.credit.first),
  ).toEqual([ada, ada, ada]);
});

test("a new room for the same text places nothing anew", () => {
  const before = new WordAuthors(new Map(), []);
  const placed = (start: number) =>
    wordsIn(sentence).map(({ word }, at) => ({ word, isFirst: at === 0, place: start + at }));
  before.place(ada, new Map([["a", placed(1)]]));
  const after = new WordAuthors(before.settle().wordings, []);
  after.place(priya, new Map([["a", placed(100)]]), { continues: true });
  expect(
    after
      .settle()
      .wordings.get("a")
      ?.every((one) => one.credit.last === ada),
  ).toBe(true);
});

test("authors are read back from a revision as they were written, words that vanished with them", () => {
  const clause: Pick<Clause, "heading" | "body"> = {
    heading: "Reports",
    body: [{ kind: "p", text: "Answer them — soon." }],
  };
  const words = (placer: Author) =>
    ["reports", "answer", "them", "soon"].map((word, at) => ({
      word,
      isFirst: at < 2,
      place: undefined,
      credit: { first: ada, last: at > 1 ? placer : null },
    }));
  const gone: GoneWords[] = [
    {
      clauseId: "b",
      traces: [
        { word: "", isGone: false, credit: { first: null, last: null } },
        { word: "late", isGone: true, credit: { first: chen, last: ada } },
      ],
    },
  ];
  const stored: unknown = JSON.parse(JSON.stringify(encodeWordAuthors(words(priya), gone)));
  expect(stored).toMatchObject({
    authors: [ada, priya, chen],
    runs: [
      [2, 0, -1],
      [2, 0, 1],
    ],
  });
  expect(decodeWordAuthors(clause, stored)).toEqual(words(priya));
  expect(decodeGone(stored)).toEqual(gone);
  expect(decodeWordAuthors(clause, { authors: [ada], runs: [[9, 0, 0]] }).map((one) => one.credit.first)).toEqual([
    null,
    null,
    null,
    null,
  ]);
  expect(decodeWordAuthors(clause, null, ada)[0]?.credit.first).toEqual(ada);
});

test("words are counted as readers count them, in every script", () => {
  const words = (text: string) => wordsIn(text).map((one) => one.word);
  expect(words("Don't e-mail Ünïcode-Räte in 2.1; §4 – “ja”.")).toEqual([
    "don't",
    "e-mail",
    "ünïcode-räte",
    "in",
    "2.1",
    "4",
    "ja",
  ]);
  expect(words("条約 is")).toEqual(["条", "約", "is"]);
  expect(words("— …!")).toEqual([]);
});

/** A person and what they do: type, delete, move or bring back some words of a clause, or copy a clause. */
const edits = fc.array(
  fc.record({
    actor: fc.constantFrom(ada, priya, chen),
    act: fc.constantFrom("type", "delete", "move", "undo", "copy"),
    clause: fc.constantFrom("a", "b", "c"),
    other: fc.constantFrom("a", "b", "c"),
    at: fc.nat(30),
    length: fc.integer({ min: 1, max: 8 }),
    isLast: fc.boolean(),
  }),
  { minLength: 1, maxLength: 40 },
);

test("a word is only ever ascribed to somebody who typed it or, by the rules, had typed it first; nobody is named who never placed it", () => {
  fc.assert(
    fc.property(edits, (acts) => {
      const world = new RandomText();
      for (const act of acts) world.do(act);
      world.settle();
      world.check();
    }),
    { numRuns: 120 },
  );
});

test("a text in which every word is typed once never changes a first author, whatever else is done to it", () => {
  fc.assert(
    fc.property(edits, (acts) => {
      const world = new RandomText(true);
      for (const act of acts) world.do(act);
      world.settle();
      world.checkFirstAuthors();
    }),
    { numRuns: 120 },
  );
});

type Edit = { actor: Author; act: string; clause: string; other: string; at: number; length: number; isLast: boolean };
type Typed = PlacedWord & { readonly place: number };

/** Words under random hands, with what really happened beside it. */
class RandomText {
  readonly #isUnique: boolean;
  readonly #texts = new Map<string, Typed[]>([
    ["a", []],
    ["b", []],
    ["c", []],
  ]);
  readonly #typists = new Map<string, Set<Author>>();
  readonly #placers = new Map<number, Author>();
  readonly #firstTypist = new Map<string, Author>();
  #cut: { readonly clause: string; readonly words: readonly Typed[] } = { clause: "", words: [] };
  #remembered: GoneWords[] = [];
  #words: ReadonlyMap<string, readonly AuthoredWord[]> = new Map();
  #authors = new WordAuthors(new Map(), []);
  #next = 1;

  constructor(isUnique = false) {
    this.#isUnique = isUnique;
  }

  do({ actor, act, clause, other, at, length, isLast }: Edit): void {
    const text = this.#texts.get(clause) ?? [];
    const target = this.#texts.get(other) ?? [];
    const start = Math.min(at, Math.max(0, text.length - 1));
    if (act === "type") text.splice(start, 0, ...Array.from({ length }, () => this.#type(actor)));
    if (act === "delete") this.#cut = { clause, words: text.splice(start, length) };
    // Long enough for the rules to know it again: three words in a row, six in another clause.
    if (act === "undo" && this.#cut.words.length >= (clause === this.#cut.clause ? 3 : 6)) {
      text.splice(start, 0, ...this.#place(actor, this.#cut.words));
    }
    if (act === "move" && text.length - start >= 3) {
      const moved = text.splice(start, Math.max(3, length));
      target.splice(Math.min(at, target.length), 0, ...this.#place(actor, moved));
    }
    if (act === "copy" && text.length - start >= 6) {
      target.splice(
        Math.min(at, target.length),
        0,
        ...this.#place(actor, text.slice(start, start + Math.max(6, length))),
      );
    }
    const clauses = new Map(
      [...this.#texts].map(([id, words]) => [id, words.map((one, index) => ({ ...one, isFirst: index === 0 }))]),
    );
    this.#authors.place(actor, clauses);
    if (isLast) this.settle();
  }

  settle(): void {
    const { wordings, gone } = this.#authors.settle();
    this.#words = new Map([...this.#words, ...wordings]);
    this.#remembered.push(...gone);
    this.#authors = new WordAuthors(this.#words, this.#remembered);
  }

  check(): void {
    for (const words of this.#words.values()) {
      for (const { word, place, credit } of words) {
        expect(this.#typists.get(word)).toContain(credit.first);
        expect(credit.last).toBe(this.#placers.get(place ?? 0));
      }
    }
  }

  checkFirstAuthors(): void {
    for (const words of this.#words.values()) {
      for (const { word, credit } of words) expect([word, credit.first]).toEqual([word, this.#firstTypist.get(word)]);
    }
  }

  #type(actor: Author): Typed {
    const word = this.#isUnique ? `w${this.#next}` : `w${(this.#next * 7) % 5}`;
    this.#typists.set(word, (this.#typists.get(word) ?? new Set()).add(actor));
    if (!this.#firstTypist.has(word)) this.#firstTypist.set(word, actor);
    return this.#placed(actor, word);
  }

  #place(actor: Author, words: readonly Typed[]): Typed[] {
    return words.map(({ word }) => this.#placed(actor, word));
  }

  #placed(actor: Author, word: string): Typed {
    this.#next += 1;
    this.#placers.set(this.#next, actor);
    return { word, isFirst: false, place: this.#next };
  }
}

test("in a text of a thousand clauses, what one person wrote in one of them is theirs, and nothing else", () => {
  const vocabulary = Array.from({ length: 4_000 }, (_, at) => `word${at}`);
  let place = 0;
  let seed = 1;
  const word = (): PlacedWord => {
    seed = (seed * 16_807) % 2_147_483_647;
    place += 1;
    return { word: vocabulary[seed % 4_000] ?? "", isFirst: false, place };
  };
  const text = new Map(
    Array.from({ length: 1_000 }, (_, id) => [`c${id}`, Array.from({ length: 200 }, word)] as const),
  );
  const first = new WordAuthors(new Map(), []);
  first.place(ada, text);
  const before = first.settle().wordings;
  const one = text.get("c7") ?? [];
  const edited = [...one.slice(0, 80), ...Array.from({ length: 20 }, word), ...one.slice(90)];
  const second = new WordAuthors(before, []);
  second.place(priya, new Map([["c7", edited]]));
  const { wordings } = second.settle();
  const hers = [...wordings].flatMap(([id, words]) =>
    words.filter((word) => word.credit.first === priya).map(() => id),
  );
  expect(hers).toEqual(Array.from({ length: 20 }, () => "c7"));
});
