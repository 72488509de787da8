import * as decoding from "lib0/decoding";
import type { Awareness } from "y-protocols/awareness";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import {
  closeCodes,
  messageAck,
  messageEvent,
  messageRefusal,
  messageSync,
  Notice,
  RoomEvent,
  syncStep1,
  syncStep2,
  syncUpdate,
} from "./messages.ts";
import { waitForText } from "./wait-for-text.ts";

/** What the editor's one save indicator shows. "saved" is only said when the server has committed everything. */
export type SaveState =
  /** Waiting for the first text. */
  | { readonly kind: "connecting" }
  | { readonly kind: "saved" }
  | { readonly kind: "saving" }
  | { readonly kind: "reconnecting"; readonly hasUnsaved: boolean }
  | { readonly kind: "offline"; readonly hasUnsaved: boolean }
  | { readonly kind: "read-only"; readonly reason: string }
  | { readonly kind: "signed-out"; readonly hasUnsaved: boolean }
  /** Final: open a fresh copy, and show `ownWords(doc, unsaved())` beside it. */
  | { readonly kind: "refused"; readonly code: string; readonly detail: string; readonly message: string };

type SocketClass = typeof globalThis.WebSocket;

/** What a room is opened with. The document must be made for this user and this visit, with `gc: false`. */
export type RoomAddress = {
  /** Without a trailing slash, e.g. "wss://charters.example.org/realtime". */
  readonly url: string;
  readonly roomId: string;
  /** From the page; a restored room has a new one. */
  readonly generation?: number;
  readonly doc: Y.Doc;
  readonly awareness?: Awareness;
  /** The browser's WebSocket unless given, as in tests. */
  readonly socket?: SocketClass;
  /** Whether the browser believes it has a network. */
  readonly isOnline?: () => boolean;
  /** A fresh Yjs clientID, 32 bits. */
  readonly newClientId: () => number;
  readonly onEvent?: (event: RoomEvent) => void;
};

/** How far a sent message reaches: the clocks that are committed once `count` messages are. */
type Mark = { readonly count: number; readonly clocks: ReadonlyMap<number, number>; readonly coversAll: boolean };

/**
 * The stock `WebsocketProvider` with the server's acknowledgement. Messages are counted where they leave, at the
 * socket, since what was written offline leaves around the provider's own update path.
 */
export class AcknowledgingProvider {
  readonly provider: WebsocketProvider;
  readonly #address: RoomAddress;
  readonly #listeners = new Set<(state: SaveState) => void>();
  #sent = 0;
  #acknowledged = 0;
  #marks: Mark[] = [];
  /** Committed clocks, as far as this client knows; clients that are missing wrote nothing here. */
  readonly #stored = new Map<number, number>();
  readonly #own: Set<number>;
  #hasAnswered = false;
  #hasUnsent = false;
  /** Whether the server has yet to say what it has. */
  #isVectorDue = false;
  #wasConnected = false;
  #mode: "write" | "read" = "write";
  #readReason = "";
  #notice: Notice | undefined;
  #final: SaveState | undefined;
  #shown = "";

  constructor(address: RoomAddress) {
    this.#address = address;
    this.#own = new Set([address.doc.clientID]);
    this.provider = new WebsocketProvider(address.url, address.roomId, address.doc, {
      connect: false,
      disableBc: true,
      params: this.#params(),
      WebSocketPolyfill: this.#countingSocket(address.socket ?? globalThis.WebSocket),
      shouldReconnect: (event) => !isFinal(event.code),
      ...(address.awareness ? { awareness: address.awareness } : {}),
    });
    this.#listen();
    waitForText(this.provider);
    this.provider.connect();
  }

  get awareness(): Awareness {
    return this.provider.awareness;
  }

  /** Whether anything written here is not known to be committed. Leaving the page then warns. */
  get hasUnsaved(): boolean {
    return this.#hasUnsent || this.#sent > this.#acknowledged;
  }

  get state(): SaveState {
    if (this.#final) return this.#final;
    const { wsconnected, synced } = this.provider;
    if (!wsconnected) {
      const isOnline = this.#address.isOnline?.() ?? true;
      if (!isOnline) return { kind: "offline", hasUnsaved: this.hasUnsaved };
      return this.#wasConnected ? { kind: "reconnecting", hasUnsaved: this.hasUnsaved } : { kind: "connecting" };
    }
    if (!synced) return { kind: "connecting" };
    if (this.#mode === "read") return { kind: "read-only", reason: this.#readReason };
    return this.#hasAnswered && !this.hasUnsaved ? { kind: "saved" } : { kind: "saving" };
  }

  /** First clock per client of what was written here and is not known to be committed; see `ownWords`. */
  unsaved(): Map<number, number> {
    const from = new Map<number, number>();
    for (const client of this.#own) {
      const stored = this.#stored.get(client) ?? 0;
      if (Y.getState(this.#address.doc.store, client) > stored) from.set(client, stored);
    }
    return from;
  }

  /** Calls back with every new state, and at once with the present one. Gives the way to stop. */
  subscribe(listener: (state: SaveState) => void): () => void {
    this.#listeners.add(listener);
    listener(this.state);
    return () => this.#listeners.delete(listener);
  }

  /** Asks again at once: the network is back, or the person has signed in again. */
  reconnect(): void {
    if (this.#final?.kind === "signed-out") this.#final = undefined;
    this.provider.connect();
    this.#show();
  }

  destroy(): void {
    this.#listeners.clear();
    this.awareness.off("update", this.#onAwareness);
    this.#address.doc.off("update", this.#onUpdate);
    this.provider.destroy();
  }

  #params(): Record<string, string> {
    const { generation, doc } = this.#address;
    return { clientId: String(doc.clientID), ...(generation === undefined ? {} : { generation: String(generation) }) };
  }

  #countingSocket(Socket: SocketClass): SocketClass {
    const onOpen = () => this.#reset();
    const onSend = (data: unknown) => this.#count(data);
    return class CountingSocket extends Socket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        onOpen();
      }
      override send(data: Parameters<WebSocket["send"]>[0]): void {
        onSend(data);
        super.send(data);
      }
    };
  }

  #reset(): void {
    this.#hasUnsent ||= this.#sent > this.#acknowledged;
    this.#sent = 0;
    this.#acknowledged = 0;
    this.#marks = [];
    this.#hasAnswered = false;
    this.#isVectorDue = false;
    this.#notice = undefined;
  }

  #count(data: unknown): void {
    if (!(data instanceof Uint8Array) || data[0] !== messageSync || (data[1] !== syncStep2 && data[1] !== syncUpdate))
      return;
    this.#sent += 1;
    const isAnswer = data[1] === syncStep2;
    const { doc } = this.#address;
    // Until our answer has left, what was written while away has not: an early update says nothing of how far we are stored.
    const clocks = isAnswer
      ? Y.decodeStateVector(Y.encodeStateVector(doc))
      : new Map(this.#hasAnswered ? [[doc.clientID, Y.getState(doc.store, doc.clientID)]] : []);
    this.#marks.push({ count: this.#sent, clocks, coversAll: isAnswer });
    if (isAnswer) this.#hasAnswered = true;
    this.#show();
  }

  #listen(): void {
    const { provider } = this;
    const readSync = provider.messageHandlers[messageSync];
    provider.messageHandlers[messageSync] = (encoder, decoder, ...rest) => {
      const start = decoder.pos;
      const step = decoding.readVarUint(decoder);
      if (step === syncStep1) this.#onServerVector(Y.decodeStateVector(decoding.readVarUint8Array(decoder)));
      if (step === syncStep2 && this.#isVectorDue) this.#onServerText(decoding.readVarUint8Array(decoder));
      decoder.pos = start;
      readSync?.(encoder, decoder, ...rest);
    };
    provider.messageHandlers[messageAck] = (_encoder, decoder) => this.#onAck(decoding.readVarUint(decoder));
    provider.messageHandlers[messageRefusal] = (_encoder, decoder) => {
      const notice = Notice.safeParse(parsed(decoder));
      if (notice.success) this.#notice = notice.data;
    };
    provider.messageHandlers[messageEvent] = (_encoder, decoder) => {
      const event = RoomEvent.safeParse(parsed(decoder));
      if (event.success) this.#onEvent(event.data);
    };
    provider.on("status", ({ status }) => {
      if (status === "connected") this.#wasConnected = true;
      this.#show();
    });
    provider.on("sync", () => this.#show());
    provider.on("connection-close", (event) => this.#onClose(event));
    this.#address.doc.on("update", this.#onUpdate);
    provider.awareness.off("update", provider._awarenessUpdateHandler);
    provider.awareness.on("update", this.#onAwareness);
  }

  /** The stock handler also sends back what it hears of others: in a room of a hundred that is a hundredfold, and nobody listens to it. */
  readonly #onAwareness = (changes: Record<"added" | "updated" | "removed", number[]>, origin: unknown): void => {
    const own = this.awareness.clientID;
    if ([...changes.added, ...changes.updated, ...changes.removed].includes(own))
      this.provider._awarenessUpdateHandler({ added: [], updated: [own], removed: [] }, origin);
  };

  readonly #onUpdate = (_update: Uint8Array, origin: unknown): void => {
    if (origin === this.provider) return;
    // While the socket is open the provider sends it, and the count follows it from there.
    if (!this.provider.wsconnected) this.#hasUnsent = true;
    this.#show();
  };

  /** What the server has: everything of this document beyond it was written here. */
  #onServerVector(vector: Map<number, number>): void {
    // A server that has not read the text yet asks for everything. What came into this document since it was empty may be the server's: its text will tell.
    this.#isVectorDue = vector.size === 0 && this.#address.doc.store.clients.size > 0;
    if (this.#isVectorDue) return;
    for (const [client, structs] of this.#address.doc.store.clients) {
      const last = structs.at(-1);
      const stored = vector.get(client) ?? 0;
      if (last && last.id.clock + last.length > stored) this.#own.add(client);
    }
    for (const client of this.#own) this.#stored.set(client, vector.get(client) ?? 0);
  }

  #onServerText(update: Uint8Array): void {
    this.#isVectorDue = false;
    const vector = Y.decodeStateVector(Y.encodeStateVectorFromUpdate(update));
    if (vector.size > 0) this.#onServerVector(vector);
  }

  #onAck(count: number): void {
    this.#acknowledged = Math.max(this.#acknowledged, Math.min(count, this.#sent));
    while (this.#marks[0] && this.#marks[0].count <= this.#acknowledged) {
      const mark = this.#marks.shift();
      for (const client of this.#own) {
        const clock = mark?.clocks.get(client);
        if (clock !== undefined) this.#stored.set(client, Math.max(clock, this.#stored.get(client) ?? 0));
      }
      if (mark?.coversAll) this.#hasUnsent = false;
    }
    this.#show();
  }

  #onEvent(event: RoomEvent): void {
    if (event.event === "welcome") {
      this.#mode = event.mode;
      this.#readReason = event.reason ?? "";
    }
    this.#address.onEvent?.(event);
    this.#show();
  }

  #onClose(event: { readonly code: number; readonly reason: string } | null): void {
    this.#hasUnsent ||= this.#sent > this.#acknowledged;
    if (event?.code === closeCodes.pickAnotherClientId) this.#pickAnotherClientId();
    else if (event && isFinal(event.code)) this.#end(event);
    this.#show();
  }

  #end(event: { readonly code: number; readonly reason: string }): void {
    const notice = this.#notice ?? { code: event.code === 1009 ? "too-large" : event.reason, message: "" };
    this.#final =
      event.code === 4401
        ? { kind: "signed-out", hasUnsaved: this.hasUnsaved }
        : { kind: "refused", code: notice.code, detail: notice.detail ?? notice.code, message: notice.message };
  }

  #pickAnotherClientId(): void {
    const { doc } = this.#address;
    // With words under the old id, which is somebody else's, there is no way on: they are kept beside a fresh copy.
    if (Y.getState(doc.store, doc.clientID) > 0) {
      this.provider.shouldConnect = false;
      this.#final = {
        kind: "refused",
        code: "conflict",
        detail: "client-id-taken",
        message: "This copy can not be saved. Your own words are kept.",
      };
      return;
    }
    const { awareness } = this.provider;
    const said = awareness.getLocalState();
    awareness.setLocalState(null);
    this.#own.delete(doc.clientID);
    doc.clientID = this.#address.newClientId();
    awareness.clientID = doc.clientID;
    this.#own.add(doc.clientID);
    awareness.setLocalState(said);
    this.provider.params = this.#params();
  }

  #show(): void {
    const { state } = this;
    const key = JSON.stringify(state);
    if (key === this.#shown) return;
    this.#shown = key;
    for (const listener of this.#listeners) listener(state);
  }
}

/** 4400 to 4499, and a message too large to be sent ever. Everything else comes back. */
function isFinal(code: number): boolean {
  return code === 1009 || (code >= 4400 && code < 4500);
}

function parsed(decoder: decoding.Decoder): unknown {
  try {
    return JSON.parse(decoding.readVarString(decoder));
  } catch {
    return undefined;
  }
}
