/** Structured logging: fields first, then the message, as pino does it. No text of a draft is ever passed to it. */
export type Logger = Record<"info" | "warn" | "error", (fields: object, message: string) => void>;

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

const ranks = { debug: 0, info: 1, warn: 2, error: 3, silent: 4 } as const satisfies Record<LogLevel, number>;
const valueLengthMax = 300;

/**
 * A log of JSON lines. Fields are ids, numbers and single words; anything longer or deeper is left out or cut, so that no slip of a
 * caller carries a draft's words into it. JSON escapes control characters: a name can not write to the operator's terminal.
 */
export function openLog(where: string, least: LogLevel, write: (line: string) => void = console.error): Logger {
  const at = (level: "info" | "warn" | "error") => (fields: object, message: string) => {
    if (ranks[level] < ranks[least]) return;
    write(JSON.stringify({ level, where, at: new Date().toISOString(), message, ...plain(fields) }));
  };
  return { info: at("info"), warn: at("warn"), error: at("error") };
}

/**
 * What the log says of an error: its kind, its code, and the last line of its message, which names the rule; what comes before
 * may quote what somebody wrote.
 */
export function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const code = "code" in error && typeof error.code === "string" ? ` ${error.code}` : "";
  const line = error.message.trim().split("\n").at(-1) ?? "";
  return `${error.name}${code}: ${line.replace(/(["'`]).*\1/g, "…")}`;
}

function plain(fields: object): Record<string, string | number | boolean> {
  const kept: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === "number" || typeof value === "boolean") kept[name] = value;
    else if (typeof value === "string") kept[name] = value.slice(0, valueLengthMax);
  }
  return kept;
}
