import type { Actor, OrganizationRole, Person } from "./actor.ts";
import { membershipIn } from "./actor.ts";
import { Refusal } from "./refusal.ts";

/** Where an organization sits at the table of a charter. The convenor and the depositary are participants too. */
export type Seat = "convenor" | "depositary" | "editor" | "participant";

type Right = { readonly seats: readonly Seat[]; readonly roles: readonly OrganizationRole[] };

const anyone: readonly OrganizationRole[] = ["admin", "representative", "drafter", "signing-officer", "observer"];
const leads: readonly OrganizationRole[] = ["admin", "representative"];
const writers: readonly OrganizationRole[] = ["admin", "representative", "drafter"];

/** What may be done on a charter: by an organization in one of these seats, through a person with one of these roles. */
export const charterRights = {
  "read-draft": { seats: ["participant"], roles: anyone },
  "edit-draft": { seats: ["editor"], roles: writers },
  comment: { seats: ["participant"], roles: ["admin", "representative", "drafter", "signing-officer"] },
  "submit-position": { seats: ["participant"], roles: ["representative"] },
  "edit-setup": { seats: ["convenor"], roles: leads },
  "invite-organization": { seats: ["convenor"], roles: leads },
  "run-drafting": { seats: ["convenor"], roles: leads },
  "record-adoption": { seats: ["depositary", "convenor"], roles: leads },
  "open-for-signature": { seats: ["depositary", "convenor"], roles: leads },
  "invite-to-sign": { seats: ["depositary", "convenor"], roles: leads },
  "record-instrument": { seats: ["depositary"], roles: leads },
  "read-signing-table": { seats: ["depositary"], roles: leads },
  "examine-signature": { seats: ["depositary"], roles: leads },
  /** Dispute, settle or annul a public signature of this charter. */
  "judge-signature": { seats: ["depositary"], roles: leads },
  "close-to-signature": { seats: ["depositary", "convenor"], roles: leads },
  "propose-correction": { seats: ["depositary", "convenor"], roles: leads },
  "hand-over-convening": { seats: ["convenor"], roles: leads },
} as const satisfies Record<string, Right>;
export type CharterAction = keyof typeof charterRights;

/** What may be done for an organization, by its people with one of these roles. */
export const organizationRights = {
  "read-organization": anyone,
  "edit-profile": ["admin"],
  "manage-people": ["admin"],
  "grant-mandate": ["admin"],
  "check-domain": ["admin"],
  "ask-for-review": ["admin"],
  "create-charter": leads,
  "answer-invitation": leads,
  sign: ["signing-officer"],
  "manage-keys": ["admin", "signing-officer"],
  "declare-keys-only": ["admin"],
  withdraw: ["signing-officer"],
  "narrow-reservation": ["signing-officer"],
  reaffirm: ["signing-officer"],
  "endorse-correction": ["signing-officer"],
  "dispute-signature": ["admin", "signing-officer"],
  "declare-succession": ["admin", "signing-officer"],
  "object-to-correction": leads,
} as const satisfies Record<string, readonly OrganizationRole[]>;
export type OrganizationAction = keyof typeof organizationRights;

/** What may be done on the installation as a whole. The operator changes no act; what an operator adds says `by: operator`. */
export const installationRights = {
  "create-organization": "person",
  "review-evidence": "operator",
  "suspend-organization": "operator",
  "read-operations": "operator",
  "examine-signatures": "operator",
  "record-succession": "operator",
  "withhold-clause": "operator",
  "hand-over-convening": "operator",
  "appoint-admin": "operator",
} as const satisfies Record<string, "person" | "operator">;
export type InstallationAction = keyof typeof installationRights;

/** Who sits where on one charter; what the rights on it are decided from. */
export type CharterSeats = {
  readonly convenorOrganizationId: string;
  readonly depositaryOrganizationId: string;
  readonly participants: readonly { readonly organizationId: string; readonly isEditor: boolean }[];
};

/** The organization a person acts for on a charter: the current one when it has a seat, else the first that has. */
export function actingFor(actor: Actor, seats: CharterSeats): string | undefined {
  if (actor.kind === "visitor") return undefined;
  const seated = actor.memberships.filter((one) => seatsOf(seats, one.organizationId).length > 0);
  return (seated.find((one) => one.organizationId === actor.organizationId) ?? seated[0])?.organizationId;
}

/** Whether the actor may do that on the charter, for the organization that `actingFor` names. */
export function mayOnCharter(actor: Actor, action: CharterAction, seats: CharterSeats): boolean {
  const organizationId = actingFor(actor, seats);
  if (organizationId === undefined) return false;
  const right: Right = charterRights[action];
  const held = membershipIn(actor, organizationId)?.roles ?? [];
  return (
    seatsOf(seats, organizationId).some((seat) => right.seats.includes(seat)) &&
    held.some((role) => right.roles.includes(role))
  );
}

/** Whether the actor may do that for the organization. */
export function mayForOrganization(actor: Actor, action: OrganizationAction, organizationId: string): boolean {
  const roles: readonly OrganizationRole[] = organizationRights[action];
  return (membershipIn(actor, organizationId)?.roles ?? []).some((role) => roles.includes(role));
}

/** Whether the actor may do that on the installation. */
export function mayOnInstallation(actor: Actor, action: InstallationAction): boolean {
  return actor.kind === "person" && (installationRights[action] === "person" || actor.isOperator);
}

/**
 * Lets only a permitted actor pass, and gives back the person and the organization acted for.
 *
 * @throws {Refusal} not-signed-in; not-found when the actor may not even read the charter; not-permitted otherwise.
 */
export function requireOnCharter(
  actor: Actor,
  action: CharterAction,
  seats: CharterSeats,
): { person: Person; organizationId: string } {
  const person = requirePerson(actor);
  const organizationId = actingFor(actor, seats);
  if (organizationId === undefined || !mayOnCharter(actor, "read-draft", seats))
    throw new Refusal("not-found", "There is no such charter.");
  if (!mayOnCharter(actor, action, seats)) {
    throw new Refusal(
      "not-permitted",
      "Your role does not allow this; ask an admin of your organization or the convenor.",
    );
  }
  return { person, organizationId };
}

/**
 * Lets only people of the organization with the right role pass.
 *
 * @throws {Refusal} not-signed-in; not-found for people outside the organization; not-permitted otherwise.
 */
export function requireForOrganization(actor: Actor, action: OrganizationAction, organizationId: string): Person {
  const person = requirePerson(actor);
  if (!membershipIn(actor, organizationId)) throw new Refusal("not-found", "There is no such organization.");
  if (!mayForOrganization(actor, action, organizationId)) {
    throw new Refusal("not-permitted", "Your role in the organization does not allow this; ask one of its admins.");
  }
  return person;
}

/**
 * Lets only permitted people pass; to everyone else the operator's pages do not exist.
 *
 * @throws {Refusal} not-signed-in or not-found.
 */
export function requireOnInstallation(actor: Actor, action: InstallationAction): Person {
  const person = requirePerson(actor);
  if (!mayOnInstallation(actor, action)) throw new Refusal("not-found", "There is no such page.");
  return person;
}

/**
 * Lets only signed-in people pass.
 *
 * @throws {Refusal} not-signed-in.
 */
export function requirePerson(actor: Actor): Person {
  if (actor.kind !== "person") throw new Refusal("not-signed-in", "Sign in to go on.");
  return actor;
}

function seatsOf(seats: CharterSeats, organizationId: string): Seat[] {
  const found = seats.participants.find((one) => one.organizationId === organizationId);
  return [
    ...(seats.convenorOrganizationId === organizationId ? (["convenor"] as const) : []),
    ...(seats.depositaryOrganizationId === organizationId ? (["depositary"] as const) : []),
    ...(found ? (["participant"] as const) : []),
    ...(found?.isEditor ? (["editor"] as const) : []),
  ];
}
