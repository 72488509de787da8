import { Refusal } from "./refusal.ts";

/** An atom of RFC 5322 in ASCII; several, joined by single dots, make the part before the @. */
const localPart = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
const asciiDomain = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/;

/**
 * Reads one mail address, and nothing that only looks like one: one ASCII @, plain atoms before it, a domain of at least two
 * labels after it (given back as A-labels). The whole address is given back in lower case and is what accounts are found by.
 * Quoted parts, comments, address literals, lists and anything that normalisation (NFKC) would change are refused: parsers
 * disagree about them, and a mail would reach somebody else.
 *
 * @throws {Refusal} malformed.
 */
export function parseMailAddress(text: string): string {
  const address = text.trim();
  if (address.length > 254) throw refused("A mail address has at most 254 characters.");
  if (address.normalize("NFKC") !== address) {
    throw refused("This address has characters that look like others. Type it on a plain keyboard.");
  }
  const [local, domain, ...rest] = address.split("@");
  if (!local || !domain || rest.length > 0) throw refused("A mail address looks like name@example.org.");
  if (local.length > 64 || !localPart.test(local)) {
    throw refused("The part before the @ may have letters, digits and signs such as . - _ + only.");
  }
  return `${local.toLowerCase()}@${asciiDomainOf(domain)}`;
}

/** As `parseMailAddress`, for a mail's domain alone. */
function asciiDomainOf(domain: string): string {
  // URL does IDNA for us; it also reads %-escapes, ports, paths and numbers as hosts, which have no place here.
  if (!/^[\p{L}\p{M}\p{N}.-]+$/u.test(domain)) throw refused("The part after the @ is not a domain name.");
  const host = URL.canParse(`https://${domain}/`) ? new URL(`https://${domain}/`).hostname : "";
  if (!asciiDomain.test(host)) throw refused("The part after the @ is not a domain name.");
  return host;
}

function refused(message: string): Refusal {
  return new Refusal("malformed", message);
}
