import { describe, expect, test } from "vitest";
import { looksAlike, nameSkeleton, parseOrganizationName } from "#lib/domain/organization-name.ts";
import { Refusal } from "#lib/domain/refusal.ts";

describe("names that organizations have are taken as they are", () => {
  test.each([
    ["Northlight GmbH"],
    ["Société Générale d'Exemple S.A."],
    ["Оксана и партнёры"],
    ["日本サンプル株式会社"],
    ["شركة المثال"],
    ["3rd Street & Sons, Inc."],
    ["Müller–Łódź AG"],
    ["हिन्दी संस्था"],
  ])("%s", (name) => {
    expect(parseOrganizationName(name)).toBe(name.normalize("NFC"));
  });

  test("white space is made even", () => {
    expect(parseOrganizationName("  Harbor   Bank ")).toBe("Harbor Bank");
  });
});

describe("characters that hide, reorder or imitate are refused by name", () => {
  test.each([
    ["mixes letters", "N\u043erthlight"],
    ["U+202E", "Northlight\u202eGmbH"],
    ["U+200B", "North\u200blight"],
    ["U+1F469", "Northlight 👩\u200d🚀"],
    ["marks", `Z${"\u0300".repeat(20)}algo`],
    ["120", `Z${"\u0300".repeat(200)}algo`],
    ["U+217F", "\u217feridian"],
    ["U+FF2E", "Ｎorthlight"],
    ["U+0000", "North\u0000light"],
    ["U+003C", "<img src=x onerror=alert(1)>"],
    ["letters", "   "],
    ["letters", "\u200b\u200b"],
    ["120", "x".repeat(121)],
    ["120", "x".repeat(1_000_000)],
    ["letters", "1234"],
  ])("%s (%#)", (words, name) => {
    expect(() => parseOrganizationName(name)).toThrow(Refusal);
    expect(() => parseOrganizationName(name)).toThrow(words);
  });
});

describe("a reader would take one for the other", () => {
  test.each([
    ["Northlight GmbH", "NORTHLIGHT gmbh"],
    ["Northlight GmbH", "Nor th-light GmbH"],
    ["Northlight", "N\u043erthl\u0456ght"],
    ["Northlight", "Nortblight"],
    ["Northlight", "North1ight"],
    ["Meridian Cloud", "Meridlan Cloud"],
    ["Meridian Cloud", "rneridian cloud"],
    ["Harbor Bank N.V.", "Harbour Bank N.V."],
    ["Åkerlund & Co", "Akerlund Co"],
  ])("%s and %s", (one, other) => {
    expect(looksAlike(nameSkeleton(one), nameSkeleton(other))).toBe(true);
  });

  test.each([
    ["Northlight", "Southlight"],
    ["Acme", "Acne"],
    ["Harbor Bank", "Harbor Foods"],
    ["Blue Fjord", "Blue Fjord Foundation"],
  ])("but not %s and %s", (one, other) => {
    expect(looksAlike(nameSkeleton(one), nameSkeleton(other))).toBe(false);
  });
});
