import type pg from "pg";
import { z } from "zod";

/** A seat that somebody asks for: by the session, or by what the cookie says of it, as the database keeps it. */
export type SeatQuestion = { readonly session: string; readonly roomId: string };

/** What the database says of a person and a room, as of one moment; the rights are decided from it. */
export type SeatFacts = {
  /** Undefined where there is no such session. It may have ended. */
  readonly session: PresentSession | undefined;
  /** Undefined where there is no such room. */
  readonly room: SeatedRoom | undefined;
  readonly hasAcknowledged: boolean;
};

type PresentSession = {
  readonly id: string;
  readonly expires: Date;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly user: z.infer<typeof User>;
};

type SeatedRoom = {
  readonly charterId: string;
  readonly isClosed: boolean;
  readonly state: string;
  readonly convenorOrganizationId: string;
  readonly depositaryOrganizationId: string;
  /** Of the participants those that the person belongs to. */
  readonly participants: readonly { readonly organizationId: string; readonly isEditor: boolean }[];
};

/**
 * Answers all questions in one statement, in their order. `by` says what `session` holds: the id, or the stored form of the token.
 * Whoever can edit the tables that it reads decides who may write in every draft.
 */
export async function readSeats(
  pool: Pick<pg.Pool, "query">,
  by: "id" | "token",
  questions: readonly SeatQuestion[],
): Promise<SeatFacts[]> {
  const { rows } = await pool.query<Record<string, unknown>>({
    name: `room-seats-by-${by}`,
    text: statement(by),
    values: [questions.map((one) => one.session), questions.map((one) => one.roomId)],
  });
  return rows.map((row) => ({
    session: row.session === null ? undefined : sessionOf(row),
    room: row.room === null ? undefined : Room.parse(row.room),
    hasAcknowledged: row.has_acknowledged === true,
  }));
}

/** Notes that sessions were used. One that was ended meanwhile stays ended. */
export async function touchSessions(pool: Pick<pg.Pool, "query">, sessionIds: readonly string[], now: Date) {
  if (sessionIds.length > 0)
    await pool.query("UPDATE session SET last_seen_at = $2 WHERE id = ANY ($1::uuid[])", [sessionIds, now]);
}

const User = z.object({
  id: z.string(),
  name: z.string().nullable(),
  email: z.string(),
  isOperator: z.boolean(),
  isErased: z.boolean(),
  currentOrganizationId: z.string().nullable(),
  memberships: z.array(z.object({ organizationId: z.string(), roles: z.array(z.string()), displayName: z.string() })),
});
const Room = z.object({
  charterId: z.string(),
  isClosed: z.boolean(),
  state: z.string(),
  convenorOrganizationId: z.string(),
  depositaryOrganizationId: z.string(),
  participants: z.array(z.object({ organizationId: z.string(), isEditor: z.boolean() })),
});
const Times = z.object({ session: z.string(), expires: z.date(), created_at: z.date(), last_seen_at: z.date() });

function sessionOf(row: Record<string, unknown>): PresentSession {
  const { session: id, expires, created_at: createdAt, last_seen_at: lastSeenAt } = Times.parse(row);
  return { id, expires, createdAt, lastSeenAt, user: User.parse(row.person) };
}

function statement(by: "id" | "token"): string {
  const found = by === "id" ? "s.id = asked.session::uuid" : "s.session_token = asked.session";
  return `SELECT s.id::text AS session, s.expires, s.created_at, s.last_seen_at,
    json_build_object('id', u.id, 'name', u.name, 'email', u.email, 'isOperator', u.is_operator, 'isErased', u.erased_at IS NOT NULL,
      'currentOrganizationId', u.current_organization_id, 'memberships', (
        SELECT coalesce(json_agg(json_build_object('organizationId', m.organization_id, 'roles', m.roles, 'displayName', o.display_name)
          ORDER BY m."from"), '[]'::json)
        FROM membership m JOIN organization o ON o.id = m.organization_id WHERE m.user_id = u.id AND m.ended_at IS NULL)) AS person,
    CASE WHEN r.id IS NOT NULL THEN json_build_object('charterId', c.id, 'isClosed', r.closed_at IS NOT NULL, 'state', d.state,
      'convenorOrganizationId', c.convenor_organization_id, 'depositaryOrganizationId', c.depositary_organization_id, 'participants', (
        SELECT coalesce(json_agg(json_build_object('organizationId', p.organization_id, 'isEditor', p.is_editor)), '[]'::json)
        FROM participant p WHERE p.charter_id = c.id AND p.left_at IS NULL AND EXISTS (
          SELECT 1 FROM membership m WHERE m.user_id = u.id AND m.organization_id = p.organization_id AND m.ended_at IS NULL)))
    END AS room,
    a.user_id IS NOT NULL AS has_acknowledged
  FROM unnest($1::text[], $2::uuid[]) WITH ORDINALITY AS asked (session, room_id, at)
  LEFT JOIN session s ON ${found}
  LEFT JOIN "user" u ON u.id = s.user_id
  LEFT JOIN room r ON r.id = asked.room_id
  LEFT JOIN draft_round d ON d.id = r.draft_round_id
  LEFT JOIN charter c ON c.id = d.charter_id
  LEFT JOIN policy_acknowledgement a ON a.charter_id = c.id AND a.user_id = u.id
  ORDER BY asked.at`;
}
