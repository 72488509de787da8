import { askAgain } from "#lib/commands/answer-signing-invitation.ts";
import { lapseUnclaimed } from "#lib/commands/declare-succession.ts";
import { effectDueVersions, effectWithdrawals } from "#lib/commands/effect-due.ts";
import { forgetPrepared } from "#lib/commands/forget-prepared.ts";
import { openDueVersions } from "#lib/commands/open-due-versions.ts";
import { publishDueCorrections } from "#lib/commands/publish-corrections.ts";
import { settleAppointments } from "#lib/commands/settle-appointments.ts";
import type { Store } from "#lib/data/store.ts";
import type { Part } from "../house.ts";
import { repeat } from "../repeat.ts";

/** How often the clock looks whether an instant has come. */
const tickMs = 500;

/**
 * Starts what happens because a time has come: sealed charters open, versions take effect, withdrawals end, admins whom the operator
 * named get their role, those who said "not now" are asked again. Several processes may run it at once; each step is done by one of them.
 */
export function startClock(store: Store): Part {
  return repeat(tickMs, "clock", async () => {
    await tick(store.db, new Date());
    return false;
  });
}

/**
 * Does everything that is due at `now`. One step that breaks does not keep the others from being done.
 *
 * @throws {AggregateError} with what broke; it is tried again at the next tick.
 */
export async function tick(db: Store["db"], now: Date): Promise<void> {
  const steps = [
    openDueVersions,
    effectDueVersions,
    effectWithdrawals,
    publishDueCorrections,
    lapseUnclaimed,
    settleAppointments,
    askAgain,
    forgetPrepared,
  ];
  const failures: unknown[] = [];
  for (const step of steps) {
    await step(db, now).catch((error: unknown) => {
      failures.push(error);
    });
  }
  if (failures.length > 0) throw new AggregateError(failures, "Something that was due could not be done.");
}
