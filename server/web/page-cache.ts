import type { RevisionWatch } from "./page-cache-revisions.ts";

/** An answer as it goes over the wire: its headers without those of the encoding, and its body in every encoding kept. */
export type Page = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodies: { readonly identity: Buffer; readonly gzip?: Buffer; readonly br?: Buffer };
  /** SHA-256 of the plain body, shortened; the entity tag without its quotes. */
  readonly tag: string;
  /** Whether it may be shown to the next reader too. */
  readonly isKept: boolean;
};

export type PageCacheOptions = {
  readonly load: (address: string) => Promise<Page>;
  readonly revisions: RevisionWatch;
  readonly clock?: () => number;
  /** All bodies of all pages together, in bytes. */
  readonly bytesMax?: number;
  /** Dates pass without an act (a notice of withdrawal runs out): nothing is shown for longer than this. */
  readonly ageMaxMs?: number;
};

type Kept = {
  readonly page: Page;
  readonly scopes: readonly string[];
  readonly revision: string;
  readonly loadedAt: number;
  readonly bytes: number;
  /** When the database was last asked and still had this revision. */
  confirmedAt: number;
};
type MayLoad = () => Promise<void> | void;
type Flight = { readonly revision: string; readonly page: Promise<Page> };

/**
 * Public pages, kept until something they depend on changes. A page is shown only under the revisions that held before it
 * was loaded. Once a change is known the page is made anew while readers get the old one, but never longer than the
 * answer that confirmed it last would have been believed anyway (`revisionAgeMaxMs` after that question): nobody waits, and
 * nobody sees anything older than without it. One load per address runs at a time, however many ask; a reader who must
 * have what came after a change never joins a load from before it.
 */
export class PageCache {
  readonly #options: Required<PageCacheOptions>;
  readonly #flights = new Map<string, Flight>();
  /** Addresses that are being made anew behind their readers. */
  readonly #renewing = new Set<string>();
  // Addresses with a query are without number: they may push out each other, but never the plain pages.
  readonly #plain: Shelf;
  readonly #asked: Shelf;

  constructor(options: PageCacheOptions) {
    this.#options = { clock: () => performance.now(), bytesMax: 64 * 1024 * 1024, ageMaxMs: 30_000, ...options };
    this.#plain = new Shelf(this.#options.bytesMax / 2);
    this.#asked = new Shelf(this.#options.bytesMax / 2);
  }

  /** The kept page, when it may be shown at this moment; without waiting for anything. It may be made anew meanwhile. */
  peek(address: string, mayLoad: MayLoad = () => {}): Page | undefined {
    const kept = this.#shelf(address).get(address);
    if (!kept) return undefined;
    const { revisions, clock, ageMaxMs } = this.#options;
    const revision = revisions.peek(kept.scopes);
    const age = clock() - kept.loadedAt;
    if (revision === undefined || age >= ageMaxMs) return undefined;
    const isSame = kept.revision === revision;
    if (isSame) kept.confirmedAt = revisions.askedAt;
    else if (!revisions.isRecent(kept.confirmedAt)) return undefined;
    if (!isSame || age >= ageMaxMs * renewAtAge) this.#renew(address, kept.scopes, revision, mayLoad);
    return kept.page;
  }

  /** The page of an address; `mayLoad` is asked before a load, and what it throws is thrown on. */
  async get(address: string, scopes: readonly string[], mayLoad: MayLoad = () => {}): Promise<Page> {
    const revision = await this.#options.revisions.current(scopes);
    return this.#find(address, revision) ?? this.#fly(address, scopes, revision, mayLoad);
  }

  /** Something may have been committed by this process. */
  expire(): void {
    this.#options.revisions.expire();
  }

  /** Bytes held now. */
  get bytes(): number {
    return this.#plain.bytes + this.#asked.bytes;
  }

  #renew(address: string, scopes: readonly string[], revision: string, mayLoad: MayLoad): void {
    if (this.#renewing.has(address)) return;
    this.#renewing.add(address);
    // What goes wrong here is not the reader's: the old page ends at its time, and who comes then hears of it.
    this.#fly(address, scopes, revision, mayLoad)
      .catch(() => undefined)
      .finally(() => this.#renewing.delete(address));
  }

  async #fly(address: string, scopes: readonly string[], revision: string, mayLoad: MayLoad): Promise<Page> {
    if (this.#flights.get(address)?.revision !== revision) await mayLoad();
    // Asked again after the wait: another reader may have begun the same load.
    const running = this.#flights.get(address);
    if (running?.revision === revision) return running.page;
    const flight: Flight = { revision, page: this.#load(address, scopes, revision) };
    this.#flights.set(address, flight);
    try {
      return await flight.page;
    } finally {
      if (this.#flights.get(address) === flight) this.#flights.delete(address);
    }
  }

  #shelf(address: string): Shelf {
    return address.includes("?") ? this.#asked : this.#plain;
  }

  #find(address: string, revision: string): Page | undefined {
    const shelf = this.#shelf(address);
    const kept = shelf.get(address);
    if (!kept) return undefined;
    if (kept.revision === revision && this.#options.clock() - kept.loadedAt < this.#options.ageMaxMs) return kept.page;
    shelf.delete(address);
    return undefined;
  }

  async #load(address: string, scopes: readonly string[], revision: string): Promise<Page> {
    const loadedAt = this.#options.clock();
    const page = await this.#options.load(address);
    // A later load of the same address has begun under newer revisions: this page is from before the change.
    const isCurrent = this.#flights.get(address)?.revision === revision;
    if (!isCurrent) return page;
    const shelf = this.#shelf(address);
    if (page.isKept) {
      const confirmedAt = Number.NEGATIVE_INFINITY;
      shelf.set(address, { page, scopes, revision, loadedAt, confirmedAt, bytes: bytesOf(address, page) });
    } else if (page.status < 500) {
      // It is gone, and nobody needs to see it a moment longer. An outage says nothing about the page.
      shelf.delete(address);
    }
    return page;
  }
}

/** From this share of its age a page is made anew behind its readers, so that nobody waits when its time is up. */
const renewAtAge = 2 / 3;

/** A bounded store that forgets what was asked for longest ago. */
class Shelf {
  readonly #bytesMax: number;
  readonly #kept = new Map<string, Kept>();
  bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get(address: string): Kept | undefined {
    const kept = this.#kept.get(address);
    if (!kept) return undefined;
    // Moved to the end of the insertion order: the front is what was asked for longest ago.
    this.#kept.delete(address);
    this.#kept.set(address, kept);
    return kept;
  }

  set(address: string, kept: Kept): void {
    this.delete(address);
    // One page may take a quarter at most, or a single export would push out everything.
    if (kept.bytes > this.#bytesMax / 4) return;
    this.#kept.set(address, kept);
    this.bytes += kept.bytes;
    for (const oldest of this.#kept.keys()) {
      if (this.bytes <= this.#bytesMax) return;
      this.delete(oldest);
    }
  }

  delete(address: string): void {
    this.bytes -= this.#kept.get(address)?.bytes ?? 0;
    this.#kept.delete(address);
  }
}

function bytesOf(address: string, { bodies }: Page): number {
  return 2 * address.length + 1024 + bodies.identity.length + (bodies.gzip?.length ?? 0) + (bodies.br?.length ?? 0);
}
