import { defaultPolicy } from "../policy.ts";
import { clause, preamble, section, sub, type Template } from "./parts.ts";

/** A closed list of issuers speaks once, at one time. */
export const jointStatement: Template = {
  key: "joint-statement",
  name: "Joint statement",
  displayType: "Joint statement",
  summary: "A closed list of issuers makes one statement, released by all of them at the same time.",
  policy: {
    ...defaultPolicy,
    joinPolicy: "closed",
    adoptionRule: "unanimity",
    withdrawalNoticeDays: 0,
    signatoryLabel: "endorser",
  },
  notYet: [],
  title: "Joint Statement on Attacks Against Network Equipment",
  purpose: "The issuers warn of an ongoing campaign and say what those concerned can do.",
  clauses: [
    preamble(
      "The organizations issuing this statement have each observed what it describes, and release it together so that it reaches all concerned at the same time.",
    ),
    section("What we have observed"),
    clause(
      "The campaign",
      "Devices that connect offices and homes to the network are being taken over through weaknesses that are known and can be repaired, and are then used to reach others.",
    ),
    clause(
      "How sure we are",
      "Each issuer has confirmed the technical findings from its own evidence. We make no statement here about who is responsible.",
    ),
    section("What to do now"),
    clause("Those who run devices", "We advise those who run such devices to take the following steps this week."),
    sub("Install the current version of the device's software, and replace devices that no longer receive any."),
    sub("Switch off administration from the open network, and change passwords set by the manufacturer."),
    clause(
      "Those who make devices",
      "We call on manufacturers to ship devices with safe settings, and to publish how long each model receives updates.",
    ),
    section("Contact"),
    clause(
      "Reports",
      "Whoever finds signs of the campaign may report to any of the issuers; we share reports among us with the consent of the sender.",
    ),
  ],
};
