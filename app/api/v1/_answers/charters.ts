import { policySentences } from "#lib/domain/policy.ts";
import { periodAnswer } from "#lib/domain/signatory-answer.ts";
import type { PublicCharter, PublicVersion } from "#lib/queries/public-charter.ts";
import type { PublicClause } from "#lib/queries/public-clause.ts";
import type { PublicDirectory } from "#lib/queries/public-directory.ts";
import type { PublicNotifications } from "#lib/queries/public-notifications.ts";
import type { PublicOrganization } from "#lib/queries/public-organization.ts";
import type { PublicVersionText } from "#lib/queries/public-version.ts";
import {
  type Charter,
  type ClauseHistory,
  type Directory,
  type Notifications,
  type Organization,
  schemaVersion,
  type Version,
  type VersionSummary,
} from "./schemas.ts";

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

export function directoryAnswer(view: PublicDirectory, publicUrl: string): Directory {
  return {
    schemaVersion,
    total: view.total,
    matching: view.matching,
    charters: view.entries.map(({ displayType: _type, versionNumber, sha256Hex, publishedAt, ...entry }) => ({
      ...entry,
      publishedAt: iso(publishedAt),
      version: versionNumber,
      sha256: sha256Hex,
      url: `${publicUrl}/c/${entry.slug}`,
    })),
    nextCursor: view.nextCursor,
  };
}

export function charterAnswer(charter: PublicCharter, publicUrl: string): Charter {
  return {
    schemaVersion,
    id: charter.id,
    slug: charter.slug,
    title: charter.title,
    purpose: charter.purpose,
    displayType: charter.displayType,
    publishedAt: iso(charter.publishedAt),
    convenor: charter.convenor.name,
    depositary: charter.depositary.name,
    policies: policySentences(charter.policy).map(({ policy, sentence }) => ({ policy, sentence })),
    status: charter.current.status,
    currentVersion: charter.current.number,
    versions: charter.versions.map((version) => versionSummary(charter.slug, version, publicUrl)),
    url: `${publicUrl}/c/${charter.slug}`,
  };
}

export function versionAnswer(
  { charter, version, parsed, corrections, withheld }: PublicVersionText,
  publicUrl: string,
): Version {
  const hashes = new Map(parsed.clauseHashes.map((one) => [one.id, one.sha256]));
  return {
    schemaVersion,
    charter: charter.slug,
    version: versionSummary(charter.slug, version, publicUrl),
    clauses: parsed.canonical.clauses.map((clause) => ({ ...clause, sha256: hashes.get(clause.id) ?? "" })),
    corrections: corrections.map(({ sha256Hex, proposedAt, objectsUntil, decidedAt, ...rest }) => ({
      ...rest,
      sha256: sha256Hex,
      proposedAt: proposedAt.toISOString(),
      objectsUntil: objectsUntil.toISOString(),
      decidedAt: iso(decidedAt),
    })),
    withheld: [...withheld],
    canonicalUrl: `${publicUrl}/c/${charter.slug}/v/${version.number}/text.json`,
  };
}

export function clauseAnswer({ charter, clauseId, steps }: PublicClause): ClauseHistory {
  return {
    schemaVersion,
    charter: charter.slug,
    clauseId,
    steps: steps.map((step) => ({
      version: step.version.number,
      versionSha256: step.version.sha256Hex,
      change: step.change,
      number: step.clause?.number ?? null,
      heading: step.clause?.heading ?? null,
      body: step.clause?.body ?? null,
      sha256: step.sha256Hex,
      differences: { heading: [...step.heading], body: [...step.body] },
    })),
  };
}

export function notificationsAnswer(view: PublicNotifications): Notifications {
  return {
    schemaVersion,
    charter: view.charter.slug,
    total: view.total,
    notifications: view.notifications.map(({ number, year, publishedAt, ...rest }) => ({
      ...rest,
      notification: `${number}/${year}`,
      publishedAt: publishedAt.toISOString(),
    })),
    nextCursor: view.nextCursor,
  };
}

export function organizationAnswer(organization: PublicOrganization): Organization {
  return {
    schemaVersion,
    ...organization,
    successor: organization.successor && {
      ...organization.successor,
      since: organization.successor.since.toISOString(),
    },
    names: organization.names.map((name) => ({ ...name, from: name.from.toISOString(), to: iso(name.to) })),
    charters: organization.charters.map(({ slug, title, periods }) => ({
      slug,
      title,
      periods: periods.map(periodAnswer),
    })),
  };
}

function versionSummary(slug: string, version: PublicVersion, publicUrl: string): VersionSummary {
  const { id: _id, frozenAt: _frozenAt, sha256Hex, ...rest } = version;
  return {
    ...rest,
    sha256: sha256Hex,
    adoptedAt: iso(version.adoptedAt),
    openedAt: iso(version.openedAt),
    effectiveAt: iso(version.effectiveAt),
    closedAt: iso(version.closedAt),
    url: `${publicUrl}/c/${slug}/v/${version.number}`,
  };
}
