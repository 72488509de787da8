import { connect } from "node:net";
import * as encoding from "lib0/encoding";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as Y from "yjs";
import { encodePresence, encodeStep2, encodeUpdate } from "#lib/protocol/frames.ts";
import { forgeUpdate } from "#tests/support/forged-update.ts";
import { origin, paragraphText } from "#tests/support/room-client.ts";
import { until } from "#tests/support/until.ts";
import { clause } from "#tests/unit/lib/editor/build.ts";
import { type BareSocket, openStage, rowCount, type Stage, storedText, type Tab } from "./stage.ts";

let stage: Stage;
let roomId: string;
let victim: Tab;
beforeAll(async () => {
  stage = await openStage();
  roomId = await stage.room(clause("a", "Report 😀", ["We report."]));
  victim = stage.tab(roomId, stage.person("Victim"));
  await until(() => victim.provider.state.kind === "saved");
});
afterAll(async () => {
  await stage.end();
});

/** An update with structs and delete ranges written by hand. */
function handMade(build: (encoder: encoding.Encoder) => void): Uint8Array {
  return encodeUpdate(encoding.encode(build));
}

/** What a modified client could send: the room's text, changed at will. */
function changed(socket: BareSocket, change: (doc: Y.Doc) => void): Uint8Array {
  const doc = new Y.Doc({ gc: false });
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(victim.doc));
  doc.clientID = socket.clientId;
  const before = Y.encodeStateVector(doc);
  change(doc);
  return encodeUpdate(Y.encodeStateAsUpdate(doc, before));
}

function numbers(encoder: encoding.Encoder, ...values: number[]): void {
  for (const value of values) encoding.writeVarUint(encoder, value);
}
const root = (doc: Y.Doc) => doc.getXmlFragment("charter");
const noDeletes = (encoder: encoding.Encoder) => encoding.writeVarUint(encoder, 0);
const garbage = (client: number, clock: number, length: number) => (encoder: encoding.Encoder) => {
  for (const number of [1, 1, client, clock]) encoding.writeVarUint(encoder, number);
  encoding.writeUint8(encoder, 0);
  encoding.writeVarUint(encoder, length);
  noDeletes(encoder);
};
function deepAny(depth: number): Uint8Array {
  return encoding.encode((encoder) => {
    for (const number of [1, 1, 99, 0]) encoding.writeVarUint(encoder, number);
    // An item at the root with content of kind "any".
    encoding.writeUint8(encoder, 8);
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarString(encoder, "charter");
    encoding.writeVarUint(encoder, 1);
    for (let at = 0; at < depth; at += 1) {
      encoding.writeUint8(encoder, 117);
      encoding.writeVarUint(encoder, 1);
    }
    encoding.writeUint8(encoder, 127);
    noDeletes(encoder);
  });
}
function headingText(doc: Y.Doc): Y.XmlText {
  const node = doc.getXmlFragment("charter").get(1);
  const heading = node instanceof Y.XmlElement ? node.get(0) : undefined;
  const text = heading instanceof Y.XmlElement ? heading.get(0) : undefined;
  if (!(text instanceof Y.XmlText)) throw new Error("The clause has no heading.");
  return text;
}
function withChild(name: string) {
  return (doc: Y.Doc) => root(doc).push([new Y.XmlElement(name)]);
}
function withAttribute(name: string, value: unknown) {
  return (doc: Y.Doc) => {
    const node = new Y.XmlElement<Record<string, never>>("clause");
    node.setAttribute(name, value as never);
    root(doc).push([node as unknown as Y.XmlElement]);
  };
}

const table: readonly (readonly [string, (socket: BareSocket) => Uint8Array | string, number, string | undefined])[] = [
  ["1 an empty frame", () => new Uint8Array(), 4400, "malformed"],
  ["2 a text frame", () => "hello", 4400, "malformed"],
  ["3 sixteen times ff", () => new Uint8Array(16).fill(255), 4400, "malformed"],
  ["4 an unknown type", () => new Uint8Array([99]), 4400, "malformed"],
  ["4b bytes after the message", () => new Uint8Array([...encodeUpdate(new Uint8Array([0, 0])), 1]), 4400, "malformed"],
  [
    "5 fourteen bytes that would silence somebody for good",
    () => handMade(garbage(victim.doc.clientID, 0, 2 ** 53 - 1)),
    4400,
    "bad-clock",
  ],
  [
    "6 seven bytes that ask for 128 MiB",
    () => handMade((encoder) => numbers(encoder, 1, 2 ** 25 - 1, 5, 0)),
    4400,
    "malformed",
  ],
  [
    "7 somebody else's clientID",
    () => handMade(garbage(victim.doc.clientID, Y.getState(victim.doc.store, victim.doc.clientID), 3)),
    4400,
    "not-your-client-id",
  ],
  ["8 a gap", (socket) => handMade(garbage(socket.clientId, 5, 3)), 4412, "gap"],
  [
    "10 a document inside",
    (socket) => changed(socket, (doc) => doc.getMap("charter2").set("x", new Y.Doc({ guid: "../../etc/passwd" }))),
    4400,
    "content-type",
  ],
  [
    "10b a document as an attribute",
    (socket) => changed(socket, withAttribute("id", new Y.Doc({ guid: "../../etc/passwd" }))),
    4400,
    "content-type",
  ],
  [
    "11 another root",
    (socket) => changed(socket, (doc) => doc.getXmlFragment("hidden").push([new Y.XmlElement("clause")])),
    4400,
    "unknown-root",
  ],
  [
    "11b a root named __proto__",
    (socket) => changed(socket, (doc) => doc.getText("__proto__").insert(0, "x")),
    4400,
    "unknown-root",
  ],
  ["12 a script", (socket) => changed(socket, withChild("script")), 4400, "unknown-node"],
  ["12b an iframe", (socket) => changed(socket, withChild("iframe")), 4400, "unknown-node"],
  ["12c a paragraph at the root", (socket) => changed(socket, withChild("paragraph")), 4400, "unknown-node"],
  [
    "12d a link as a mark",
    (socket) => changed(socket, (doc) => paragraphText(doc).format(0, 3, { link: { href: "javascript:alert(1)" } })),
    4400,
    "content-type",
  ],
  [
    "12e an event handler",
    (socket) => changed(socket, withAttribute("onclick", "alert(1)")),
    4400,
    "unknown-attribute",
  ],
  [
    "12f an attribute named __proto__",
    (socket) => changed(socket, withAttribute("__proto__", "x")),
    4400,
    "unknown-attribute",
  ],
  ["12g a level of 99", (socket) => changed(socket, withAttribute("level", 99)), 4400, "bad-attribute"],
  [
    "12h an object as a level",
    (socket) => changed(socket, withAttribute("level", JSON.parse('{"__proto__":{"polluted":true}}'))),
    4400,
    "bad-attribute",
  ],
  ["12i an id that is a path", (socket) => changed(socket, withAttribute("id", "../../etc/pw")), 4400, "bad-attribute"],
  [
    "12j an embed",
    (socket) => changed(socket, (doc) => paragraphText(doc).insertEmbed(0, { image: "data:text/html,x" })),
    4400,
    "content-type",
  ],
  ["12k NUL in a word", (socket) => changed(socket, (doc) => paragraphText(doc).insert(0, "\u0000")), 4400, "bad-text"],
  [
    "12l a cut through a character, which would replace it",
    (socket) => changed(socket, (doc) => headingText(doc).delete("Report 😀".length - 1, 1)),
    4400,
    "split-character",
  ],
  [
    "12m words inside of a character",
    (socket) => changed(socket, (doc) => headingText(doc).insert("Report 😀".length - 1, "x")),
    4400,
    "split-character",
  ],
  [
    "13 a delete range of 2^40",
    () => handMade((encoder) => numbers(encoder, 0, 1, victim.doc.clientID, 1, 0, 2 ** 40)),
    4400,
    "delete-of-unknown",
  ],
  ["14 a state vector that is none", () => new Uint8Array([0, 0, 3, 255, 255, 255]), 4400, "malformed"],
  ["15 a frame of 600 KiB", () => new Uint8Array(600 * 1024), 1009, undefined],
  ["16 awareness that is none", () => new Uint8Array([1, 3, 255, 255, 255]), 4400, "malformed"],
  ["17 a value nested 200,000 deep", () => encodeUpdate(deepAny(200_000)), 4400, "malformed"],
  [
    "18 a client that stands in an update twice",
    ({ clientId }) => {
      const group = { client: clientId, clock: 0, structs: [{ collected: 2 }] };
      return encodeUpdate(forgeUpdate([group, { ...group, clock: 2 }]));
    },
    4400,
    "malformed",
  ],
  [
    "19 the same range of deletions over and over",
    () => encodeUpdate(forgeUpdate([], [[1, Array.from({ length: 50_000 }, () => [0, 1] as const)]])),
    4400,
    "malformed",
  ],
];

describe("hostile frames", () => {
  test.each(table)("%s closes its own connection and nothing else", async (_name, frame, code, reason) => {
    const before = { rows: await rowCount(stage.pool, roomId), text: await storedText(stage.pool, roomId) };
    const socket = stage.socket(roomId, stage.person("Mallory"));
    await socket.opened;
    await until(() => socket.frames.length >= 2);
    socket.send(encodeStep2(new Uint8Array([0, 0])));
    socket.send(frame(socket));
    const closed = await socket.closed;
    expect(closed.code).toBe(code);
    if (reason !== undefined) expect(closed.reason).toBe(reason);
    expect(await rowCount(stage.pool, roomId)).toBe(before.rows);
    expect(await storedText(stage.pool, roomId)).toEqual(before.text);
    expect(victim.provider.state.kind).toBe("saved");
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });

  test("afterwards the victim still writes, and is heard", async () => {
    const other = stage.tab(roomId, stage.person("Other"));
    victim.type(" Still here.");
    await until(() => victim.provider.state.kind === "saved" && JSON.stringify(other.text()).includes("Still here."));
    expect((await storedText(stage.pool, roomId)).clauses[0]?.body[0]?.text).toBe("We report. Still here.");
  });

  test("7b nobody goes on under a clientID that has words in the text and was leased to somebody else, or to nobody", async () => {
    await until(() => victim.provider.state.kind === "saved");
    const others = [...victim.doc.store.clients.keys()];
    expect(others).toContain(victim.doc.clientID);
    // The text began under another clientID, which nobody holds.
    expect(others.length).toBeGreaterThan(1);
    const rows = await rowCount(stage.pool, roomId);
    for (const client of others) {
      const socket = stage.socket(roomId, stage.person("Mallory"));
      await socket.opened;
      const doc = new Y.Doc({ gc: false });
      Y.applyUpdate(doc, Y.encodeStateAsUpdate(victim.doc));
      doc.clientID = client;
      const before = Y.encodeStateVector(doc);
      headingText(doc).insert(0, "Forged. ");
      socket.send(encodeUpdate(Y.encodeStateAsUpdate(doc, before)));
      expect(await socket.closed).toEqual({ code: 4400, reason: "not-your-client-id" });
    }
    expect(await rowCount(stage.pool, roomId)).toBe(rows);
  });

  test("9 elements nested 5,000 deep are refused", async () => {
    const socket = stage.socket(roomId, stage.person("Mallory"));
    await socket.opened;
    socket.send(
      changed(socket, (doc) => {
        let at = new Y.XmlElement("clause");
        root(doc).push([at]);
        for (let depth = 0; depth < 5_000; depth += 1) {
          const next = new Y.XmlElement("clause");
          at.push([next]);
          at = next;
        }
      }),
    );
    expect((await socket.closed).reason).toBe("unknown-node");
  });

  test("16 awareness for somebody else, or too large, reaches nobody and costs the speaker nothing", async () => {
    const person = stage.person("Mallory");
    const socket = stage.socket(roomId, person);
    await socket.opened;
    socket.send(
      encodePresence([
        { clientId: victim.doc.clientID, clock: 99, json: JSON.stringify({ user: { name: "Victim\u202e" } }) },
      ]),
    );
    socket.send(
      encodePresence([
        { clientId: socket.clientId, clock: 1, json: JSON.stringify({ cursor: null, filler: "x".repeat(100_000) }) },
      ]),
    );
    socket.send(
      encodePresence([
        { clientId: socket.clientId, clock: 2, json: JSON.stringify({ user: { name: "Victim" }, evil: "x" }) },
      ]),
    );
    await until(() => victim.provider.awareness.getStates().has(socket.clientId));
    const seen = JSON.stringify([...victim.provider.awareness.getStates().entries()]);
    expect(seen).toContain('"name":"Mallory"');
    expect(seen).not.toContain("evil");
    expect(seen).not.toContain("filler");
    expect(seen).not.toContain("\u202e");
    expect(socket.closeCode).toBeUndefined();
    // To be gone is nothing that one can say of oneself either, while one listens.
    const changes: unknown[] = [];
    victim.provider.awareness.on("change", (change: { removed: number[] }) => changes.push(...change.removed));
    socket.send(encodePresence([{ clientId: socket.clientId, clock: 3, json: "null" }]));
    socket.send(encodeStep2(new Uint8Array([0, 0])));
    await until(() => socket.frames.some(([kind]) => kind === 64), { what: "what was said to be heard" });
    const witness = stage.socket(roomId, stage.person("Witness"));
    // Told in the same turn or a later one.
    await until(() => victim.provider.awareness.getStates().has(witness.clientId));
    witness.socket.close();
    expect(victim.provider.awareness.getStates().has(socket.clientId)).toBe(true);
    expect(changes).not.toContain(socket.clientId);
    socket.socket.close();
    await until(() => changes.includes(socket.clientId), { what: "whoever has left to be gone" });
  });
});

/** Goes in at the door and then sends the same bytes as fast as they are taken, without a frame that holds a message. `ended` gives how many went out. */
function flood(cookie: string, bytes: Uint8Array): { readonly ended: Promise<number>; stop(): void } {
  const socket = connect(Number(new URL(stage.url).port), "127.0.0.1");
  socket.write(
    `GET /realtime/${roomId}?clientId=${Math.floor(Math.random() * 2 ** 32)} HTTP/1.1\r\nHost: x\r\nOrigin: ${origin}\r\nCookie: ${cookie}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
  );
  const send = () => void (socket.write(bytes) ? setImmediate(send) : socket.once("drain", send));
  socket.once("data", () => {
    socket.resume();
    send();
  });
  socket.on("error", () => {});
  return {
    ended: new Promise((resolve) => socket.once("close", () => resolve(socket.bytesWritten))),
    stop: () => socket.destroy(),
  };
}

describe("frames without a message", () => {
  const masked = (first: number) => [first, 128, 0, 0, 0, 0];
  const pongs = Uint8Array.from(Array.from({ length: 10_000 }, () => masked(0x8a)).flat());
  const empty = Array.from({ length: 10_000 }, () => masked(0)).flat();
  const pieces = Uint8Array.from([0x02, 129, 0, 0, 0, 0, 3, ...empty, ...masked(128)]);

  test.each([
    ["pongs that nobody asked for", pongs],
    ["a question in ten thousand empty pieces", pieces],
  ])("%s cost their sender, who then waits, and the others write on", async (_name, bytes) => {
    const debts = stage.realtime.figures.debts;
    const { stop } = flood(stage.person("Mallory").userId, bytes);
    await until(() => stage.realtime.figures.debts > debts, { what: "the sender to owe" });
    const rows = await rowCount(stage.pool, roomId);
    victim.type(" On.");
    await until(async () => (await rowCount(stage.pool, roomId)) > rows && victim.provider.state.kind === "saved");
    stop();
  });

  test("whoever asks over and over who is there is not told each time", async () => {
    const socket = stage.socket(roomId, stage.person("Mallory", "read"));
    await socket.opened;
    for (let at = 0; at < 150; at += 1) socket.send(new Uint8Array([3]));
    socket.send(encodeStep2(new Uint8Array([0, 0])));
    await until(() => socket.frames.some(([kind, count]) => kind === 64 && count === 1), { what: "the end of them" });
    const answers = socket.frames.filter(([kind]) => kind === 1).length;
    expect(answers).toBeGreaterThan(0);
    expect(answers).toBeLessThan(100);
    socket.socket.close();
  });

  test("whoever is turned away is not listened to for long", async () => {
    // What lies on the way when it ends is a few MiB; whoever is read until the farewell has lasted long enough sends hundreds.
    expect(await flood("nobody", pongs).ended).toBeLessThan(64 * 1024 * 1024);
    expect(victim.provider.state.kind).toBe("saved");
  });
});

describe("the door", () => {
  test("of a hundred sockets of one person that come at once, 32 are let in", async () => {
    const person = stage.person("Mallory");
    const all = Array.from({ length: 100 }, () => stage.socket(roomId, person));
    const isTold = ({ closeCode, frames }: BareSocket) => closeCode !== undefined || frames.length > 0;
    await until(() => all.every(isTold), { what: "every one to be answered" });
    await until(() => all.filter(({ closeCode }) => closeCode === 4529).length === 68, { what: "the others to go" });
    expect(all.filter(({ closeCode }) => closeCode === undefined)).toHaveLength(32);
    for (const { socket } of all) socket.close();
  });
  test.each([
    ["no Origin", ""],
    ["Origin null", "null"],
    ["another site", "https://evil.example"],
    ["our name as a prefix", "https://charters.example.org.evil.example"],
    ["another port", "https://charters.example.org:8443"],
    ["plain http", "http://charters.example.org"],
  ])("21 %s is refused before any socket exists", async (_name, from) => {
    const socket = stage.socket(roomId, stage.person("Eve"), { origin: from });
    await socket.closed;
    expect(socket.failure).toContain("403");
  });
  test.each([
    ["..%2f..%2fetc%2fpasswd", 404],
    ["%2e%2e%2f", 404],
    ["__proto__", 404],
    ["x".repeat(3_000), 404],
  ])("11 the room name %s is refused before any look-up", async (name, status) => {
    const socket = stage.socket(roomId, stage.person("Eve"), { path: `/realtime/${name}?clientId=1` });
    await socket.closed;
    expect(socket.failure).toContain(String(status));
  });
  test("a room that does not exist closes with 4404, and a stranger with 4401", async () => {
    const missing = stage.socket("00000000-0000-4000-8000-000000000000", stage.person("Eve"));
    expect((await missing.closed).code).toBe(4404);
    const stranger = stage.socket(roomId, { ...stage.person("Eve"), userId: "nobody" });
    expect((await stranger.closed).code).toBe(4401);
  });
  test("a target in absolute form, as to a proxy, is none of ours", async () => {
    const { port } = new URL(stage.url);
    const answer = await new Promise<string>((resolve, reject) => {
      const raw = connect(Number(port), "127.0.0.1", () => {
        raw.write(
          `GET http://169.254.169.254/realtime/${roomId} HTTP/1.1\r\nHost: x\r\nOrigin: ${origin}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
        );
        // Whoever comes after it with the right words is in: what the other was to be told has been said by then.
        const right = stage.socket(roomId, stage.person("Later"));
        void until(() => right.frames.length > 0).then(() => {
          right.socket.close();
          resolve(heard);
          raw.destroy();
        }, reject);
      });
      let heard = "";
      raw.on("data", (data) => (heard += data.toString()));
      raw.on("error", () => {});
    });
    expect(answer).not.toContain("101");
  });
});
