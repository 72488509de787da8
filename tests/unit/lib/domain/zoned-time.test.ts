import fc from "fast-check";
import { expect, test } from "vitest";
import { instantOf, presentZoneName, TimeZone, timeZoneNames, wallTimeOf } from "#lib/domain/zoned-time.ts";

test("a time on the clocks of a zone is one instant in UTC", () => {
  expect(instantOf("2027-03-12T14:00", "Europe/Zurich").toISOString()).toBe("2027-03-12T13:00:00.000Z");
  expect(instantOf("2027-07-12T14:00", "Europe/Zurich").toISOString()).toBe("2027-07-12T12:00:00.000Z");
  expect(instantOf("2027-03-12T09:00", "Asia/Kolkata").toISOString()).toBe("2027-03-12T03:30:00.000Z");
});

test("a time that the clocks skip is refused, and one that they show twice means the first", () => {
  expect(() => instantOf("2027-03-28T02:30", "Europe/Zurich")).toThrow("skip");
  expect(instantOf("2027-10-31T02:30", "Europe/Zurich").toISOString()).toBe("2027-10-31T00:30:00.000Z");
});

test("a day that no calendar has is refused", () => {
  expect(() => instantOf("2027-02-30T10:00", "UTC")).toThrow("no such date");
});

test("zones are those of the runtime", () => {
  expect(TimeZone.safeParse("Europe/Zurich").success).toBe(true);
  expect(TimeZone.safeParse("Mars/Olympus").success).toBe(false);
});

test("an instant shown on clocks and read back is the same minute, or the first of the two that look alike", () => {
  const zones = [
    "UTC",
    "Europe/Zurich",
    "America/New_York",
    "Asia/Kolkata",
    "Pacific/Kiritimati",
    "Australia/Lord_Howe",
  ];
  fc.assert(
    fc.property(fc.constantFrom(...zones), fc.integer({ min: 1_800_000_000, max: 2_000_000_000 }), (zone, seconds) => {
      const instant = new Date(Math.floor(seconds / 60) * 60_000);
      const read = instantOf(wallTimeOf(instant, zone), zone);
      expect(wallTimeOf(read, zone)).toBe(wallTimeOf(instant, zone));
      expect(read.getTime()).toBeLessThanOrEqual(instant.getTime());
    }),
  );
});

test("zones are offered under the names of today, each once, and every one of them is understood", () => {
  const names = timeZoneNames();
  expect(names[0]).toBe("UTC");
  expect(names).toContain("Europe/Kyiv");
  expect(names).toContain("Asia/Kolkata");
  expect(names.filter((one) => presentZoneName(one) !== one)).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((one) => !TimeZone.safeParse(one).success)).toEqual([]);
});
