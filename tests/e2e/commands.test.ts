import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bareEnvironment, startServer, type TestServer } from "#tests/support/server.ts";
import { until } from "#tests/support/until.ts";

const mailbox = { received: 0, refuses: false };
let smtp: SMTPServer;
let smtpUrl: string;
let server: TestServer;

beforeAll(async () => {
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onRcptTo: (_address, _session, done) => done(mailbox.refuses ? new Error("550 no such mailbox") : undefined),
    onData(stream, _session, done) {
      stream.resume().on("end", () => {
        mailbox.received += 1;
        done();
      });
    },
  });
  await new Promise<void>((resolve) => smtp.listen(0, "127.0.0.1", resolve));
  const address = smtp.server.address();
  smtpUrl = `smtp://127.0.0.1:${address && typeof address === "object" ? address.port : 0}`;
  server = await startServer();
});
afterAll(async () => {
  await server.remove();
  await new Promise<void>((resolve) => smtp.close(resolve));
});

test("an operator is appointed beside a server that runs, and when none runs", async () => {
  const data = { CONCORDAT_DATA: server.dataFolder };
  expect(await command("operator", ["olga@example.org"], data)).toEqual([
    0,
    "olga@example.org is an operator from now on.",
  ]);
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  await server.stop();
  expect(await command("operator", ["olga@example.org"], data)).toEqual([
    0,
    "olga@example.org is an operator already.",
  ]);
  expect(existsSync(join(server.dataFolder, "lock"))).toBe(false);
  server = await startServer({}, { dataFolder: server.dataFolder });
});

test("a demo world is emptied by a command, when no server runs on it, and the real thing can begin in its place", async () => {
  const data = { CONCORDAT_DATA: server.dataFolder };
  const [refused, why] = await command("empty-demo", [], data);
  expect([refused, why]).toEqual([
    1,
    expect.stringMatching(/^Concordat \(process \d+\) runs on [^\n]+; stop it first\.$/),
  ]);
  await server.stop();
  const real = { DEMO: "0", SMTP_URL: smtpUrl };
  const early = await startServer(real, { dataFolder: server.dataFolder, wait: false });
  expect(await early.ended).toBe(1);
  expect(early.output().trim()).toMatch(/^This database holds the demo world: [^\n]+\(npm run demo:empty\)\.$/);

  expect(await command("empty-demo", [], data)).toEqual([0, expect.stringMatching(/^The database is empty\./)]);
  expect(await command("empty-demo", [], data)).toEqual([1, "This database is empty already."]);
  server = await startServer(real, { dataFolder: server.dataFolder });
  expect(server.output()).not.toContain("demo");
  const listed = await (await fetch(`${server.url}/api/v1/charters`)).text();
  expect(listed).not.toContain("Northlight");
  // Its signer begins a new log, and does not take it for a forgery of the old one.
  const isSigned = async () => (await fetch(`${server.url}/log/checkpoint`)).status === 200;
  await until(isSigned, { what: "the new log to be signed", everyMs: 100 });
  expect(server.output()).not.toContain('"where":"signer"');

  await command("operator", ["olga@example.org"], { ...data, ...real });
  await server.stop();
  const kept = await command("empty-demo", [], data);
  expect(kept).toEqual([1, "This database is not a demo world: it is not emptied."]);
});

test("a test mail says in one sentence whether the mail server took it", async () => {
  const before = mailbox.received;
  const taken = await command("test-mail", ["olga@example.org"], { SMTP_URL: smtpUrl });
  expect(taken).toEqual([0, "A test mail to olga@example.org was taken by the mail server."]);
  expect(mailbox.received).toBe(before + 1);
  mailbox.refuses = true;
  const [code, words] = await command("test-mail", ["olga@example.org"], { SMTP_URL: smtpUrl });
  expect([code, words]).toEqual([1, expect.stringMatching(/^The mail server did not take a test mail: [^\n]+\.$/)]);
  const [, missing] = await command("test-mail", ["olga@example.org"], {});
  expect(missing).toMatch(/^SMTP_URL is missing: [^\n]+\.$/);
});

test.each([
  ["no address", "operator", [], "Say for whom: npm run operator -- name@example.org"],
  ["no recipient", "test-mail", [], "Say to whom: npm run mail:test -- name@example.org"],
  [
    "a command that there is not",
    "emptydemo",
    [],
    'There is no command "emptydemo"; there are operator, empty-demo, test-mail, check-rooms, rooms-restored.',
  ],
  ["a folder without data", "empty-demo", [], "There is nothing in /nowhere/at/all yet; start Concordat once first."],
] as const)("%s is said in one sentence", async (_what, name, given, sentence) => {
  expect(await command(name, given, { CONCORDAT_DATA: "/nowhere/at/all" })).toEqual([1, sentence]);
});

/** Runs one of the operators' commands as npm would, and gives its exit code and what it said. */
async function command(
  name: string,
  given: readonly string[],
  variables: Record<string, string>,
): Promise<[code: number | null, said: string]> {
  const child: ChildProcess = spawn(process.execPath, [join("server", "run.mjs"), name, ...given], {
    env: { ...bareEnvironment(), ...variables, NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => (said += chunk.toString("utf8")));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return [code, said.trim()];
}
