import { connect } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { checkRoomLog } from "#lib/data/room-check.ts";
import { renewGenerations } from "#lib/data/room-generation.ts";
import { ownWords } from "#lib/editor/late-text.ts";
import { until } from "#tests/support/until.ts";
import { clause } from "#tests/unit/lib/editor/build.ts";
import { openStage, type Person, rowCount, type Stage, storedText, type Tab } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ limits: { tickMs: 20, roomIdleMs: 60, recheckMs: 250 } });
});
afterAll(async () => {
  await stage.end();
});

const opened: Tab[] = [];
afterEach(() => {
  for (const tab of opened.splice(0)) tab.leave();
});

const isSaved = (tab: Tab) => tab.provider.state.kind === "saved";
const words = (tab: Tab) => tab.text().clauses[0]?.body[0]?.text;

async function openTab(name = "Alice", roomId?: string): Promise<{ roomId: string; tab: Tab }> {
  const id = roomId ?? (await stage.room(clause("a", "Report", ["We report."])));
  const tab = stage.tab(id, stage.person(name), { generation: 1 });
  opened.push(tab);
  await until(() => isSaved(tab));
  return { roomId: id, tab };
}

describe("the database in trouble", () => {
  test("on a full disk nothing is called saved, nobody is dropped, and all is saved when there is room again", async () => {
    const { roomId, tab } = await openTab();
    const reader = await openTab("Bob", roomId);
    await stage.pool.query(`
      CREATE FUNCTION no_room_left() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
      CREATE TRIGGER no_room_left BEFORE INSERT ON room_update FOR EACH STATEMENT EXECUTE FUNCTION no_room_left()`);
    const outages = stage.realtime.figures.outages;
    for (let word = 0; word < 20; word += 1) tab.type(` w${word}`);
    await until(() => stage.realtime.figures.outages > outages + 1, { what: "the server to try again" });
    expect(tab.provider.state.kind).toBe("saving");
    expect(words(reader.tab)).toBe("We report.");
    expect(await rowCount(stage.pool, roomId)).toBe(1);
    await stage.pool.query("DROP TRIGGER no_room_left ON room_update; DROP FUNCTION no_room_left");
    await until(() => isSaved(tab) && words(reader.tab)?.endsWith(" w19"));
    expect((await storedText(stage.pool, roomId)).clauses[0]?.body[0]?.text).toBe(words(tab));
    expect(tab.events.filter((event) => event.event === "welcome")).toHaveLength(1);
    expect(await checkRoomLog(stage.pool, roomId)).toBeGreaterThan(1);
  });
});

describe("a room that comes and goes", () => {
  test("rooms that are left and opened again while they are unloaded lose nothing and are never two", async () => {
    const { roomId } = await openTab();
    for (let round = 0; round < 20; round += 1) {
      const { tab } = await openTab("Next", roomId);
      tab.type(` r${round}`);
      await until(() => isSaved(tab));
      for (const one of opened.splice(0)) one.leave();
      // Every other time it is unloaded in between, else it is opened at some moment of that.
      if (round % 2 === 0) await until(() => stage.realtime.figures.rooms === 0, { what: "the room to be unloaded" });
      else await new Promise((resolve) => setTimeout(resolve, 40 + 2 * round));
    }
    const text = (await storedText(stage.pool, roomId)).clauses[0]?.body[0]?.text;
    expect(text).toBe(`We report.${Array.from({ length: 20 }, (_, round) => ` r${round}`).join("")}`);
    expect(await checkRoomLog(stage.pool, roomId)).toBe(21);
  });
});

describe("rights that end", () => {
  test("a right that ended without a word is noticed, and no update is accepted after", async () => {
    const { roomId, tab } = await openTab();
    tab.person.rights = "none";
    await until(() => tab.provider.state.kind === "refused", { what: "the loss to be noticed" });
    const rows = await rowCount(stage.pool, roomId);
    tab.type(" Too late.");
    expect(tab.provider.state).toMatchObject({ kind: "refused", code: "not-permitted" });
    expect(await rowCount(stage.pool, roomId)).toBe(rows);
  });

  test("where the ear for changes went deaf, everyone comes back through the door", async () => {
    const { tab } = await openTab();
    const welcomes = () => tab.events.filter((event) => event.event === "welcome").length;
    expect(welcomes()).toBe(1);
    await stage.pool.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND (query LIKE 'LISTEN%' OR query = 'SELECT 1')",
    );
    await until(() => welcomes() >= 2, { what: "everyone to be asked again" });
    await until(() => isSaved(tab));
  });

  test("19 a valid edit after the right was removed is stored nowhere, and the door answers 4403", async () => {
    const { roomId } = await openTab();
    const person = stage.person("Gone");
    const socket = stage.socket(roomId, person);
    await socket.opened;
    person.rights = "none";
    expect((await socket.closed).code).toBe(4503);
    expect((await stage.socket(roomId, person).closed).code).toBe(4403);
    expect(await rowCount(stage.pool, roomId)).toBe(1);
  });
});

describe("a database that was put back", () => {
  test("an older backup has a new generation: an old copy is refused with its own words kept, a fresh one opens", async () => {
    const { roomId, tab } = await openTab();
    const old = stage.tab(roomId, tab.person, { generation: 1 });
    await until(() => isSaved(old));
    tab.type(" Saved after the backup.");
    await until(() => isSaved(tab) && words(old) === "We report. Saved after the backup.");
    old.provider.provider.disconnect();
    old.type(" Not sent yet.");
    tab.leave();
    // The backup knows the first row only, and lies in another place than the database did.
    await renewGenerations(stage.pool);
    const client = await stage.pool.connect();
    await client.query("SET session_replication_role = replica");
    await client.query("DELETE FROM room_update WHERE room_id = $1 AND seq > 1", [roomId]);
    await client.query(
      "UPDATE room SET last_seq = 1, last_chain = (SELECT chain FROM room_update WHERE room_id = $1) WHERE id = $1",
      [roomId],
    );
    await client.query("SET session_replication_role = DEFAULT");
    client.release();
    await stage.pool.query("UPDATE setting SET value = 'elsewhere' WHERE key = 'room-place'");
    expect(await renewGenerations(stage.pool)).toBeGreaterThan(0);
    expect(await renewGenerations(stage.pool)).toBe(0);
    await stage.restart();
    old.provider.provider.connect();
    await until(() => old.provider.state.kind === "refused");
    expect(old.provider.state).toMatchObject({ code: "conflict" });
    expect(ownWords(old.doc, old.provider.unsaved())).toEqual([
      { clauseId: "a00000000000", heading: "Report", text: " Not sent yet." },
    ]);
    const fresh = stage.tab(roomId, old.person, { generation: 2 });
    await until(() => isSaved(fresh));
    expect(words(fresh)).toBe("We report.");
    expect(await rowCount(stage.pool, roomId)).toBe(1);
  });
});

describe("the door under pressure", () => {
  test("who knocks without a right too often is no longer looked at, before any socket exists", async () => {
    const strict = await openStage({ limits: { failedAttemptsPerMinuteMax: 5 } });
    const roomId = await strict.room(clause("a", "Report", ["We report."]));
    const stranger = { ...strict.person("Eve"), userId: "nobody" };
    for (let attempt = 0; attempt < 5; attempt += 1)
      expect((await strict.socket(roomId, stranger).closed).code).toBe(4401);
    const last = strict.socket(roomId, stranger);
    await last.closed;
    expect(last.failure).toContain("429");
    await strict.end();
  });

  test("one who knocks without a right too often shuts out no colleague behind the same address, and invented sessions are asked for only so often", async () => {
    const strict = await openStage({ limits: { failedAttemptsPerMinuteMax: 5, failedWithSessionPerMinuteMax: 8 } });
    const roomId = await strict.room(clause("a", "Report", ["We report."]));
    const nobody = strict.person("Eve");
    const knock = async (userId: string) => {
      const socket = strict.socket(roomId, { ...nobody, userId });
      const { code } = await socket.closed;
      return socket.failure?.includes("429") ? 429 : code;
    };
    const enter = async (person: Person) => {
      const socket = strict.socket(roomId, person);
      await until(() => socket.frames.length > 0 || socket.failure !== undefined, { what: "the door to answer" });
      expect(socket.failure).toBeUndefined();
      socket.socket.close();
    };
    const [regular, newcomer, late] = [strict.person("Regular"), strict.person("Newcomer"), strict.person("Late")];
    await enter(regular);
    for (let attempt = 0; attempt < 5; attempt += 1) expect(await knock("")).toBe(4401);
    expect(await knock("")).toBe(429);
    await enter(newcomer);
    for (const invented of ["one", "two", "three"]) expect(await knock(invented)).toBe(4401);
    expect(await knock("four")).toBe(429);
    expect(await knock(late.userId)).toBe(429);
    await enter(regular);
    await enter(newcomer);
    await strict.end();
  });

  test("who comes back hundreds of times within a minute is told to wait", async () => {
    const strict = await openStage({ limits: { upgradesPerMinuteMax: 6 } });
    const roomId = await strict.room(clause("a", "Report", ["We report."]));
    const person = strict.person("Eager");
    const codes: number[] = [];
    for (let attempt = 0; attempt < 7; attempt += 1) {
      const socket = strict.socket(roomId, person);
      await socket.opened;
      await until(() => socket.frames.length > 0);
      socket.socket.close();
      codes.push((await socket.closed).code);
    }
    expect(codes.at(-1)).toBe(4529);
    const other = strict.socket(roomId, strict.person("Other"));
    await until(() => other.frames.length > 0, { what: "somebody else to come in" });
    await strict.end();
  });

  test("20 a thousand sockets that never finish asking keep nobody out", async () => {
    const { port } = new URL(stage.url);
    const halfOpen = await Promise.all(
      Array.from(
        { length: 1_000 },
        () =>
          new Promise<ReturnType<typeof connect>>((resolve, reject) => {
            const socket = connect(Number(port), "127.0.0.1", () => {
              socket.write("GET /realtime/00000000-0000-4000-8000-000000000000 HTTP/1.1\r\nHost: x\r\nUpgrade: webso");
              resolve(socket);
            });
            socket.on("error", reject);
          }),
      ),
    );
    const { tab } = await openTab("Patient");
    tab.type(" In.");
    await until(() => isSaved(tab), { what: "an edit to be saved beside them" });
    for (const socket of halfOpen) socket.destroy();
  });
});
