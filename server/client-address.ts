import type { IncomingMessage } from "node:http";
import { type BlockList, isIP } from "node:net";
import { loopbackRanges, parseProxies } from "#lib/config/trusted-proxies.ts";

const loopbackOnly = parseProxies(loopbackRanges);

/**
 * The network address a request comes from. A proxy writes at the right of `X-Forwarded-For` who asked it, so the header is walked from
 * there while the one who wrote is trusted; the first that is not trusted is who asks. What is no address is not walked past: what stands
 * left of it may be anybody's invention. "" when the socket is gone.
 */
export function clientAddress(
  request: Pick<IncomingMessage, "headers" | "socket">,
  trusted: BlockList | undefined = loopbackOnly,
): string {
  let address = plain(request.socket.remoteAddress ?? "");
  const forwarded = request.headers["x-forwarded-for"];
  if (forwarded === undefined) return address;
  for (const hop of String(forwarded).split(",").toReversed()) {
    const next = plain(hop.trim());
    if (isIP(next) === 0 || !isTrusted(trusted, address)) break;
    address = next;
  }
  return address;
}

function isTrusted(trusted: BlockList | undefined, address: string): boolean {
  return trusted?.check(address, isIP(address) === 6 ? "ipv6" : "ipv4") === true;
}

/** An address of IPv4 as such, however it is written: one place has one name. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "");
}
