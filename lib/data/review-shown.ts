import { Identity } from "#lib/domain/organization-identity.ts";
import { encodeUtf8, sha256Hex } from "#lib/ledger/hash.ts";

/** The columns of a review and its organization that an operator decides on. */
export const shownOfReview = {
  id: true,
  evidence: true,
  wanted: true,
  organization: {
    select: {
      id: true,
      legalName: true,
      displayName: true,
      country: true,
      class: true,
      sector: true,
      website: true,
      domains: {
        where: { releasedAt: null, confirmedAt: { not: null } },
        orderBy: { domain: "asc" },
        select: { domain: true },
      },
    },
  },
} as const;

type Shown = {
  readonly id: string;
  readonly evidence: string;
  readonly wanted: unknown;
  readonly organization: Identity & {
    readonly id: string;
    readonly sector: string;
    readonly website: string | null;
    readonly domains: readonly { readonly domain: string }[];
  };
};

/** SHA-256 in hex of what the operator is shown, so that a decision says what it was made on. */
export function hashOfShown(review: Shown): string {
  const { id, legalName, displayName, country, class: kind, sector, website, domains } = review.organization;
  const wanted = wantedOf(review.wanted);
  const asked = wanted && [wanted.legalName, wanted.displayName, wanted.country, wanted.class];
  const names = domains.map((one) => one.domain);
  const shown = [review.id, review.evidence, asked, id, legalName, displayName, country, kind, sector, website, names];
  return sha256Hex(encodeUtf8(JSON.stringify(shown)));
}

/** The identity that a review asks for; null where it stays as it is. */
export function wantedOf(wanted: unknown): Identity | null {
  return wanted === null ? null : Identity.parse(wanted);
}
