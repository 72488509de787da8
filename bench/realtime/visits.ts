import * as Y from "yjs";
import { RoomStore } from "#server/realtime/store.ts";
import { Crowd, emptyVector, freshClientId, nothing, type Tally } from "./crowd.ts";
import { pause } from "./measures.ts";
import { type Running, type ServerName, startServer } from "./servers.ts";
import { median } from "./table.ts";
import { endsOf, type LongText, letterIn, reportText, smallText, textIn } from "./texts.ts";
import { frameOf, Wire } from "./wire.ts";
import { peopleCount, type World } from "./world.ts";

/** Somebody who comes to read, or who comes back with what it has. */
type Visit = {
  readonly wire: Wire;
  readonly synced: Promise<{ readonly ms: number; readonly state: Buffer }>;
  /** What somebody else wrote has come. */
  readonly told: Promise<void>;
};

/** Comes in, asks for what it lacks and answers the server's question; in step once it has the answer and the server has its own. */
function visit(
  server: Running,
  room: string,
  { person = 0, clientId = freshClientId(), vector = emptyVector, own = nothing } = {},
): Visit {
  const { protocol } = server;
  const started = performance.now();
  let onSynced: (value: { ms: number; state: Buffer }) => void = () => {};
  let onFail: (error: unknown) => void = () => {};
  const synced = new Promise<{ ms: number; state: Buffer }>((resolve, reject) => {
    onSynced = resolve;
    onFail = reject;
  });
  let onTold: () => void = () => {};
  const told = new Promise<void>((resolve) => {
    onTold = resolve;
  });
  let state: Buffer | undefined;
  let isTaken = server.name !== "concordat";
  const wire = new Wire(server.port, protocol.path(room, clientId), protocol.headers(person), (message) => {
    const heard = protocol.hear(room, message);
    if (heard.kind === "asked") wire.send(frameOf(protocol.answer(room, own)));
    if (heard.kind === "text" && heard.isAnswer) state ??= Buffer.from(heard.update);
    if (heard.kind === "text" && !heard.isAnswer) onTold();
    if (heard.kind === "acknowledged" && heard.count !== undefined) isTaken ||= heard.count > 0;
    if (state && isTaken) onSynced({ ms: performance.now() - started, state });
  });
  wire.opened.then(
    () => wire.send(Buffer.concat(protocol.hello(room, vector).map((one) => frameOf(one)))),
    (error: unknown) => onFail(error),
  );
  void wire.ended.then(() => onFail(new Error("The socket was closed.")));
  synced.catch(() => {});
  return { wire, synced, told };
}

/** Milliseconds until somebody has the long text: of a server that has just started, and of one that has it in memory; and until the first edit of it reaches somebody. */
export async function openCold(
  world: World,
  name: ServerName,
  { updates, state, text }: LongText,
): Promise<{ cold: number; edit: number; warm: number }> {
  const room = await world.room(updates, state);
  await keepSnapshot(world, room, updates);
  const server = await startServer(name, world);
  try {
    const clientId = freshClientId();
    const first = visit(server, room, { clientId });
    const { ms: cold, state: got } = await first.synced;
    if (textIn(got) !== text) throw new Error(`${name} called a client in step that has not the text.`);
    const peer = visit(server, room, { person: 1 });
    await peer.synced;
    const letter = frameOf(server.protocol.update(room, letterIn(got, clientId)));
    const typed = performance.now();
    first.wire.send(letter);
    await peer.told;
    const edit = performance.now() - typed;
    const warm: number[] = [];
    for (let again = 0; again < 20; again += 1) {
      const next = visit(server, room, { person: again + 2 });
      warm.push((await next.synced).ms);
      next.wire.end();
    }
    first.wire.end();
    peer.wire.end();
    return { cold, edit, warm: median(warm) };
  } finally {
    await server.stop();
  }
}

/** As a pause in the room's editing leaves it. */
async function keepSnapshot(world: World, room: string, updates: readonly Uint8Array[]): Promise<void> {
  const whole = new Y.Doc({ gc: false });
  whole.transact(() => {
    for (const update of updates) Y.applyUpdate(whole, update);
  });
  const store = new RoomStore(world.store.pool, { onOutage: () => {}, onBadSnapshot: () => {} });
  const row = await store.findRoom(room);
  if (!row) throw new Error("The room is gone.");
  await store.insertSnapshot(room, { seq: row.lastSeq, chain: row.lastChain }, Y.encodeStateAsUpdate(whole));
}

/**
 * Bytes for each idle connection, and for each small room with one in it beyond that. `settleMs` after they came in nothing more is done for them: ours
 * writes the history of a room ten seconds after it was opened.
 */
export async function weigh(
  world: World,
  server: Running,
  settleMs: number,
): Promise<{ connection: number; room: number; connectionHeap: number; roomHeap: number }> {
  const tally: Tally = { deliveries: 0, taken: 0, peerMs: undefined, takenMs: undefined, window: 0 };
  const enter = async (rooms: number, clients: number) => {
    for (let at = 0; at < rooms; at += 1) {
      // As many clauses as an accord of a few commitments has.
      const text = smallText(4);
      const crowd = new Crowd(await world.room([text], text), server.protocol, tally);
      const ends = Array.from({ length: clients }, () => endsOf(text)[0] ?? { client: 1, clock: 0 });
      await crowd.enter(server, ends, at * clients, server.protocol.confirmsByEcho ? text : undefined);
    }
    await pause(settleMs);
    return server.memory();
  };
  // What is made once, the compiled code among it, is there before the first scale is read.
  const before = await enter(20, 10);
  const many = await enter(20, 40);
  const wide = await enter(400, 1);
  const perRoom20 = 800;
  const connection = (many.rss - before.rss) / perRoom20;
  const connectionHeap = (many.heap - before.heap) / perRoom20;
  return {
    connection,
    connectionHeap,
    room: (wide.rss - many.rss) / 400 - connection,
    roomHeap: (wide.heap - many.heap) / 400 - connectionHeap,
  };
}

/** Bytes that somebody costs who asks for a text of 300 KB 300 times and reads none of it. */
export async function ignoreAnswers(world: World, server: Running): Promise<number> {
  const { updates, state } = reportText();
  const room = await world.room(updates, state);
  const first = visit(server, room, { own: server.protocol.confirmsByEcho ? state : nothing });
  await first.synced;
  const deaf = visit(server, room, { person: 1 });
  await deaf.synced;
  const before = await server.memory();
  deaf.wire.pause();
  const ask = frameOf(server.protocol.hello(room, emptyVector).at(-1) ?? nothing);
  let most = 0;
  for (let asked = 0; asked < 300; asked += 1) {
    deaf.wire.send(ask);
    await pause(10);
    most = Math.max(most, server.rss());
  }
  await pause(500);
  most = Math.max(most, server.rss());
  first.wire.end();
  deaf.wire.end();
  return most - before.rss;
}

/** Seconds until 2,000 clients that hold a text of 300 KB are in step with a server that has just started, and the bytes the log grew by. */
export async function storm(
  world: World,
  name: ServerName,
): Promise<{ seconds: number; failures: number; grown: number }> {
  const { updates, state } = reportText();
  const room = await world.room(updates, state);
  const doc = new Y.Doc({ gc: false });
  for (const update of updates) Y.applyUpdate(doc, update);
  const vector = Y.encodeStateVector(doc);
  const own = Y.encodeStateAsUpdate(doc, vector);
  const first = freshClientId() + 1_000_000;
  // They were here before: each has its clientID.
  await world.store.pool.query(
    `INSERT INTO client_lease (room_id, client_id, user_id, organization_id)
     SELECT $1::uuid, $2::bigint + right(id::text, 12)::bigint, id, current_organization_id FROM "user" WHERE email LIKE 'person%'`,
    [room, first],
  );
  const before = await world.loggedBytes();
  const server = await startServer(name, world);
  try {
    const started = performance.now();
    let failures = 0;
    // Who is sent away comes back, as a browser does.
    const comeBack = async (person: number): Promise<Wire> => {
      for (;;) {
        const { wire, synced } = visit(server, room, { person, clientId: first + person, vector, own });
        const isIn = await synced.then(
          () => true,
          () => false,
        );
        if (isIn) return wire;
        failures += 1;
        await pause(200 + 10 * (person % 60));
      }
    };
    const visits = Array.from({ length: peopleCount }, (_, person) => comeBack(person));
    await Promise.race([
      Promise.all(visits),
      pause(60_000).then(() => Promise.reject(new Error("They were not back after a minute."))),
    ]);
    const seconds = (performance.now() - started) / 1_000;
    for (const wire of await Promise.all(visits)) wire.end();
    return { seconds, failures, grown: (await world.loggedBytes()) - before };
  } finally {
    await server.stop();
  }
}
