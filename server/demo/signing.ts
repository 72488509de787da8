import { effectWithdrawals } from "#lib/commands/effect-due.ts";
import { lodgeSignature } from "#lib/commands/lodge-signature.ts";
import { type PrepareStatement, prepareStatement } from "#lib/commands/prepare-statement.ts";
import { withdrawSignature } from "#lib/commands/withdraw-signature.ts";
import type { Context } from "#lib/data/context.ts";
import type { Store } from "#lib/data/store.ts";
import type { Reservation } from "#lib/domain/reservation.ts";
import { contextOf, type DemoActor } from "./people.ts";

const minuteMs = 60_000;

/** An officer signs at `at`, confirming with the code of the mail. */
export async function sign(
  db: Store["db"],
  officer: DemoActor,
  versionId: string,
  at: Date,
  statementForPublication: string,
  reservations: readonly Reservation[] = [],
): Promise<void> {
  const typedName = officer.memberships[0]?.displayName ?? "";
  const prepared = await confirm(contextOf(db, officer, at), {
    versionId,
    action: "sign",
    typedName,
    statementForPublication,
    reservations: [...reservations],
  });
  await lodgeSignature(contextOf(db, officer, new Date(at.getTime() + 2 * minuteMs)), prepared);
}

/** An officer gives notice of withdrawal at `at`; it has taken effect `noticeDays` later. */
export async function withdraw(
  db: Store["db"],
  officer: DemoActor,
  versionId: string,
  at: Date,
  reason: string,
  noticeDays: number,
): Promise<void> {
  const prepared = await confirm(contextOf(db, officer, at), { versionId, action: "withdraw", reason });
  await withdrawSignature(contextOf(db, officer, new Date(at.getTime() + 2 * minuteMs)), prepared);
  await effectWithdrawals(db, new Date(at.getTime() + (noticeDays + 1) * 24 * 60 * minuteMs));
}

type Ceremony = Omit<PrepareStatement, "organizationId" | "keyId">;

async function confirm(ctx: Context, ceremony: Ceremony) {
  if (ctx.actor.kind !== "person" || ctx.actor.organizationId === null) throw new Error("Only an officer signs.");
  const { preparedId } = await prepareStatement(ctx, {
    ...ceremony,
    organizationId: ctx.actor.organizationId,
    keyId: null,
  });
  const mail = await ctx.db.outbox.findFirstOrThrow({
    where: { kind: "signing-code", to: ctx.actor.email, payload: { path: ["code"], not: "" } },
    orderBy: { createdAt: "desc" },
  });
  // Read and gone, so that the next one is the newest even within the same instant.
  await ctx.db.outbox.delete({ where: { id: mail.id } });
  return { preparedId, evidence: { class: "B" as const, code: codeIn(mail.payload) } };
}

function codeIn(payload: unknown): string {
  if (typeof payload === "object" && payload !== null && "code" in payload && typeof payload.code === "string")
    return payload.code;
  throw new Error("The mail carries no code.");
}
