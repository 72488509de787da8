import { randomUUID } from "node:crypto";
import type { Store } from "#lib/data/store.ts";
import { ActPayload } from "#lib/domain/acts.ts";
import type { Clause } from "#lib/domain/charter-text.ts";
import { type CharterPolicy, defaultPolicy } from "#lib/domain/policy.ts";
import { canonicalVersion } from "#lib/ledger/canonical-version.ts";
import { decodeHex, sha256Hex } from "#lib/ledger/hash.ts";

/** An organization as tests insert it. */
export type RecordedOrganization = {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly country: string;
  readonly class: string;
  readonly sector: string;
};

/** A version as tests insert it. */
export type RecordedVersion = {
  readonly id: string;
  readonly number: number;
  readonly sha256: string;
  readonly openedAt: Date;
};

export type RecordedCharter = { readonly id: string; readonly slug: string; readonly convenor: RecordedOrganization };

type Publication = { readonly actId: string; readonly number: number };

/**
 * Writes public records straight into the tables, without commands, log or evidence: what readers see must follow from
 * acts alone. Every public act is numbered, dated and followed by its revisions, as publication does it.
 */
export class PublicRecord {
  readonly #store: Store;
  readonly #numbers = new Map<string, number>();

  constructor(store: Store) {
    this.#store = store;
  }

  async organization(given: Partial<RecordedOrganization> & { readonly name: string }): Promise<RecordedOrganization> {
    const [organization] = await this.organizations([given]);
    if (!organization) throw new Error("Nothing was inserted.");
    return organization;
  }

  async organizations(
    given: readonly (Partial<RecordedOrganization> & { readonly name: string })[],
  ): Promise<RecordedOrganization[]> {
    const all = given.map((one) => ({
      id: randomUUID(),
      slug: `o-${randomUUID().slice(0, 8)}`,
      country: "DE",
      class: "company",
      sector: "Technology",
      ...one,
    }));
    await inBatches(all, async (batch) => {
      await this.#store.db.organization.createMany({
        data: batch.map(({ name, ...one }) => ({ ...one, legalName: name, displayName: name, nameSkeleton: one.id })),
      });
    });
    return all;
  }

  async charter(
    given: {
      readonly slug?: string;
      readonly purpose?: string;
      readonly visibility?: "PRIVATE" | "EMBARGOED" | "PUBLIC";
      readonly policy?: Partial<CharterPolicy>;
      readonly convenor?: RecordedOrganization;
      readonly publishedAt?: Date;
    } = {},
  ): Promise<RecordedCharter> {
    const convenor = given.convenor ?? (await this.organization({ name: "Harbour Forum" }));
    const id = randomUUID();
    const slug = given.slug ?? `c-${id.slice(0, 8)}`;
    await this.#store.db.charter.create({
      data: {
        id,
        slug,
        title: "Working title",
        purpose: given.purpose ?? "",
        displayType: "Accord",
        template: "multi-party-accord",
        policy: { ...defaultPolicy, ...given.policy },
        policyFixedAt: new Date(0),
        visibility: given.visibility ?? "PUBLIC",
        convenorOrganizationId: convenor.id,
        depositaryOrganizationId: convenor.id,
        createdBy: randomUUID(),
        publishedAt: given.publishedAt ?? new Date("2031-01-01T10:00:00.000Z"),
      },
    });
    await this.bump("directory", `charter:${id}`);
    return { id, slug, convenor };
  }

  /** A version that is open (or in another state) since `openedAt`, with the acts of its adoption and opening. */
  async version(
    charter: RecordedCharter,
    given: {
      readonly number?: number;
      readonly title?: string;
      readonly clauses: readonly Clause[];
      readonly openedAt?: Date;
      readonly state?: string;
      readonly effectiveAt?: Date | null;
      readonly previous?: RecordedVersion | null;
    },
  ): Promise<RecordedVersion> {
    const number = given.number ?? 1;
    const openedAt = given.openedAt ?? new Date("2031-01-01T10:00:00.000Z");
    const frozen = canonicalVersion(
      { title: given.title ?? "An accord", language: "en", clauses: [...given.clauses] },
      { charterId: charter.id, version: number, previous: given.previous?.sha256 ?? null },
    );
    const round = await this.#store.db.draftRound.create({
      data: { charterId: charter.id, number, state: "ADOPTED", openedAt },
      select: { id: true },
    });
    const id = randomUUID();
    await this.#store.db.charterVersion.create({
      data: {
        id,
        charterId: charter.id,
        draftRoundId: round.id,
        number,
        state: given.state ?? "OPEN",
        title: given.title ?? "An accord",
        language: "en",
        canonical: Uint8Array.from(frozen.bytes),
        sha256: Uint8Array.from(decodeHex(frozen.hashHex)),
        clauseHashes: frozen.clauseHashes.map((one) => ({ ...one })),
        textSha256: new Uint8Array(32),
        roomId: randomUUID(),
        roomSeq: 1n,
        frozenAt: openedAt,
        frozenBy: randomUUID(),
        adoptedAt: openedAt,
        openedAt,
        effectiveAt: given.effectiveAt ?? null,
      },
    });
    const version = { id, number, sha256: frozen.hashHex, openedAt };
    const payload = { versionSha256: frozen.hashHex, number, plannedAt: null, openedAt: openedAt.toISOString() };
    await this.publish(charter, version, null, { kind: "open", ...payload }, openedAt);
    return version;
  }

  /** A signature that is public since `at`. */
  async sign(
    charter: RecordedCharter,
    version: RecordedVersion,
    organization: RecordedOrganization,
    at: Date,
    more: { readonly later?: boolean; readonly signedAs?: string; readonly officerTitle?: string } = {},
  ): Promise<Publication> {
    const payload = signPayload(version, organization, at, more);
    return this.publish(charter, version, organization, payload, at);
  }

  async withdraw(
    charter: RecordedCharter,
    version: RecordedVersion,
    organization: RecordedOrganization,
    signature: Publication,
    { at, effectiveOn }: { readonly at: Date; readonly effectiveOn: Date },
  ): Promise<Publication> {
    const payload: ActPayload = {
      kind: "withdraw",
      ...signedFields(version, organization, at),
      signActId: signature.actId,
      effectiveOn: effectiveOn.toISOString(),
      reason: "",
    };
    return this.publish(charter, version, organization, payload, at);
  }

  /** Publishes one act in one transaction, with its revisions. */
  async publish(
    charter: RecordedCharter,
    version: RecordedVersion,
    organization: RecordedOrganization | null,
    payload: ActPayload,
    at: Date,
  ): Promise<Publication> {
    const act = this.#actOf(charter, version, organization, payload, at);
    await this.#store.db.$transaction([
      this.#store.db.act.create({ data: act.act }),
      this.#store.db.actPublication.create({ data: act.publication }),
    ]);
    await this.bump("directory", `charter:${charter.id}`, ...(organization ? [`organization:${organization.id}`] : []));
    return { actId: act.act.id, number: act.publication.number };
  }

  /** Many signatures at once, a second apart, for figures and long lists. */
  async signMany(
    charter: RecordedCharter,
    version: RecordedVersion,
    organizations: readonly RecordedOrganization[],
    from: Date,
  ): Promise<void> {
    const acts = organizations.map((organization, at) => {
      const instant = new Date(from.getTime() + at * 1000);
      return this.#actOf(charter, version, organization, signPayload(version, organization, instant), instant);
    });
    await inBatches(acts, async (batch) => {
      await this.#store.db.act.createMany({ data: batch.map((one) => one.act) });
      await this.#store.db.actPublication.createMany({ data: batch.map((one) => one.publication) });
    });
    await this.bump("directory", `charter:${charter.id}`);
  }

  async bump(...scopes: readonly string[]): Promise<void> {
    for (const scope of [...scopes].sort()) {
      await this.#store.pool.query(
        `INSERT INTO public_revision (scope, revision) VALUES ($1, 1)
         ON CONFLICT (scope) DO UPDATE SET revision = public_revision.revision + 1`,
        [scope],
      );
    }
  }

  #actOf(
    charter: RecordedCharter,
    version: RecordedVersion,
    organization: RecordedOrganization | null,
    payload: ActPayload,
    at: Date,
  ) {
    const id = randomUUID();
    const number = (this.#numbers.get(charter.id) ?? 0) + 1;
    this.#numbers.set(charter.id, number);
    return {
      act: {
        id,
        charterId: charter.id,
        versionId: version.id,
        organizationId: organization?.id ?? null,
        kind: payload.kind,
        payload: ActPayload.parse(payload),
        at,
      },
      publication: {
        actId: id,
        charterId: charter.id,
        number,
        notificationNumber: number,
        notificationYear: at.getUTCFullYear(),
        title: organization ? `${organization.name}: ${payload.kind}` : `Version ${version.number}: ${payload.kind}`,
        text: `An act of the kind ${payload.kind}.`,
        publishedAt: at,
      },
    };
  }
}

function signPayload(
  version: RecordedVersion,
  organization: RecordedOrganization,
  at: Date,
  more: { readonly later?: boolean; readonly signedAs?: string; readonly officerTitle?: string } = {},
): ActPayload {
  return {
    kind: "sign",
    actType: more.later ? "ACCESSION" : "SIGNATURE",
    ...signedFields(version, organization, at, more),
    statementForPublication: "",
    declaration: "",
  };
}

function signedFields(
  version: RecordedVersion,
  organization: RecordedOrganization,
  at: Date,
  more: { readonly signedAs?: string; readonly officerTitle?: string } = {},
) {
  const name = more.signedAs ?? organization.name;
  const { id, country, sector } = organization;
  return {
    organization: {
      id,
      legalName: name,
      displayName: name,
      country,
      class: organization.class,
      sector,
      domain: "example.org",
    },
    versionSha256: version.sha256,
    officerTitle: more.officerTitle ?? "General Counsel",
    officerCommitment: sha256Hex(new TextEncoder().encode(id)),
    statementSha256: sha256Hex(new TextEncoder().encode(`${id} ${at.toISOString()}`)),
    evidenceClass: "B" as const,
    keySha256: null,
    signedAt: at.toISOString(),
  };
}

async function inBatches<T>(all: readonly T[], insert: (batch: readonly T[]) => Promise<void>): Promise<void> {
  for (let from = 0; from < all.length; from += 1000) await insert(all.slice(from, from + 1000));
}
