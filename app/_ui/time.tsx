import { isUtc } from "#lib/domain/zoned-time.ts";

/** An instant in words and UTC, with the machine form in the markup. `date` alone leaves the hour out. */
export function Time({ at, style = "minute" }: { at: Date | string; style?: "date" | "minute" }) {
  const instant = typeof at === "string" ? new Date(at) : at;
  return (
    <time dateTime={instant.toISOString()} className={style === "date" ? "whitespace-nowrap" : undefined}>
      {style === "date" ? formatDate(instant) : formatMinute(instant)}
    </time>
  );
}

const date = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" });
const minute = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "UTC" });

/** "12 Mar 2027", in UTC. */
export function formatDate(instant: Date): string {
  return date.format(instant);
}

/** "12 Mar 2027, 14:02 UTC". */
export function formatMinute(instant: Date): string {
  return `${date.format(instant)}, ${minute.format(instant)} UTC`;
}

/** An instant on the clocks of its zone and in UTC; once only where the zone is UTC itself. */
export function formatOpening(instant: Date, zone: string | null): string {
  if (zone === null || isUtc(zone)) return formatMinute(instant);
  return `${formatInZone(instant, zone)}, which is ${formatMinute(instant)}`;
}

/** The same instant on the clocks of a place: "12 Mar 2027, 15:02 (Europe/Berlin)". */
export function formatInZone(instant: Date, zone: string): string {
  const words = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: zone }).format(
    instant,
  );
  return `${words} (${zone})`;
}
