import { defaultPolicy } from "../policy.ts";
import { clause, definition, finalProvisions, preamble, section, sub, type Template } from "./parts.ts";

/** Rules addressed to states, companies and civil society at once. */
export const convention: Template = {
  key: "convention",
  name: "Convention",
  displayType: "Convention",
  summary: "Rules for several classes of addressee, taking effect once enough of them have signed.",
  policy: {
    ...defaultPolicy,
    adoptionRule: "two-thirds",
    reservationPolicy: "any-clause",
    entryRule: { kind: "at-threshold", count: 20 },
    withdrawalNoticeDays: 365,
    participantClasses: ["state", "company", "civil-society"],
  },
  notYet: [
    "A threshold counted separately for each class of addressee.",
    "Several authentic languages of one version.",
  ],
  title: "Convention on the Protection of Civilians in Digital Conflict",
  purpose: "States, companies and civil society protect civilians when conflict reaches into networks.",
  clauses: [
    preamble(
      "Recalling that civilians are to be spared the effects of conflict,",
      "Aware that essential services depend on networks which civilians own, run and repair,",
      "Convinced that protection requires states to refrain, companies to defend, and civil society to observe and speak,",
      "The signatories have agreed on the following.",
    ),
    section("Definitions"),
    definition(
      "Essential service",
      "A service whose failure endangers life, health, supply or the peaceful order of a population.",
    ),
    definition(
      "Digital operation",
      "Any act through a network that is meant to alter, disable or destroy a system or the data in it.",
    ),
    section("Undertakings of states"),
    clause(
      "Restraint",
      "States do not direct digital operations against essential services, nor knowingly let their territory be used for them.",
    ),
    clause(
      "Vulnerabilities",
      "States report vulnerabilities they learn of to those who can repair them, unless a published procedure with independent oversight decides otherwise in the single case.",
    ),
    section("Undertakings of companies"),
    clause(
      "Neutral defence",
      "Companies defend all users alike and lend no support to an offensive digital operation.",
    ),
    clause(
      "Help in need",
      "Companies assist those who restore an essential service, at cost at most, while the emergency lasts.",
    ),
    section("Undertakings of civil society"),
    clause(
      "Observation",
      "Organizations of civil society document the effects of digital operations on civilians with care for the people concerned, and make their methods known.",
    ),
    section("Independent findings"),
    clause(
      "Fact finding",
      "Signatories support a body of independent experts that establishes the facts of a digital operation on the request of any signatory concerned.",
    ),
    sub("The body publishes its method before its first finding."),
    sub("A finding states how certain it is and what it rests on."),
    finalProvisions(),
    clause(
      "Signature",
      "This Convention is open for signature by states, companies and organizations of civil society, each in its own class.",
    ),
    clause(
      "Reservations",
      "A signatory may sign with a reservation to a single clause, provided that it says which and why, and that the reservation leaves the purpose of this Convention intact.",
    ),
    clause("Taking effect", "This Convention takes effect when twenty organizations have signed it."),
    clause("Withdrawal", "Withdrawal takes effect one year after notice to the depositary."),
  ],
};
