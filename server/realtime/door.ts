import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import * as Y from "yjs";
import { Refusal } from "#lib/domain/refusal.ts";
import { encodeRefusal } from "#lib/protocol/frames.ts";
import { frameBytesMax, socketsPerUserMax, strangerBytesMax } from "#lib/protocol/limits.ts";
import { closeCodes, refusalCloseCodes } from "#lib/protocol/messages.ts";
import { colourOf } from "#lib/protocol/presence.ts";
import { clientAddress } from "#server/client-address.ts";
import { faultOf } from "#server/telemetry/log.ts";
import type { Access } from "./access.ts";
import { Attempts } from "./attempts.ts";
import { Connection } from "./connection.ts";
import type { RealtimeDeps } from "./deps.ts";
import type { Figures } from "./figures.ts";
import { type Knock, Knocks } from "./knocks.ts";
import type { Limits } from "./limits.ts";
import type { RightsWatch } from "./rights-watch.ts";
import type { Room } from "./room.ts";
import type { Rooms } from "./rooms.ts";
import type { RoomStore } from "./store.ts";
import { TurnedAway } from "./turned-away.ts";
import { Turnstile } from "./turnstile.ts";
import { type Destination, parseUpgrade, type Rejected } from "./upgrade.ts";
import { WorkBudgets } from "./work-budget.ts";

/** How many upgrades are decided at the same time; more would only wait for one another in the database. */
const decisionsMax = 32;

/** What the door opens onto. */
export type House = {
  readonly limits: Limits;
  readonly rights: RightsWatch;
  readonly store: RoomStore;
  readonly rooms: Rooms;
  readonly figures: Figures;
  /** Everyone who is in; the door adds and removes. */
  readonly connections: Set<Connection>;
  /** The last one left a room. */
  readonly onEmpty: (room: Room) => void;
};

/**
 * The one way in: from a request to a connection in a room, or to a reason why not. What is decided about the person is said on the socket
 * and not by a status, since a browser can not read the status of a failed upgrade.
 */
export class Door {
  isClosing = false;
  readonly #deps: RealtimeDeps;
  readonly #store: RoomStore;
  readonly #rooms: Rooms;
  readonly #figures: Figures;
  readonly #connections: Set<Connection>;
  readonly #onEmpty: (room: Room) => void;
  readonly #limits: Limits;
  readonly #rights: RightsWatch;
  readonly #knocks: Knocks;
  readonly #turnedAway: TurnedAway;
  readonly #byUser: Attempts;
  readonly #work: WorkBudgets;
  readonly #turnstile = new Turnstile(decisionsMax);
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: frameBytesMax,
    perMessageDeflate: false,
    clientTracking: false,
  });

  constructor(deps: RealtimeDeps, { limits, rights, store, rooms, figures, connections, onEmpty }: House) {
    this.#rights = rights;
    this.#limits = limits;
    this.#knocks = new Knocks(limits);
    this.#turnedAway = new TurnedAway(deps.logger);
    this.#byUser = new Attempts(limits.upgradesPerMinuteMax);
    this.#deps = deps;
    this.#store = store;
    this.#rooms = rooms;
    this.#figures = figures;
    this.#connections = connections;
    this.#onEmpty = onEmpty;
    this.#work = new WorkBudgets((userId, ms) => {
      figures.debts += 1;
      deps.logger.info(
        { userId, ms: Math.round(ms) },
        "somebody's frames cost more than one person may take; the next ones wait",
      );
    });
  }

  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on("error", () => socket.destroy());
    const { trustedProxies, sessionOf } = this.#deps;
    const knock = { address: clientAddress(request, trustedProxies), session: sessionOf(request) };
    const destination = this.#knocks.isTooOften(knock)
      ? tooManyAttempts
      : parseUpgrade(request, this.#deps.allowedOrigins);
    if ("status" in destination) {
      this.#figures.refused(destination.reason);
      this.#turnedAway.note(destination);
      socket.end(
        `HTTP/1.1 ${destination.status} ${destination.reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
      );
      return;
    }
    const known = { connection: randomUUID(), roomId: destination.roomId };
    // Nothing of the socket is read before the decision, and the decision has a deadline.
    const deadline = setTimeout(() => socket.destroy(), this.#limits.upgradeMsMax);
    const entry = await this.#turnstile
      .pass(
        () => socket.destroyed,
        () => this.#decide(request, destination, knock),
      )
      .catch((error: unknown) => this.#refusalOf(error, known));
    clearTimeout(deadline);
    if (entry === undefined) return;
    if ("room" in entry) this.#knocks.admitted(knock);
    else if (isAboutThePerson(entry.refusal)) this.#knocks.refused(knock);
    if ("refusal" in entry) {
      this.#figures.refused(entry.refusal.code);
      this.#deps.logger.info({ ...known, reason: entry.refusal.code }, "a connection was turned away at the door");
    }
    if (socket.destroyed) return;
    this.#sockets.handleUpgrade(request, socket, head, (ws) => {
      if ("room" in entry) this.#admit(ws, socket, entry, destination.clientId, known.connection);
      else turnAway(ws, socket, entry.code, entry.refusal);
    });
  }

  async #decide(
    request: IncomingMessage,
    { roomId, clientId, generation }: Destination,
    knock: Knock,
  ): Promise<Entry | Exit> {
    if (this.isClosing)
      return { code: closeCodes.restarting, refusal: new Refusal("unavailable", "The server is restarting.") };
    // Many may have waited for their turn while it became too often.
    if (this.#knocks.isTooOften(knock)) throw new Refusal("too-many", "Too many were refused here; wait a minute.");
    const askedAt = performance.now();
    const access = await this.#deps.authorize(request, roomId, clientId);
    if (access instanceof Refusal) throw access;
    const { userId, organizationId } = access.actor;
    this.#byUser.note(userId);
    if (this.#byUser.isExceeded(userId)) throw new Refusal("too-many", "You come back too often; wait a minute.");
    if (this.#work.socketsOf(userId) >= socketsPerUserMax) throw tooManySockets();
    const room = await this.#openFor(roomId, generation);
    if (generation !== undefined && generation !== room.row.generation)
      return {
        code: closeCodes.outOfStep,
        refusal: new Refusal("conflict", "This text was restored from a backup. Your own words are kept."),
      };
    const entrant = { roomId, clientId, userId, organizationId };
    const entered = await this.#store.enter(entrant);
    const { outcome, held } =
      entered.outcome === "too-many" && (await this.#giveUpUnused(room, userId, entered.held))
        ? await this.#store.enter(entrant)
        : entered;
    if (outcome === "too-many") throw new Refusal("too-many", "You have opened this text too many times.");
    if (outcome === "taken")
      return { code: closeCodes.pickAnotherClientId, refusal: new Refusal("conflict", "This clientID is taken.") };
    // It was unloaded while we asked, as nobody was in it.
    return { room: room.mode === "discarded" ? await this.#rooms.open(roomId) : room, access, held, askedAt };
  }

  /** The room, read anew where whoever comes knows a later generation than we do: while nobody was in, another process may have renewed it. */
  async #openFor(roomId: string, generation: number | undefined): Promise<Room> {
    const room = await this.#rooms.open(roomId);
    if (generation === undefined || generation <= room.row.generation) return room;
    const stored = (await this.#store.headsOf([roomId])).get(roomId);
    if (stored?.generation === room.row.generation) return room;
    room.discard({ kind: "reload" });
    return this.#rooms.open(roomId);
  }

  /** After some thousand visits: clientIDs under which somebody never wrote are anybody's again. Whether there were any. */
  async #giveUpUnused(room: Room, userId: string, held: readonly number[]): Promise<boolean> {
    const here = new Set([...room.peers].map((peer) => peer.clientId));
    const unused = held.filter((client) => !here.has(client) && Y.getState(room.doc.store, client) === 0);
    await this.#store.endLeases(room.row.id, userId, unused);
    return unused.length > 0;
  }

  #refusalOf(error: unknown, known: object): Exit {
    if (error instanceof Refusal) return { code: refusalCloseCodes[error.code], refusal: error };
    this.#deps.logger.error({ ...known, error: faultOf(error) }, "an upgrade failed");
    return {
      code: refusalCloseCodes.unavailable,
      refusal: new Refusal("unavailable", "The server can not open this text now."),
    };
  }

  #admit(ws: WebSocket, socket: Duplex, { room, access, held, askedAt }: Entry, clientId: number, id: string): void {
    // The room may have been discarded while we answered the handshake.
    if (room.mode === "discarded" || this.isClosing) {
      listenNoMore(ws, socket);
      ws.close(closeCodes.roomReloaded, "reloaded");
      return;
    }
    const { actor, mode } = access;
    // Others of theirs may have been let in since this one was decided.
    if (this.#work.socketsOf(actor.userId) >= socketsPerUserMax) {
      turnAway(ws, socket, refusalCloseCodes["too-many"], tooManySockets());
      return;
    }
    const user = {
      id: actor.userId,
      name: actor.name,
      organizationId: actor.organizationId,
      organization: actor.organizationName,
      color: colourOf(actor.organizationId),
      mode,
    };
    const known = { connection: id, roomId: room.row.id, userId: actor.userId, mode };
    const connection = new Connection(ws, socket, room, clientId, access, user, held, {
      limits: this.#limits,
      work: this.#work.enter(actor.userId, performance.now()),
      lease: (client, hasText) =>
        hasText
          ? this.#store.leaseOf(room.row.id, client, actor.userId)
          : this.#store.lease(room.row.id, client, actor.userId, actor.organizationId),
      confirm: (one) => this.#rights.confirm(one),
      onRefused: (detail) => {
        this.#figures.refused(detail);
        this.#deps.logger.info({ ...known, reason: detail }, "a connection was refused what it sent");
      },
      onAcknowledged: (ms) => this.#figures.acknowledged(ms),
      onClose: () => {
        this.#connections.delete(connection);
        this.#rights.remove(connection);
        this.#work.leave(actor.userId, performance.now());
        this.#deps.logger.info(known, "a connection ended");
        if (room.peers.size === 0) this.#onEmpty(room);
      },
      onError: (error) =>
        this.#deps.logger.error({ ...known, error: faultOf(error) }, "a frame broke the server's rules of itself"),
    });
    this.#connections.add(connection);
    this.#rights.add(connection, askedAt);
    this.#figures.connections = this.#connections.size;
    this.#deps.logger.info(known, "a connection began");
    connection.open();
    if (room.mode === "damaged")
      this.#deps.logger.error({ ...known, seq: room.head.seq }, "the log of a room is damaged; it is shown read-only");
  }

  close(): void {
    this.#sockets.close();
  }
}

type Entry = {
  readonly room: Room;
  readonly access: Access;
  readonly held: readonly number[];
  /** When it was asked who this is, in ms of `performance.now()`. */
  readonly askedAt: number;
};
type Exit = { readonly code: number; readonly refusal: Refusal };

const tooManyAttempts: Rejected = { status: 429, reason: "too-many-attempts" };

function tooManySockets(): Refusal {
  return new Refusal("too-many", "You have this site open in too many windows.");
}

/** Somebody without a right to be here, who may be guessing. */
function isAboutThePerson({ code }: Refusal): boolean {
  return code === "not-signed-in" || code === "not-permitted" || code === "not-found";
}

function turnAway(ws: WebSocket, socket: Duplex, code: number, refusal: Refusal): void {
  listenNoMore(ws, socket);
  ws.send(encodeRefusal({ code: refusal.code, detail: refusal.code, message: refusal.message }));
  ws.close(code, refusal.code);
}

/** Whoever is not in may answer our good-bye and what they said before they heard it; nobody's budget pays for reading more. */
function listenNoMore(ws: WebSocket, socket: Duplex): void {
  // Without a listener what they say that is no frame would end this process.
  ws.on("error", () => ws.terminate());
  let bytes = 0;
  socket.on("data", (data: Uint8Array) => {
    bytes += data.length;
    if (bytes > strangerBytesMax) socket.destroy();
  });
}
