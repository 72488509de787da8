import { randomUUID } from "node:crypto";
import { sharedSite } from "#lib/config/site.ts";
import type { Context } from "#lib/data/context.ts";
import type { Store } from "#lib/data/store.ts";
import type { OrganizationRole, Person } from "#lib/domain/actor.ts";
import { nameSkeleton } from "#lib/domain/organization-name.ts";
import { type DemoOrganization, demoDomain, demoMail, demoOrganizations } from "./organizations.ts";

/** A person of the demo world with the organization they act for. */
export type DemoActor = Omit<Person, "sessionId"> & { readonly organizationId: string };

/** Everybody, by the key of the organization; the first is its lead, the officer is who signs for it. */
export type DemoPeople = ReadonlyMap<
  string,
  {
    readonly organization: DemoOrganization;
    readonly organizationId: string;
    readonly lead: DemoActor;
    readonly all: readonly DemoActor[];
    readonly officer: DemoActor;
  }
>;

/** Makes the organizations, their people and mandates, verified on evidence as an operator would, and one operator. */
export async function seedPeople(db: Store["db"], at: Date): Promise<DemoPeople> {
  const operator = await db.user.create({
    data: {
      name: "Robin Okoye",
      email: "operator@concordat.example",
      emailVerified: at,
      isOperator: true,
      createdAt: at,
    },
  });
  const people = new Map<string, DemoPeople extends ReadonlyMap<string, infer Row> ? Row : never>();
  for (const organization of demoOrganizations) {
    const organizationId = randomUUID();
    await db.organization.create({ data: organizationRow(organization, organizationId, operator.id, at) });
    const all: DemoActor[] = [];
    for (const person of organization.people ?? [officerOf(organization)]) {
      const email = demoMail(person, organization.key);
      const user = await db.user.create({
        data: { name: person.name, email, emailVerified: at, createdAt: at, currentOrganizationId: organizationId },
      });
      await db.membership.create({
        data: { organizationId, userId: user.id, roles: [...person.roles], title: person.title, from: at },
      });
      if (person.roles.includes("signing-officer")) {
        await db.signingMandate.create({
          data: {
            organizationId,
            userId: user.id,
            title: person.title,
            grantedBy: all[0]?.userId ?? user.id,
            grantedAt: at,
            from: at,
            evidenceNote: "Resolution of the board, extract kept by the organization.",
          },
        });
      }
      all.push(actor(user.id, person.name, email, organizationId, organization.displayName, person.roles));
    }
    const lead = all[0];
    const officer = all.find((one) => one.memberships[0]?.roles.includes("signing-officer"));
    if (!lead || !officer) throw new Error(`${organization.key} has nobody who leads or signs.`);
    people.set(organization.key, { organization, organizationId, lead, all, officer });
  }
  return people;
}

/** The context in which a person of the demo world did something at `now`. */
export function contextOf(db: Store["db"], person: DemoActor, now: Date): Context {
  return {
    db,
    actor: { ...person, sessionId: person.userId },
    now,
    random: (bytes) => crypto.getRandomValues(bytes),
    site: sharedSite(),
  };
}

/** Officers of organizations nobody signs in for have left by now: their signatures stand, the organization signed. */
export async function retireOfficers(db: Store["db"], people: DemoPeople, at: Date): Promise<void> {
  const silent = [...people.values()].filter((one) => !one.organization.people);
  const userIds = silent.map((one) => one.officer.userId);
  await db.membership.updateMany({ where: { userId: { in: userIds } }, data: { endedAt: at } });
  await db.signingMandate.updateMany({ where: { userId: { in: userIds } }, data: { endedAt: at } });
}

function officerOf(organization: DemoOrganization) {
  const roles: readonly OrganizationRole[] = ["admin", "representative", "signing-officer"];
  return { name: `Officer of ${organization.displayName}`, roles, title: "Company Secretary" };
}

function organizationRow(organization: DemoOrganization, id: string, operatorId: string, at: Date) {
  const { legalName, displayName, country, class: kind, sector, key } = organization;
  const domain = demoDomain(key);
  return {
    id,
    legalName,
    displayName,
    nameSkeleton: nameSkeleton(legalName),
    country,
    class: kind,
    sector,
    website: `https://${domain}`,
    createdAt: at,
    isDemo: true,
    names: { create: { legalName, displayName, from: at } },
    domains: { create: { domain, requestedAt: at, confirmedAt: at, lastCheckedAt: at, lastGoodAt: at } },
    reviews: {
      create: {
        evidence: "Extract of the register of companies and a letter of the board.",
        requestedAt: at,
        outcome: "verified",
        outcomeReason: "Extract and letter agree.",
        reviewedBy: operatorId,
        reviewedAt: at,
      },
    },
  };
}

function actor(
  userId: string,
  name: string,
  email: string,
  organizationId: string,
  displayName: string,
  roles: readonly OrganizationRole[],
): DemoActor {
  const memberships = [{ organizationId, displayName, roles }];
  return { kind: "person", userId, name, hasGivenName: true, email, isOperator: false, organizationId, memberships };
}
