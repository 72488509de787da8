import { createHash, randomUUID } from "node:crypto";
import { acknowledgePolicy } from "#lib/commands/acknowledge-policy.ts";
import { createCharter } from "#lib/commands/create-charter.ts";
import { fixPolicyAndOpenDrafting } from "#lib/commands/fix-policy-and-open-drafting.ts";
import type { Context } from "#lib/data/context.ts";
import { openStore, type Store } from "#lib/data/store.ts";
import type { Actor, OrganizationRole, Person } from "#lib/domain/actor.ts";
import { type CharterPolicy, defaultPolicy } from "#lib/domain/policy.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";

/** An organization of a test; its people act for it. */
export type WorldOrganization = { readonly id: string; readonly name: string };

/** A person of a test, with the roles they hold in one organization. */
export type WorldPerson = {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly organization: WorldOrganization | null;
  readonly roles: readonly OrganizationRole[];
};

/** A charter in drafting whose policy is fixed, with its convenor's representative. */
export type WorldCharter = { readonly charterId: string; readonly roomId: string; readonly convenor: WorldPerson };

/** What `world.charter` makes; everything may be left out. */
export type CharterOptions = {
  readonly convenor?: WorldPerson;
  /** The text as Markdown. */
  readonly markdown?: string;
  readonly template?: string;
  readonly policy?: Partial<CharterPolicy>;
  /** Representatives whose organizations get a seat, and who acknowledge the policy. */
  readonly participants?: readonly WorldPerson[];
  /** Leaves the policy open, as right after creation. */
  readonly isSetup?: boolean;
};

/** A small world on a database of its own: organizations, people, charters, and a clock that the test moves. */
export type World = {
  readonly store: Store;
  readonly database: TestDatabase;
  readonly now: Date;
  /** Lets time pass. */
  advance(ms: number): void;
  organization(name?: string): Promise<WorldOrganization>;
  /** A person with these roles in the organization; without one, a newcomer. */
  person(
    organization: WorldOrganization | null,
    roles?: readonly OrganizationRole[],
    name?: string,
  ): Promise<WorldPerson>;
  charter(options?: CharterOptions): Promise<WorldCharter>;
  /** Gives the person's organization a seat and lets them acknowledge the policy. */
  seat(charterId: string, person: WorldPerson, isEditor?: boolean): Promise<void>;
  /** What a command or query gets when this person asks now; a visitor for null. */
  as(person: WorldPerson | null): Context;
  close(): Promise<void>;
};

/** Builds a world on a fresh database, or on one that is given. Call `close()` at the end. */
export async function createWorld(given?: TestDatabase): Promise<World> {
  const database = given ?? (await createTestDatabase());
  const store = openStore(database.url, 5);
  const chance = seededChance(randomUUID());
  let now = new Date("2031-05-03T09:00:00.000Z");
  let count = 0;
  const next = () => {
    count += 1;
    return count;
  };

  const world: World = {
    store,
    database,
    get now() {
      return now;
    },
    advance(ms) {
      now = new Date(now.getTime() + ms);
    },
    async organization(name = `${names[count % names.length] ?? "Example"} ${next()}`) {
      const id = randomUUID();
      await store.db.organization.create({
        data: {
          id,
          legalName: `${name} GmbH`,
          displayName: name,
          nameSkeleton: name.toLowerCase(),
          country: "DE",
          class: "company",
          sector: "Technology",
        },
      });
      return { id, name };
    },
    async person(organization, roles = ["admin", "representative", "drafter"], name = `Person ${next()}`) {
      const userId = randomUUID();
      const email = `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, ".")}.${userId.slice(0, 8)}@example.org`;
      await store.db.user.create({
        data: { id: userId, name, email, emailVerified: now, currentOrganizationId: organization?.id ?? null },
      });
      if (organization) {
        await store.db.membership.create({
          data: { organizationId: organization.id, userId, roles: [...roles], from: now },
        });
      }
      return { userId, name, email, organization, roles };
    },
    async charter(options = {}) {
      const convenor = options.convenor ?? (await world.person(await world.organization()));
      if (!convenor.organization) throw new Error("A convenor needs an organization.");
      const ctx = world.as(convenor);
      const { charterId, roomId } = await createCharter(ctx, {
        organizationId: convenor.organization.id,
        template: options.template ?? "multi-party-accord",
        markdown: options.template ? null : (options.markdown ?? plainMarkdown),
        title: "",
        purpose: "Organizations deal fairly with one another.",
        displayType: "Accord",
        language: "en",
        policy: { ...defaultPolicy, ...options.policy },
      });
      if (!options.isSetup) await fixPolicyAndOpenDrafting(ctx, { charterId });
      for (const person of options.participants ?? []) await world.seat(charterId, person);
      return { charterId, roomId, convenor };
    },
    async seat(charterId, person, isEditor = true) {
      if (!person.organization) throw new Error("A seat belongs to an organization.");
      const organizationId = person.organization.id;
      now = new Date(now.getTime() + 1000);
      await store.db.participant.upsert({
        where: { charterId_organizationId: { charterId, organizationId } },
        create: { charterId, organizationId, isEditor, joinedAt: now },
        update: { leftAt: null, isEditor },
      });
      await acknowledgePolicy(world.as(person), { charterId });
    },
    as(person) {
      return { db: store.db, actor: actorOf(person), now, random: chance, site };
    },
    async close() {
      await store.close();
      await database.drop();
    },
  };
  return world;
}

const names = ["Northlight", "Harbour Works", "Meridian Labs", "Oak Street Bank", "Blue Fjord", "Castellan"];

const plainMarkdown = `# Accord on Fair Dealing

## Commitments

1. Signatories pay fairly.
2. Signatories report yearly.
3. Signatories answer questions.

## Final provisions

1. This accord is open for signature.
`;

const site: Context["site"] = {
  publicUrl: "http://localhost:3000",
  logOrigin: "localhost/log",
  signOrigin: "http://localhost:3000",
  signRpId: "localhost",
  isDemo: false,
  secret: new Uint8Array(32).fill(7),
};

function actorOf(person: WorldPerson | null): Actor {
  if (!person) return { kind: "visitor" };
  const { userId, name, email, organization, roles } = person;
  const actor: Person = {
    kind: "person",
    userId,
    sessionId: userId,
    name,
    hasGivenName: true,
    email,
    isOperator: false,
    organizationId: organization?.id ?? null,
    memberships: organization ? [{ organizationId: organization.id, displayName: organization.name, roles }] : [],
  };
  return actor;
}

/** Bytes that look random and follow from a seed. */
function seededChance(seed: string): Context["random"] {
  let counter = 0;
  return (bytes) => {
    for (let at = 0; at < bytes.length; at += 32) {
      counter += 1;
      bytes.set(
        createHash("sha256")
          .update(`${seed}:${counter}`)
          .digest()
          .subarray(0, bytes.length - at),
        at,
      );
    }
    return bytes;
  };
}
