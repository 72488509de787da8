import type { Store } from "#lib/data/store.ts";

/** The database is asked about revisions at most this often. */
export const revisionAskEveryMs = 500;

/**
 * How long its answer is believed; acts of other processes show after this at the latest. Between the two the question is
 * asked while readers still get what is kept, so that under steady traffic nobody ever waits for it.
 */
export const revisionAgeMaxMs = 900;

/** How many names are asked about at once; beyond it the list starts anew. */
const watchedMax = 5_000;

/** Asks for the revisions of named scopes; a name without one is left out. */
export type ReadRevisions = (names: readonly string[]) => Promise<ReadonlyMap<string, string>>;

/**
 * The revisions of everything that is kept, compared with one query at most every `revisionAskEveryMs`, however many ask.
 */
export class RevisionWatch {
  readonly #read: ReadRevisions;
  readonly #clock: () => number;
  readonly #watched = new Set<string>();
  #known: ReadonlyMap<string, string> = new Map();
  /** Words made of `#known`, by the very list of names that asked: every reader of a page comes with the same one. */
  #words = new WeakMap<readonly string[], string>();
  #askedAt = Number.NEGATIVE_INFINITY;
  #expiredAt = Number.NEGATIVE_INFINITY;
  #isOverdue = true;
  #asking: Promise<ReadonlyMap<string, string>> | undefined;
  /** Counts questions and `expire`s: an answer is stored only when nothing came after its question. */
  #questions = 0;

  constructor(read: ReadRevisions, clock: () => number = () => performance.now()) {
    this.#read = read;
    this.#clock = clock;
  }

  /** Something may have been committed by this process: nothing known before this call is believed any more. */
  expire(): void {
    this.#isOverdue = true;
    this.#expiredAt = this.#clock();
    // A question under way was asked before the commit; its answer must not be taken for a newer one.
    this.#questions += 1;
    this.#asking = undefined;
  }

  /** The revisions of the scopes in one word, or undefined when the database has to be asked first. */
  peek(names: readonly string[]): string | undefined {
    const age = this.#clock() - this.#askedAt;
    if (this.#isOverdue || age >= revisionAgeMaxMs) return undefined;
    const word = this.#words.get(names) ?? this.#wordFor(names);
    if (word !== undefined && age >= revisionAskEveryMs && !this.#asking) void this.#ask(names);
    return word;
  }

  /** When the database was asked for what `peek` answers from. */
  get askedAt(): number {
    return this.#askedAt;
  }

  /**
   * Whether what the database said when it was asked at that moment may still be believed, had it not been asked since:
   * not longer than `revisionAgeMaxMs`, and not past an `expire`.
   */
  isRecent(askedAt: number): boolean {
    return askedAt > this.#expiredAt && this.#clock() - askedAt < revisionAgeMaxMs;
  }

  /** The revisions of the scopes in one word, not older than `revisionAgeMaxMs` nor than the last `expire`. */
  async current(names: readonly string[]): Promise<string> {
    const word = this.peek(names);
    if (word !== undefined) return word;
    const isNew = names.some((name) => !this.#watched.has(name));
    const asking = isNew || !this.#asking ? this.#ask(names) : this.#asking;
    return wordOf(names, await asking);
  }

  #wordFor(names: readonly string[]): string | undefined {
    if (!names.every((name) => this.#watched.has(name))) return undefined;
    const word = wordOf(names, this.#known);
    this.#words.set(names, word);
    return word;
  }

  #ask(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (this.#watched.size + names.length > watchedMax) {
      this.#watched.clear();
      this.#words = new WeakMap();
    }
    for (const name of names) this.#watched.add(name);
    const asking = this.#answer(this.#clock());
    this.#asking = asking;
    // Whoever awaits it hears of a failure; without anybody waiting it must not end the process.
    asking.catch(() => undefined);
    return asking;
  }

  async #answer(askedAt: number): Promise<ReadonlyMap<string, string>> {
    this.#questions += 1;
    const question = this.#questions;
    try {
      const known = await this.#read([...this.#watched]);
      if (this.#questions === question) {
        this.#known = known;
        this.#words = new WeakMap();
        this.#askedAt = askedAt;
        this.#isOverdue = false;
      }
      return known;
    } finally {
      if (this.#questions === question) this.#asking = undefined;
    }
  }
}

function wordOf(names: readonly string[], known: ReadonlyMap<string, string>): string {
  return names.map((name) => `${name}=${known.get(name) ?? "-"};`).join("");
}

/** Reads revisions by public names in one query. What is not public has none, so that publication itself is a change. */
export function readRevisionsFrom(pool: Store["pool"]): ReadRevisions {
  return async (names) => {
    const of = (kind: string) =>
      names.filter((name) => name.startsWith(`${kind}/`)).map((name) => name.slice(kind.length + 1));
    const { rows } = await pool.query<{ name: string; revision: string }>(
      `SELECT 'charter/' || c.slug AS name, coalesce(r.revision, 0)::text AS revision
         FROM charter c LEFT JOIN public_revision r ON r.scope = 'charter:' || c.id
         WHERE c.slug = ANY($1) AND c.visibility = 'PUBLIC'
       UNION ALL
       SELECT 'organization/' || o.slug, coalesce(r.revision, 0)::text
         FROM organization o LEFT JOIN public_revision r ON r.scope = 'organization:' || o.id
         WHERE o.slug = ANY($2)
       UNION ALL
       SELECT 'directory', revision::text FROM public_revision WHERE scope = 'directory'
       UNION ALL
       SELECT 'log', coalesce(max(size), 0)::text FROM checkpoint`,
      [of("charter"), of("organization")],
    );
    return new Map(rows.map((row) => [row.name, row.revision]));
  };
}
