/** What a person may do inside an organization. Several may be held at once. */
export const organizationRoles = ["admin", "representative", "drafter", "signing-officer", "observer"] as const;
export type OrganizationRole = (typeof organizationRoles)[number];

/** One live membership of a person. */
export type ActorMembership = {
  readonly organizationId: string;
  readonly displayName: string;
  readonly roles: readonly OrganizationRole[];
};

/** Someone without a session. */
export type Visitor = { readonly kind: "visitor" };

/** A signed-in person, as of the moment the request or the socket upgrade came in. */
export type Person = {
  readonly kind: "person";
  readonly userId: string;
  readonly sessionId: string;
  readonly name: string;
  /** False where `name` is only the beginning of the address: an officer who signs says who they are. */
  readonly hasGivenName: boolean;
  readonly email: string;
  readonly isOperator: boolean;
  /** The organization the person acts for now; null while there is none. Always one of `memberships`. */
  readonly organizationId: string | null;
  readonly memberships: readonly ActorMembership[];
};

/** Who is asking. It comes from the session alone, never from input. */
export type Actor = Visitor | Person;

/** The live membership of the actor in an organization, or undefined. */
export function membershipIn(actor: Actor, organizationId: string): ActorMembership | undefined {
  return actor.kind === "person" ? actor.memberships.find((one) => one.organizationId === organizationId) : undefined;
}
