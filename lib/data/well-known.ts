import { promises as dns, type LookupAddress } from "node:dns";
import { request } from "node:https";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { decodeUtf8 } from "#lib/ledger/hash.ts";

/** Where an organization may say on its own site what it says in its DNS. */
export const wellKnownPath = "/.well-known/concordat.json";

/** A file as it was read, and the address it came from. */
export type FetchedFile = { readonly address: string; readonly text: string };

/** The file could not be read. `isOutage` is true when nothing can be said from that; the message may be shown. */
export class FileProblem extends Error {
  override readonly name = "FileProblem";
  readonly isOutage: boolean;

  constructor(message: string, isOutage: boolean, options?: ErrorOptions) {
    super(message, options);
    this.isOutage = isOutage;
  }
}

/** How a file is reached; tests give their own, everybody else what `wellKnownDoors` is. */
export type WellKnownDoors = {
  readonly lookup: (host: string) => Promise<readonly LookupAddress[]>;
  /** Whether a connection may be made to that address. */
  readonly isAllowed: (address: string) => boolean;
  readonly port: number;
  /** A certificate authority beside those of this machine. */
  readonly ca?: string;
  readonly timeoutMs: number;
};

export const wellKnownDoors: WellKnownDoors = {
  lookup: (host) => dns.lookup(host, { all: true, verbatim: true }),
  isAllowed: isPublicAddress,
  port: 443,
  timeoutMs: 6000,
};

/** The largest file that is read. */
const bytesMax = 16_384;

/**
 * Reads `https://<domain>/.well-known/concordat.json` without becoming anybody's tool: the addresses are looked up first, all of them
 * must be public, and the connection goes to the very address that was judged, so that a name which changes its answer
 * leads nowhere else. No redirect is followed, and size and time are bounded.
 *
 * @throws {FileProblem}
 */
export async function fetchWellKnown(domain: string, doors: WellKnownDoors = wellKnownDoors): Promise<FetchedFile> {
  const found = await doors.lookup(domain).catch((cause: unknown) => {
    throw new FileProblem(`The name ${domain} leads to no address.`, true, { cause });
  });
  const [first] = found;
  if (!first) throw new FileProblem(`The name ${domain} leads to no address.`, true);
  if (!found.every(({ address }) => doors.isAllowed(address))) {
    throw new FileProblem(`${domain} leads to an address that is not on the public internet; it was not asked.`, false);
  }
  return read(domain, first, doors);
}

function read(domain: string, { address, family }: LookupAddress, doors: WellKnownDoors): Promise<FetchedFile> {
  const url = `https://${domain}${wellKnownPath}`;
  const pinned: LookupFunction = (_host, options, done) => {
    if (options.all) done(null, [{ address, family }]);
    else done(null, address, family);
  };
  return new Promise((resolve, reject) => {
    const fail = (message: string, isOutage: boolean, cause?: unknown) =>
      reject(new FileProblem(message, isOutage, { cause }));
    const asked = request({
      host: domain,
      servername: domain,
      port: doors.port,
      path: wellKnownPath,
      lookup: pinned,
      agent: false,
      headers: { accept: "application/json", "user-agent": "Concordat (looks for concordat.json)" },
      signal: AbortSignal.timeout(doors.timeoutMs),
      ...(doors.ca === undefined ? {} : { ca: doors.ca }),
    });
    asked.on("error", (error) => fail(`${url} could not be read: ${wordsOf(error)}`, true, error));
    asked.on("response", (answer) => {
      const status = answer.statusCode ?? 0;
      if (status !== 200) {
        asked.destroy();
        const where = answer.headers.location ? ` (it points to ${answer.headers.location.slice(0, 200)})` : "";
        return fail(
          status >= 300 && status < 400
            ? `${url} leads elsewhere${where}; the file must stand there itself.`
            : `${url} answers ${status}.`,
          status >= 500,
        );
      }
      const parts: Buffer[] = [];
      let size = 0;
      answer.on("data", (part: Buffer) => {
        size += part.length;
        parts.push(part);
        if (size <= bytesMax) return;
        asked.destroy();
        fail(`${url} is larger than ${bytesMax} bytes.`, false);
      });
      answer.on("end", () => {
        try {
          resolve({ address, text: decodeUtf8(Buffer.concat(parts)) });
        } catch (error) {
          fail(`${url} is not a text.`, false, error);
        }
      });
      answer.on("error", (error) => fail(`${url} could not be read: ${wordsOf(error)}`, true, error));
    });
    asked.end();
  });
}

function wordsOf(error: Error): string {
  if (error.name === "TimeoutError" || error.name === "AbortError") return "it took too long.";
  const code = "code" in error ? String(error.code) : "";
  return /CERT|TLS|SSL|ALTNAME/.test(code) ? "its certificate is not in order." : "there was no answer.";
}

/** Source: the special-purpose address registries of IANA (RFC 6890 and its updates), and what embeds IPv4 in IPv6. */
const special = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const) {
  special.addSubnet(network, prefix, "ipv4");
}
/** In IPv6 only global unicast (2000::/3) is public, less these. */
const globalUnicast = new BlockList();
globalUnicast.addSubnet("2000::", 3, "ipv6");
for (const [network, prefix] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const) {
  special.addSubnet(network, prefix, "ipv6");
}

/** Whether an address is one of the public internet: not of this machine, of a private or link-local network, or reserved. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !special.check(address, "ipv4");
  return family === 6 && globalUnicast.check(address, "ipv6") && !special.check(address, "ipv6");
}
