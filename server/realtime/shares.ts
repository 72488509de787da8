import * as Y from "yjs";
import type { Peer } from "./peer.ts";

/** How long a measurement is believed, in ms. */
const measuredMs = 1_000;

/** Whose a clientID is: the id of the organization for which it was leased. */
export type Holders = ReadonlyMap<number, string>;

/** How much of a text each organization has placed. Asked for only where a text is nearly full. */
export class Shares {
  readonly #text: { readonly doc: Y.Doc };
  readonly #findHolders: () => Promise<Holders>;
  readonly #measured = new Map<string, { bytes: number; readonly at: number }>();
  #holders: Holders = new Map();
  /** The clients of the text when it was asked whose they are; what a seed or a command wrote is nobody's. */
  #known: ReadonlySet<number> = new Set();
  #isAsking = false;

  constructor(text: { readonly doc: Y.Doc }, findHolders: () => Promise<Holders>) {
    this.#text = text;
    this.#findHolders = findHolders;
  }

  /**
   * Bytes of the text's state that the organization of `author` has placed, deleted ones too. What others of it placed counts from the moment in which it is known
   * that they are of it.
   */
  bytesOf(organizationId: string, author: Pick<Peer, "holds">): number {
    if (![...this.#text.doc.store.clients.keys()].every((client) => this.#known.has(client))) void this.#ask();
    const now = performance.now();
    const last = this.#measured.get(organizationId);
    if (last && now - last.at < measuredMs) return last.bytes;
    const bytes = this.#measure(
      (client) => (this.#holders.get(client) ?? (author.holds(client) ? organizationId : undefined)) === organizationId,
    );
    this.#measured.set(organizationId, { bytes, at: now });
    return bytes;
  }

  /** An update of an organization's was taken. */
  add(organizationId: string, bytes: number): void {
    const last = this.#measured.get(organizationId);
    if (last) last.bytes += bytes;
  }

  #measure(isTheirs: (client: number) => boolean): number {
    const { doc } = this.#text;
    const all = [...doc.store.clients.keys()].map((client) => [client, Y.getState(doc.store, client)] as const);
    // Each holds all deletions, which are nobody's.
    const bytesBeside = (known: typeof all) => Y.encodeStateAsUpdate(doc, Y.encodeStateVector(new Map(known))).length;
    return bytesBeside(all.filter(([client]) => !isTheirs(client))) - bytesBeside(all);
  }

  async #ask(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      const clients = [...this.#text.doc.store.clients.keys()];
      this.#holders = await this.#findHolders();
      this.#known = new Set(clients);
      this.#measured.clear();
    } catch {
      // The next update asks again.
    } finally {
      this.#isAsking = false;
    }
  }
}
