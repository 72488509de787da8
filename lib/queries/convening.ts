import type { Context } from "#lib/data/context.ts";
import { findOpenHandover, haveRecords } from "#lib/data/convenor-handover.ts";
import { membershipIn } from "#lib/domain/actor.ts";
import { mayForOrganization } from "#lib/domain/rights.ts";
import { loadDraft } from "./draft-head.ts";

/** An offer of a charter's convening that waits, and what the actor can do about it. */
export type OpenOffer = {
  readonly handoverId: string;
  readonly to: string;
  readonly withRecord: boolean;
  readonly isByOperator: boolean;
  readonly reason: string;
  readonly offeredAt: Date;
  /** Whether it is made to an organization of the actor's. */
  readonly isToMine: boolean;
  readonly mayAnswer: boolean;
  readonly mayTakeBack: boolean;
};

/** Who convenes a charter, and how that can pass on. */
export type Convening = {
  readonly charterId: string;
  readonly convenor: string;
  /** Whether the convenor is the depositary, too, and that seat can still go with the role. */
  readonly mayPassRecord: boolean;
  readonly open: OpenOffer | null;
  readonly mayOffer: boolean;
  /** The other organizations at the table, to which it can be offered. */
  readonly others: readonly { readonly id: string; readonly name: string }[];
};

/**
 * The convening of a charter for those at its table.
 *
 * @throws {Refusal} not-signed-in; not-found for everyone without a seat.
 */
export async function loadConvening(ctx: Context, charterId: string): Promise<Convening> {
  const { head, charter } = await loadDraft(ctx, charterId);
  const open = await findOpenHandover(ctx.db, charter.id);
  const nameOf = (id: string) =>
    charter.participants.find((one) => one.organizationId === id)?.name ?? "An organization";
  const may = head.may["hand-over-convening"];
  return {
    charterId: charter.id,
    convenor: nameOf(charter.convenorOrganizationId),
    mayPassRecord:
      charter.depositaryOrganizationId === charter.convenorOrganizationId &&
      !(await haveRecords(ctx.db, [charter.id])).has(charter.id),
    open: open && {
      handoverId: open.id,
      to: nameOf(open.toId),
      withRecord: open.withRecord,
      isByOperator: open.by === "operator",
      reason: open.reason,
      offeredAt: open.offeredAt,
      isToMine: membershipIn(ctx.actor, open.toId) !== undefined,
      mayAnswer: mayForOrganization(ctx.actor, "answer-invitation", open.toId),
      mayTakeBack: may,
    },
    mayOffer: may && open === null,
    others: charter.participants
      .filter((one) => one.organizationId !== charter.convenorOrganizationId)
      .map((one) => ({ id: one.organizationId, name: one.name })),
  };
}
