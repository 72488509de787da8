"use client";

/** Somebody who may be mentioned: the people of the organizations at the table. */
export type PersonAtTable = { readonly userId: string; readonly name: string; readonly organizationName: string };

/** A thread of comments on one clause, as the rail shows it. Instants are ISO 8601. */
export type ThreadView = {
  readonly id: string;
  readonly clauseId: string;
  readonly quote: string;
  readonly resolvedAt: string | null;
  readonly comments: readonly CommentView[];
};

export type CommentView = {
  readonly id: string;
  readonly name: string;
  readonly organizationName: string;
  readonly body: string;
  readonly at: string;
};

/** One change of one clause, as the rail's activity shows it. */
export type ActivityView = {
  readonly id: string;
  readonly clauseId: string;
  readonly clauseNumber: string;
  readonly label: string;
  readonly kind: string;
  readonly people: readonly string[];
  readonly at: string;
};

/** Everything the edit page knows of a draft before its text arrives over the socket. */
export type EditorDraft = {
  readonly charterId: string;
  readonly title: string;
  readonly stateName: string;
  readonly roomId: string;
  readonly generation: number;
  readonly mayComment: boolean;
  readonly person: { readonly userId: string; readonly name: string };
  /** Ids of the organizations at the table, in a steady order: their colours follow it. */
  readonly table: readonly string[];
  readonly people: readonly PersonAtTable[];
  readonly threads: readonly ThreadView[];
  readonly changedClauseIds: readonly string[];
};
