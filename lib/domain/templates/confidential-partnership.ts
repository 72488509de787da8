import { defaultPolicy } from "../policy.ts";
import { clause, finalProvisions, preamble, section, sub, type Template } from "./parts.ts";

/** Organizations that work together without announcing it. */
export const confidentialPartnership: Template = {
  key: "confidential-partnership",
  name: "Confidential partnership",
  displayType: "Partnership",
  summary: "A few organizations work together; that they do is theirs to tell.",
  policy: {
    ...defaultPolicy,
    joinPolicy: "invited",
    adoptionRule: "unanimity",
    withdrawalNoticeDays: 0,
    signatoryLabel: "partner",
  },
  notYet: [
    "Signatures that stay confidential: opening a charter for signature makes it public.",
    "Showing each partner only those whom it needs to know.",
  ],
  title: "Partnership for the Exchange of Threat Information",
  purpose: "A few organizations exchange what they learn of threats, in confidence.",
  clauses: [
    preamble(
      "The partners each see a part of what threatens all of them, and can share it only where they can rely on one another's discretion.",
    ),
    section("Exchange"),
    clause(
      "What is shared",
      "Partners share what they learn of threats while it is useful to others, with its source protected.",
    ),
    clause(
      "How it may be used",
      "Each item carries a mark that says how far it may travel. Without a mark it stays with the person who received it.",
    ),
    sub("A partner that needs to pass an item further asks the partner it came from."),
    sub("Items are deleted when their purpose is fulfilled, after two years at the latest."),
    section("Confidence"),
    clause(
      "The partnership itself",
      "That the partnership exists, and who belongs to it, is confidential. A partner may speak of its own part when all partners agree.",
    ),
    clause(
      "Compelled disclosure",
      "A partner that is required by law to disclose an item tells the others first, as far as the law allows it.",
    ),
    clause(
      "Breach",
      "A partner that has disclosed what it should not tells the others without delay, and helps to limit the harm.",
    ),
    finalProvisions(),
    clause("New partners", "A new partner is invited with the consent of every partner."),
    clause("Leaving", "A partner may leave at any time. What it learned stays under these rules."),
  ],
};
