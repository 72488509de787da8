import { defaultPolicy } from "../policy.ts";
import { annex, clause, definition, finalProvisions, preamble, section, sub, type Template } from "./parts.ts";

/** Many organizations, a few plain commitments, others joining for years. */
export const multiPartyAccord: Template = {
  key: "multi-party-accord",
  name: "Multi-party accord",
  displayType: "Accord",
  summary: "Many organizations make the same few commitments in public, and others join them over the years.",
  policy: { ...defaultPolicy, withdrawalNoticeDays: 90 },
  notYet: [],
  title: "Accord on Responsible Conduct in Digital Services",
  purpose: "Organizations that build and run digital services commit to protect the people who rely on them.",
  clauses: [
    preamble(
      "People, companies and public institutions everywhere rely on digital services for their work, their safety and their contact with one another.",
      "Those who build and run these services know them best, and carry a responsibility towards everyone who depends on them, whatever the laws of the place require at the least.",
      "Attacks on digital services do not stop at borders or at the customers of one provider; a weakness left open by one is used against many.",
      "Trust grows from commitments that are few, plain and public, and that can be held against those who made them.",
      "The organizations that sign this Accord therefore undertake the following.",
    ),
    section("Definitions"),
    definition(
      "Signatory",
      "An organization that has signed this Accord and whose withdrawal, if it has given notice of one, has not taken effect.",
    ),
    definition(
      "Service",
      "Any software, hardware, network or online service that a signatory makes available to others, whether or not it is paid for.",
    ),
    definition(
      "User",
      "A person or organization that relies on a service, including one that never contracted with the signatory.",
    ),
    definition(
      "Vulnerability",
      "A property of a service that allows it to be used against the interests of its users, whether or not anyone has used it so far.",
    ),
    definition(
      "Depositary",
      "The organization that keeps the record of this Accord: its texts, the signatures under them, and every notice about them.",
    ),
    section("Commitments"),
    clause(
      "Protection for every user",
      "Signatories protect all users of their services to the same standard of care, wherever they are and whatever the reason for an attack on them.",
    ),
    sub(
      "Services are designed, built and delivered with security and privacy considered from the first design on, and with safe settings by default.",
    ),
    sub(
      "Security updates are provided for a period that is published in advance, and reach users without cost to them.",
    ),
    sub(
      "Users are told without undue delay, in words they can follow, when a failure of a service puts their interests at risk.",
    ),
    clause(
      "No part in attacks",
      "Signatories do not assist anyone in attacking the services, systems or data of innocent people and organizations.",
    ),
    sub("A signatory does not weaken a service on purpose, and resists by all lawful means a demand to do so."),
    sub("A signatory that finds its service being used in an attack takes reasonable steps to end that use."),
    sub("Nothing in this clause prevents lawful testing of a service with the consent of those who run it."),
    clause(
      "Means for users to protect themselves",
      "Signatories help users, and those who build upon their services, to understand threats and to guard against them.",
    ),
    sub("Guidance is published with each service, kept current, and free of charge."),
    sub(
      "Reports of vulnerabilities are received from anyone through a published channel, acknowledged within five working days, and never answered with legal threats where they were made in good faith.",
    ),
    sub("Support for the capacity of others to defend themselves goes first to those who have least of it."),
    clause(
      "Cooperation",
      "Signatories work with one another, with researchers and with civil society, because no one of them sees the whole.",
    ),
    sub(
      "Vulnerabilities that concern several services are disclosed in a coordinated way, with a date agreed among those who have to repair them.",
    ),
    sub(
      "Information about threats is shared in time to be of use, stripped of personal data that is not needed for that purpose.",
    ),
    section("Working together"),
    clause(
      "Meetings",
      "Signatories meet at least once a year. Each names one contact for security incidents and one for questions about this Accord, and keeps both current in the record.",
    ),
    clause(
      "Reports",
      "Each signatory publishes, once a year, a short account of what it has done under each commitment. Signatories may report jointly. The form in the annex may be used.",
    ),
    clause(
      "Questions of conduct",
      "A signatory that doubts whether another keeps to this Accord first asks it directly. If an answer does not settle the doubt within sixty days, it may bring the question to the next meeting. The depositary records that a question was raised and how it ended, and judges nobody.",
    ),
    finalProvisions(),
    clause(
      "Who may sign",
      "This Accord is open for signature by any organization whose identity has been verified. An organization signs through an officer who holds its written mandate to do so.",
    ),
    clause(
      "Taking effect",
      "This Accord takes effect on the day of its first signature. For an organization that signs later it takes effect on the day on which its signature is entered in the record.",
    ),
    clause(
      "Nature of the commitments",
      "This Accord is a public statement of commitment. It creates no rights enforceable before a court, and replaces no obligation that a signatory has under the law or under a contract.",
    ),
    clause(
      "Changes",
      "A change is drafted and adopted in the same way as this text and becomes a new version. A signature given to one version never carries over to another.",
    ),
    clause(
      "Withdrawal",
      "A signatory may withdraw by notice to the depositary. The withdrawal takes effect ninety days after the notice, and the notice may be taken back until then. The record keeps both dates.",
    ),
    clause(
      "Record",
      "The depositary keeps this Accord, the signatures under it and all notices public, complete and dated, and gives a copy to anyone who asks.",
    ),
    annex("Form of the yearly account"),
    clause("Period and scope", "The period reported on, and the services to which the account relates."),
    clause("Measures", "For each commitment: what was done, what was measured, and what was learned."),
    clause("Open matters", "What was intended and not reached, with the reason and the next step."),
  ],
};
