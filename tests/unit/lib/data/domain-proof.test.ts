import { afterAll, beforeAll, expect, test } from "vitest";
import { askDomain, askKey, type DomainDoors, domainDoors } from "#lib/data/domain-proof.ts";
import { type FetchedFile, FileProblem } from "#lib/data/well-known.ts";
import { startNameServer, type TestNameServer } from "#tests/support/name-server.ts";

const domain = "northlight.example.org";
const id = "0d9f4c1a-5a74-4f0b-9a52-3d1b0f6f8e77";
const key = "a1".repeat(32);
const name = `_concordat.${domain}`;

let server: TestNameServer;
let doors: DomainDoors;
let file: FetchedFile | null = null;
beforeAll(async () => {
  server = await startNameServer();
  const fetchFile = async () => {
    if (file) return file;
    throw new FileProblem("There is no such file.", false);
  };
  doors = { ...domainDoors({ nameServer: server.address }), fetchFile };
});
afterAll(() => server.close());

test("a record is found by a real question over UDP, and what was seen is kept with who was asked", async () => {
  server.records.set(name, ["unrelated", `v=1; org=${id}`, `V=1;K=${key.toUpperCase()};`]);
  expect(await askDomain(doors, domain, id)).toEqual({
    state: "good",
    sight: { foundBy: "dns", name, records: ["unrelated", `v=1; org=${id}`, `V=1;K=${key.toUpperCase()};`] },
  });
  expect((await askKey(doors, domain, id, key)).state).toBe("good");
  expect(doors.nameServers).toEqual([server.address]);
  expect(server.asked).toContain(name);
});

test("what is there instead is told", async () => {
  server.records.delete(name);
  expect(await askKey(doors, domain, id, key)).toMatchObject({
    state: "bad",
    problem: expect.stringContaining("There is no TXT record"),
  });
  server.records.set(name, [`v=1; k=${"b2".repeat(32)}`]);
  expect(await askKey(doors, domain, id, key)).toMatchObject({
    state: "bad",
    problem: expect.stringContaining(`It says: “v=1; k=b2b2`),
  });
  server.records.set(name, ["v=1; org=11111111-1111-4111-8111-111111111111"]);
  expect(await askDomain(doors, domain, id)).toMatchObject({
    problem: expect.stringContaining("names another organization"),
  });
});

test("the file on its site says the same, for this organization alone", async () => {
  server.records.delete(name);
  const text = JSON.stringify({ v: 1, organization: id, keys: [key] });
  file = { address: "192.0.2.1", text };
  expect(await askKey(doors, domain, id, key)).toMatchObject({ state: "good", sight: { foundBy: "well-known", text } });
  expect((await askDomain(doors, domain, id)).state).toBe("good");
  expect((await askKey(doors, domain, id, "c3".repeat(32))).state).toBe("bad");
  const other = "11111111-1111-4111-8111-111111111111";
  expect((await askKey(doors, domain, other, key)).state).toBe("bad");
  for (const bad of ["", "[]", '{"v":2}', '{"v":1,"organization":"x","keys":"all"}']) {
    file = { address: "192.0.2.1", text: bad };
    expect(await askKey(doors, domain, id, key)).toMatchObject({ state: "bad" });
  }
  file = null;
});

test("a name server that does not answer says neither yes nor no", async () => {
  const resolveTxt = async () => {
    throw Object.assign(new Error("queryTxt ETIMEOUT"), { code: "ETIMEOUT" });
  };
  expect((await askDomain({ ...doors, resolveTxt }, domain, id)).state).toBe("silent");
});
