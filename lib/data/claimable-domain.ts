import { parse as parseHost } from "tldts";
import { Refusal } from "#lib/domain/refusal.ts";

/** Domains under which anybody gets an address: having one says nothing about an organization. */
const freeMail = new Set(
  (
    "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com icloud.com me.com mac.com aol.com " +
    "gmx.com gmx.net gmx.de web.de t-online.de freenet.de mail.com mail.ru yandex.com yandex.ru proton.me protonmail.com pm.me " +
    "tutanota.com tuta.io zoho.com qq.com 163.com 126.com sina.com naver.com hanmail.net orange.fr laposte.net free.fr wanadoo.fr " +
    "libero.it virgilio.it wp.pl o2.pl seznam.cz rediffmail.com hey.com fastmail.com mailbox.org posteo.de"
  ).split(" "),
);

/**
 * Reads a domain that an organization may say is its own, and gives it back in A-labels and lower case. Refused are addresses
 * by number, names of this machine, public suffixes, domains of mail providers, and hosts below the registered domain.
 *
 * @throws {Refusal} malformed, with the reason.
 */
export function parseClaimableDomain(text: string): string {
  const given = text.trim().replace(/\.$/, "").toLowerCase();
  if (given.length > 253 || given.normalize("NFKC") !== given || !/^[\p{L}\p{M}\p{N}.-]+$/u.test(given)) {
    throw new Refusal(
      "malformed",
      "A domain looks like example.org: no address of a page, no spaces, plain characters.",
    );
  }
  const host = URL.canParse(`https://${given}/`) ? new URL(`https://${given}/`).hostname : "";
  const facts = parseHost(host, { allowPrivateDomains: true });
  if (host === "" || facts.isIp || /^\d+$/.test(host.split(".").at(-1) ?? "")) {
    throw new Refusal("malformed", "An address by number is not a domain of an organization.");
  }
  if (!host.includes(".") || /\.(?:localhost|local|internal|test|invalid|onion|arpa)$/.test(host)) {
    throw new Refusal("malformed", "This name does not exist in the public domain name system.");
  }
  if (host === facts.publicSuffix || !facts.domain) {
    throw new Refusal("malformed", `${host} is a public suffix: many organizations have names below it.`);
  }
  if (freeMail.has(facts.domain)) {
    throw new Refusal(
      "malformed",
      `${facts.domain} gives mail addresses to anybody, so it cannot stand for an organization.`,
    );
  }
  if (host !== facts.domain) {
    throw new Refusal(
      "malformed",
      `Give the registered domain itself, ${facts.domain}, without what stands before it.`,
    );
  }
  return host;
}
