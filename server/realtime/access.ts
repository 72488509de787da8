/** Who is at the other end, as the session says. */
export type RealtimeActor = {
  readonly userId: string;
  readonly name: string;
  readonly organizationId: string;
  readonly organizationName: string;
};

/** What a connection may do, decided at the upgrade. */
export type Access = {
  readonly actor: RealtimeActor;
  /** The session that it rests on. */
  readonly sessionId: string;
  readonly mode: "write" | "read";
  readonly reason?: string;
};
