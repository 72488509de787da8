import type { Context } from "#lib/data/context.ts";
import { CharterPolicy } from "#lib/domain/policy.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { countSignatories, type Signatory } from "#lib/domain/signatory-list.ts";
import { publicStates, type VersionState, versionStates, versionStatusSentence } from "#lib/domain/version-status.ts";
import { encodeHex } from "#lib/ledger/hash.ts";
import { loadPresentList } from "./public-acts.ts";

/** An organization as public pages name it; `slug` is null while it has no public page. */
export type NamedOrganization = { readonly name: string; readonly slug: string | null };

/** A version of a public charter that everyone can read, without its text. */
export type PublicVersion = {
  readonly id: string;
  readonly number: number;
  readonly state: VersionState;
  readonly title: string;
  readonly language: string;
  readonly sha256Hex: string;
  readonly frozenAt: Date;
  readonly adoptedAt: Date | null;
  readonly openedAt: Date | null;
  readonly effectiveAt: Date | null;
  readonly closedAt: Date | null;
  /** Organizations that stand on its list now, each once; and those that once stood on it. */
  readonly signatories: number;
  readonly withdrawn: number;
  /** Where it stands, in one sentence. */
  readonly status: string;
};

/** The head of a public charter. `versions` ascend; `current` is the one its page shows. */
export type PublicCharter = {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly purpose: string;
  readonly displayType: string;
  readonly publishedAt: Date | null;
  readonly policy: CharterPolicy;
  readonly convenor: NamedOrganization;
  readonly depositary: NamedOrganization;
  readonly versions: readonly PublicVersion[];
  readonly current: PublicVersion;
  /** A later version that can be signed while `current` is still in effect. */
  readonly upcoming: PublicVersion | null;
};

/** The columns of a version that public pages need. */
export const versionSelect = {
  id: true,
  number: true,
  state: true,
  title: true,
  language: true,
  sha256: true,
  frozenAt: true,
  adoptedAt: true,
  openedAt: true,
  effectiveAt: true,
  closedAt: true,
} as const;

/** Which versions are public: those of a public charter in a public state. */
export const publicVersionWhere = { state: { in: [...publicStates] } };

/**
 * The head of a public charter.
 *
 * @throws {Refusal} not-found for every slug that is not public, whether it exists or not, after the same one query.
 */
export async function loadPublicCharter(ctx: Context, slug: string): Promise<PublicCharter> {
  const charter = await findCharterRow(ctx, slug);
  const versions = charter?.versions.length ? charter.versions : null;
  if (!charter || !versions) throw notPublic();
  const [list, organizations] = await Promise.all([
    loadPresentList(ctx.db, charter.id, ctx.now),
    ctx.db.organization.findMany({
      where: { id: { in: [charter.convenorOrganizationId, charter.depositaryOrganizationId] } },
      select: { id: true, slug: true, displayName: true },
    }),
  ]);
  const policy = CharterPolicy.parse(charter.policy);
  const views = versions.map((row) => versionView(row, list, policy));
  const current = currentVersion(views);
  const newest = views.at(-1);
  const named = (id: string): NamedOrganization => {
    const found = organizations.find((one) => one.id === id);
    return { name: found?.displayName ?? "", slug: found?.slug ?? null };
  };
  return {
    id: charter.id,
    slug,
    title: current.title,
    purpose: charter.purpose,
    displayType: charter.displayType,
    publishedAt: charter.publishedAt,
    policy,
    convenor: named(charter.convenorOrganizationId),
    depositary: named(charter.depositaryOrganizationId),
    versions: views,
    current,
    upcoming: newest && newest.number > current.number && newest.state === "OPEN" ? newest : null,
  };
}

/** The refusal of every address that shows nothing in public. */
export function notPublic(): Refusal {
  return new Refusal("not-found", "There is nothing public at this address.");
}

/** The version a charter's page shows: the latest one in effect, else the latest open one, else the latest. */
export function currentVersion<T extends { readonly state: VersionState }>(versions: readonly T[]): T {
  const last = (state: VersionState): T | undefined => versions.findLast((one) => one.state === state);
  const current = last("IN_EFFECT") ?? last("OPEN") ?? versions.at(-1);
  if (!current) throw notPublic();
  return current;
}

/** The state of a version as the database spells it. */
export function readState(state: string): VersionState {
  const known = versionStates.find((one) => one === state);
  if (!known) throw new Error(`Unknown state of a version: ${state}`);
  return known;
}

async function findCharterRow(ctx: Context, slug: string) {
  return ctx.db.charter.findFirst({
    where: { slug, visibility: "PUBLIC" },
    select: {
      id: true,
      purpose: true,
      displayType: true,
      publishedAt: true,
      policy: true,
      convenorOrganizationId: true,
      depositaryOrganizationId: true,
      versions: { where: publicVersionWhere, orderBy: { number: "asc" }, select: versionSelect },
    },
  });
}

type VersionRow = NonNullable<Awaited<ReturnType<typeof findCharterRow>>>["versions"][number];

type Counts = ReturnType<typeof countSignatories>;
const countsByList = new WeakMap<readonly Signatory[], Map<number, Counts>>();

/** Who stands on a version. Counted once for as long as the list stays the same, since every page of a charter asks. */
function countsOf(list: readonly Signatory[], versionNumber: number): Counts {
  const known = countsByList.get(list) ?? new Map<number, Counts>();
  countsByList.set(list, known);
  const counts =
    known.get(versionNumber) ?? countSignatories(list.filter((one) => one.versionNumber === versionNumber));
  known.set(versionNumber, counts);
  return counts;
}

function versionView(row: VersionRow, list: readonly Signatory[], policy: CharterPolicy): PublicVersion {
  const { sha256, state, ...rest } = row;
  const counts = countsOf(list, row.number);
  const known = readState(state);
  const status = versionStatusSentence({ ...rest, ...counts, state: known, label: policy.signatoryLabel });
  return { ...rest, ...counts, state: known, sha256Hex: encodeHex(sha256), status };
}
