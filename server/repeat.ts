import type { Part } from "./house.ts";

/**
 * Runs `step` again and again: at once while it finds work, after a pause when it does not or when it broke. The drain waits
 * for the step under way.
 */
export function repeat(
  pauseMs: number,
  name: string,
  step: () => Promise<boolean>,
  close: () => void = () => {},
): Part {
  const stop = new AbortController();
  const loop = (async () => {
    while (!stop.signal.aborted) {
      const found = await step().catch((error: unknown) => {
        const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
        console.error(JSON.stringify({ level: "error", where: name, at: new Date().toISOString(), detail }));
        return false;
      });
      if (!found) await pause(pauseMs, stop.signal);
    }
  })();
  return {
    async drain() {
      stop.abort();
      await loop;
      close();
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done);
  });
}
