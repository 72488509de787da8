import "server-only";

/**
 * Logs a bug or an outage as one JSON line and gives back the id under which the person may report it. JSON escapes control
 * characters, so that nothing in a message can write to the operator's terminal.
 */
export function reportFailure(error: unknown, where: string): string {
  const id = crypto.randomUUID();
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  console.error(JSON.stringify({ level: "error", id, where, at: new Date().toISOString(), detail }));
  return id;
}
