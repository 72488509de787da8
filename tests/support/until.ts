/**
 * Waits until `condition` holds, asking again every few milliseconds (`everyMs`); for what happens in another process or socket.
 * A condition that throws counts as not yet holding; its last error is the cause of the failure. Patience costs nothing where all is
 * well: it is for a machine that is many times slower than ours.
 *
 * @throws {Error} naming `what`, after `timeoutMs`.
 */
export async function until(
  condition: () => unknown | Promise<unknown>,
  {
    what = "the condition",
    timeoutMs = 120_000,
    everyMs = 5,
  }: { what?: string; timeoutMs?: number; everyMs?: number } = {},
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  let cause: unknown;
  for (;;) {
    try {
      if (await condition()) return;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain for ${what}.`, { cause });
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
