import { createSocket, type RemoteInfo } from "node:dgram";

/** A name server on this machine: answers TXT questions from `records`, which a test changes as it likes. */
export type TestNameServer = {
  /** As `Resolver.setServers` and NAME_SERVER take it. */
  readonly address: string;
  /** TXT records by name. A name that is not there does not exist. */
  readonly records: Map<string, readonly string[]>;
  /** The names that were asked for. */
  readonly asked: readonly string[];
  close(): Promise<void>;
};

/** Starts a name server on a port of its own. Source: RFC 1035 section 4. */
export async function startNameServer(): Promise<TestNameServer> {
  const records = new Map<string, readonly string[]>();
  const asked: string[] = [];
  const socket = createSocket("udp4");
  socket.on("message", (question: Buffer, from: RemoteInfo) => {
    const { name, end } = readName(question);
    asked.push(name);
    const isTxt = question.readUInt16BE(end) === 16;
    const found = records.get(name);
    const answers = isTxt ? (found ?? []).map(txtRecord) : [];
    const header = Buffer.alloc(12);
    question.copy(header, 0, 0, 2);
    // An answer with authority; recursion as it was asked for; NXDOMAIN for a name that is not there.
    header.writeUInt16BE(0x8580 | (found ? 0 : 3), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(answers.length, 6);
    socket.send(Buffer.concat([header, question.subarray(12, end + 4), ...answers]), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return {
    address: `127.0.0.1:${socket.address().port}`,
    records,
    asked,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

function readName(question: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
    labels.push(question.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join(".").toLowerCase(), end: at + 1 };
}

/** The record of the name that was asked for: a pointer to it, TXT, IN, a minute, and the text in parts of at most 255 bytes. */
function txtRecord(text: string): Buffer {
  const bytes = Buffer.from(text);
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 255) {
    const part = bytes.subarray(at, at + 255);
    parts.push(Buffer.from([part.length]), part);
  }
  const data = Buffer.concat(parts);
  const head = Buffer.from([0xc0, 0x0c, 0, 16, 0, 1, 0, 0, 0, 60, 0, 0]);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}
