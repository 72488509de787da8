import { z } from "zod";
import { Refusal } from "./refusal.ts";

/** An IANA time zone that this runtime knows, such as `Europe/Zurich`. */
export const TimeZone = z.string().max(64).refine(isTimeZone, "This is not a known time zone.");

/** A wall-clock time without a zone: `2027-03-12T14:00`, as a `datetime-local` field sends it. */
export const WallTime = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/, "Give a date and a time.");

/**
 * The UTC instant at which the clocks of a zone show that time. A time that occurs twice (clocks going back) means the
 * first of the two.
 *
 * @throws {Refusal} malformed for a time that never occurs in that zone (clocks going forward), and for a day that no
 *   calendar has.
 */
export function instantOf(wallTime: string, zone: string): Date {
  const asUtc = new Date(`${wallTime}:00.000Z`);
  if (Number.isNaN(asUtc.getTime()) || asUtc.toISOString().slice(0, 16) !== wallTime) {
    throw new Refusal("malformed", "There is no such date or time.");
  }
  // Offsets lie within a day of UTC: the offsets in force a day before and after are the only candidates.
  const candidates = [-86_400_000, 86_400_000]
    .map((shift) => offsetMs(new Date(asUtc.getTime() + shift), zone))
    .map((offset) => new Date(asUtc.getTime() - offset))
    .filter((instant) => wallTimeOf(instant, zone) === wallTime)
    .sort((left, right) => left.getTime() - right.getTime());
  const first = candidates[0];
  if (!first) {
    throw new Refusal("malformed", `The clocks of ${zone} skip ${wallTime.replace("T", " ")}; choose another time.`);
  }
  return first;
}

/** What the clocks of a zone show at an instant: `2027-03-12T14:00`. */
export function wallTimeOf(instant: Date, zone: string): string {
  return new Date(instant.getTime() + offsetMs(instant, zone)).toISOString().slice(0, 16);
}

/** Whether a zone is UTC under any of its names; its clocks then need not be named twice. */
export function isUtc(zone: string): boolean {
  return /^(?:Etc\/)?(?:UTC|UCT|Universal|Zulu)$/i.test(zone);
}

/** The time zones to choose from, under the names their people use today; UTC first. */
export function timeZoneNames(): string[] {
  const names = Intl.supportedValuesOf("timeZone").map(presentZoneName);
  return ["UTC", ...[...new Set(names)].filter((one) => one !== "UTC").sort()];
}

/** The present name of a zone that programs still list under an older one; any other as it is. */
export function presentZoneName(zone: string): string {
  return renamed[zone] ?? zone;
}

/** Old names to those of today. Source: the file "backward" of the IANA time zone database. */
const renamed: Readonly<Record<string, string>> = {
  "Africa/Asmera": "Africa/Asmara",
  "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
  "America/Catamarca": "America/Argentina/Catamarca",
  "America/Coral_Harbour": "America/Atikokan",
  "America/Cordoba": "America/Argentina/Cordoba",
  "America/Godthab": "America/Nuuk",
  "America/Indianapolis": "America/Indiana/Indianapolis",
  "America/Jujuy": "America/Argentina/Jujuy",
  "America/Louisville": "America/Kentucky/Louisville",
  "America/Mendoza": "America/Argentina/Mendoza",
  "Asia/Calcutta": "Asia/Kolkata",
  "Asia/Katmandu": "Asia/Kathmandu",
  "Asia/Rangoon": "Asia/Yangon",
  "Asia/Saigon": "Asia/Ho_Chi_Minh",
  "Atlantic/Faeroe": "Atlantic/Faroe",
  "Europe/Kiev": "Europe/Kyiv",
  "Pacific/Enderbury": "Pacific/Kanton",
  "Pacific/Ponape": "Pacific/Pohnpei",
  "Pacific/Truk": "Pacific/Chuuk",
};

function offsetMs(instant: Date, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).formatToParts(instant);
  const read = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((part) => part.type === type)?.value);
  const shown = Date.UTC(read("year"), read("month") - 1, read("day"), read("hour"), read("minute"), read("second"));
  return shown - Math.floor(instant.getTime() / 1000) * 1000;
}

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
