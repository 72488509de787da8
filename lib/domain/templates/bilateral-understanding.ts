import { defaultPolicy } from "../policy.ts";
import { annex, clause, finalProvisions, preamble, section, sub, type Template } from "./parts.ts";

/** Two sides that agree on restraint and on whom to call. */
export const bilateralUnderstanding: Template = {
  key: "bilateral-understanding",
  name: "Bilateral understanding",
  displayType: "Understanding",
  summary: "Two sides agree on restraint, contact points and a standing dialogue.",
  policy: {
    ...defaultPolicy,
    joinPolicy: "closed",
    adoptionRule: "unanimity",
    withdrawalNoticeDays: 30,
    signatoryLabel: "participant",
  },
  notYet: [
    "An internal drafting space for each side that the other cannot see.",
    "Contact points with the date of their last test, and a dialogue log.",
  ],
  title: "Understanding on Restraint and Contact in Network Security",
  purpose: "Two sides avoid harm through networks and talk before a misunderstanding grows.",
  clauses: [
    preamble(
      "Both sides depend on secure networks and gain from each other's confidence in them.",
      "Both have an interest in telling an accident from an intent before they act on it.",
    ),
    section("Restraint"),
    clause(
      "Commercial advantage",
      "Neither side conducts or knowingly supports the taking of trade secrets through networks for commercial advantage.",
    ),
    clause(
      "Essential services",
      "Neither side disturbs the essential services of the other through networks in time of peace.",
    ),
    section("Contact and dialogue"),
    clause(
      "Contact points",
      "Each side names a contact point that answers at any hour, and tests the contact at least twice a year.",
    ),
    sub("A request names the incident, the systems concerned, and the answer that is hoped for."),
    sub("A request is acknowledged within one day and answered within five."),
    clause(
      "Dialogue",
      "Both sides meet twice a year at senior level, review the requests of the past period, and keep an agreed note of each meeting.",
    ),
    clause(
      "No judge",
      "Each side forms its own view of the conduct of the other. The keeper of the record takes none.",
    ),
    finalProvisions(),
    clause(
      "Duration",
      "This understanding takes effect when both sides have signed, and lasts until one of them withdraws with thirty days of notice.",
    ),
    annex("Contact points"),
    clause("First side", "Office, hours, language, and means of contact."),
    clause("Second side", "Office, hours, language, and means of contact."),
  ],
};
