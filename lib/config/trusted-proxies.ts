import { BlockList, isIP } from "node:net";

/** This machine: whose word is taken when nothing else was said. */
export const loopbackRanges = "127.0.0.0/8,::1";

/**
 * Addresses and CIDR ranges, separated by commas, as a list that can be asked; one of IPv4 covers the same one written as IPv6
 * ("::ffff:127.0.0.1"). Undefined when a part is neither.
 */
export function parseProxies(ranges: string): BlockList | undefined {
  const list = new BlockList();
  for (const range of ranges.split(",").map((part) => part.trim())) {
    const [address = "", bits, ...rest] = range.split("/");
    const version = isIP(address);
    if (version === 0 || address.includes("%") || rest.length > 0) return undefined;
    const family = version === 4 ? "ipv4" : "ipv6";
    if (bits === undefined) list.addAddress(address, family);
    else if (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
      list.addSubnet(address, Number(bits), family);
    else return undefined;
  }
  return list;
}
