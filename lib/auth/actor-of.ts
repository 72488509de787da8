import type { Db, Tx } from "#lib/data/store.ts";
import { type Actor, type ActorMembership, type OrganizationRole, organizationRoles } from "#lib/domain/actor.ts";
import { sessionAbsoluteMs, sessionIdleMs, sessionTouchMs } from "./session-limits.ts";
import { storedSessionToken } from "./session-token.ts";

/** Somebody whom no session names. */
export const visitor: Actor = { kind: "visitor" };

/**
 * Who holds this session token, for a request and for a socket upgrade alike. No token, an unknown one and an ended one
 * are a visitor. Writes the session's last use when the former one is a few minutes old.
 */
export async function actorOfSession(db: Db | Tx, sessionToken: string | undefined, now: Date): Promise<Actor> {
  if (!sessionToken || sessionToken.length > 200) return visitor;
  const session = await db.session.findUnique({
    where: { sessionToken: storedSessionToken(sessionToken) },
    select: sessionColumns,
  });
  if (!session || !isLive(session, now) || session.user.erasedAt) return visitor;
  if (now.getTime() - session.lastSeenAt.getTime() > sessionTouchMs) {
    // The session may be ended by someone else meanwhile; touching nothing is then right.
    await db.session.updateMany({ where: { id: session.id }, data: { lastSeenAt: now } });
  }
  const memberships = session.user.memberships.map(({ organization, ...one }) => ({ ...one, ...organization }));
  return personOf(session.id, { ...session.user, memberships });
}

/** Whether a session still counts: within its end, used lately, and not older than the absolute limit. */
export function isLive(session: { expires: Date; createdAt: Date; lastSeenAt: Date }, now: Date): boolean {
  const at = now.getTime();
  return (
    at < session.expires.getTime() &&
    at - session.createdAt.getTime() < sessionAbsoluteMs &&
    at - session.lastSeenAt.getTime() < sessionIdleMs
  );
}

const sessionColumns = {
  id: true,
  expires: true,
  createdAt: true,
  lastSeenAt: true,
  user: {
    select: {
      id: true,
      name: true,
      email: true,
      isOperator: true,
      erasedAt: true,
      currentOrganizationId: true,
      memberships: {
        where: { endedAt: null },
        orderBy: { from: "asc" },
        select: { organizationId: true, roles: true, organization: { select: { displayName: true } } },
      },
    },
  },
} as const;

type UserRow = {
  readonly id: string;
  readonly name: string | null;
  readonly email: string;
  readonly isOperator: boolean;
  readonly currentOrganizationId: string | null;
  readonly memberships: readonly { organizationId: string; roles: readonly string[]; displayName: string }[];
};

/** The person of a live session, from what the database says of the user. */
export function personOf(sessionId: string, user: UserRow): Actor {
  const memberships: ActorMembership[] = user.memberships.map((one) => ({
    organizationId: one.organizationId,
    displayName: one.displayName,
    roles: organizationRoles.filter((role: OrganizationRole) => one.roles.includes(role)),
  }));
  const current = memberships.find((one) => one.organizationId === user.currentOrganizationId) ?? memberships[0];
  const givenName = user.name?.trim() ?? "";
  return {
    kind: "person",
    userId: user.id,
    sessionId,
    name: givenName || (user.email.split("@")[0] ?? user.email),
    hasGivenName: givenName !== "",
    email: user.email,
    isOperator: user.isOperator,
    organizationId: current?.organizationId ?? null,
    memberships,
  };
}
