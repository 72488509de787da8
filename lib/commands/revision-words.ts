import type * as Y from "yjs";
import { sqlOf } from "#lib/data/room-rows.ts";
import type { Tx } from "#lib/data/store.ts";
import { type CharterText, type Clause, numbered } from "#lib/domain/charter-text.ts";
import { type AuthoredWord, type GoneWords, type Trace, WordAuthors } from "#lib/domain/word-authors.ts";
import { decodeGone, decodeWordAuthors, encodeWordAuthors, wordsOf } from "#lib/domain/word-authors-row.ts";
import type { Author } from "#lib/domain/word-rows.ts";
import { clauseElements, referenceLabel } from "#lib/editor/clauses.ts";
import { type Labels, PlacedWordReader } from "#lib/editor/placed-words.ts";
import type { Step } from "#lib/editor/replay-steps.ts";

/** So many revisions are looked back through for words that vanished; older ones are forgotten. */
const remembersRevisions = 400;

/** A clause as its newest revision has it, with the stored authors of its words. */
export type WrittenClause = {
  readonly clause: Clause;
  readonly isDeleted: boolean;
  readonly wordAuthors: unknown;
  /** The one author of a first wording, for revisions from before authors of words were kept. */
  readonly only: Author | null;
};

/** Follows a room's words from its newest revisions on and tells at the end who wrote and placed each of them. */
export class RevisionWords {
  readonly #reader = new PlacedWordReader();
  readonly #before: ReadonlyMap<string, readonly AuthoredWord[]>;
  readonly #words: WordAuthors;
  readonly #labels: Labels;
  readonly #isNewRoom: boolean;
  #stepCount = 0;
  #wordCount = 0;

  /**
   * `doc` is the draft as the newest revisions have it and `text` what it reads; in a new room the draft is still empty
   * and `text` is what the revisions read.
   */
  constructor(doc: Y.Doc, text: CharterText, latest: ReadonlyMap<string, WrittenClause>, gone: readonly GoneWords[]) {
    this.#labels = labelsOf(text);
    const elements = clauseElements(doc);
    this.#isNewRoom = elements.length === 0;
    this.#before = this.#isNewRoom
      ? new Map([...latest].filter(([, one]) => !one.isDeleted).map(([id, one]) => [id, authoredWords(one)]))
      : new Map(elements.map(({ id, element }) => [id, this.#standing(element, latest.get(id))]));
    this.#words = new WordAuthors(this.#before, gone);
  }

  /** How many words were read in steps: what all of it costs goes by that, some three microseconds for each. */
  get wordCount(): number {
    return this.#wordCount;
  }

  /** Takes a step in; the draft must read as it did behind it. */
  take({ actor, clauses }: Step): void {
    this.#stepCount += 1;
    const words = new Map(
      [...clauses].map(([id, element]) => [id, element && this.#reader.read(element, this.#labels)]),
    );
    for (const read of words.values()) this.#wordCount += read?.length ?? 0;
    // The first step of a new room is the text it continues, put in by whoever opened it.
    this.#words.place(actor, words, { continues: this.#isNewRoom && this.#stepCount === 1 });
  }

  /** The authors of these clauses' words, as `doc` and `text` have them now, and what vanished on the way. */
  finish(doc: Y.Doc, text: CharterText, ids: ReadonlySet<string>): WrittenWords {
    const labels = labelsOf(text);
    const rest = clauseElements(doc).filter(({ id }) => ids.has(id));
    this.#words.place(null, new Map(rest.map(({ id, element }) => [id, this.#reader.read(element, labels)])));
    const { wordings, gone } = this.#words.settle();
    const before = this.#before;
    return {
      gone,
      of: (id) => wordings.get(id) ?? before.get(id) ?? [],
      isCreditedAnew: (id) =>
        JSON.stringify(encodeWordAuthors(wordings.get(id) ?? [])) !==
        JSON.stringify(encodeWordAuthors(before.get(id) ?? [])),
    };
  }

  #standing(element: Y.XmlElement, written: WrittenClause | undefined): AuthoredWord[] {
    const credited = written ? authoredWords(written) : [];
    const placed = this.#reader.read(element, this.#labels);
    const isSame = placed.length === credited.length;
    return placed.map((word, at) => ({ ...word, credit: (isSame && credited[at]?.credit) || nobody }));
  }
}

/** What came of following the words. */
export type WrittenWords = {
  readonly gone: readonly GoneWords[];
  /** The words of a clause; of one that is gone, as they stood before. */
  readonly of: (clauseId: string) => readonly AuthoredWord[];
  /** Whether other authors are to be named for a clause than before. */
  readonly isCreditedAnew: (clauseId: string) => boolean;
};

const nobody = { first: null, last: null };

/** What vanished from a charter's clauses lately, oldest first, to be given back when it returns: in this room, and before that in others. */
export async function loadGoneWords(
  tx: Tx,
  room: { readonly id: string; readonly charterId: string },
): Promise<GoneWords[]> {
  const find = async (where: string, order: string, limit: number) => {
    const { rows } = await sqlOf(tx).query(
      `SELECT word_authors FROM clause_revision WHERE charter_id = $1::uuid AND room_id ${where} $2::uuid AND word_authors ? 'gone'
       ORDER BY ${order} LIMIT $3::bigint`,
      [room.charterId, room.id, String(limit)],
    );
    return rows;
  };
  const own = await find("=", "room_seq DESC", remembersRevisions);
  const earlier = await find("IS DISTINCT FROM", "created_at DESC, room_seq DESC", remembersRevisions - own.length);
  return [...own, ...earlier].reverse().flatMap((row) => decodeGone(row.word_authors));
}

/** The words of a wording, as if they had vanished just now: whoever brings it back gives them back. */
export function goneOf(written: WrittenClause): GoneWords {
  const edge: Trace = { word: "", isGone: false, credit: nobody };
  const words = authoredWords(written).flatMap(({ word, isFirst, credit }): Trace[] => {
    const trace = { word, isGone: true, credit };
    return isFirst ? [edge, trace] : [trace];
  });
  return { clauseId: written.clause.id, traces: [...words, edge] };
}

function authoredWords({ clause, wordAuthors, only }: WrittenClause): AuthoredWord[] {
  return wordAuthors === null ? wordsOf(clause, only) : decodeWordAuthors(clause, wordAuthors);
}

function labelsOf(text: CharterText): Labels {
  return new Map(numbered(text.clauses).map((one) => [one.id, referenceLabel(one)]));
}
