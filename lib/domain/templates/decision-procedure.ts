import { defaultPolicy } from "../policy.ts";
import { annex, clause, definition, finalProvisions, preamble, section, sub, type Template } from "./parts.ts";

/** How several offices decide, each speaking for what it answers for. */
export const decisionProcedure: Template = {
  key: "decision-procedure",
  name: "Decision procedure",
  displayType: "Procedure",
  summary: "Reviewers with stated interests decide single cases by a procedure that is known, and record why.",
  policy: {
    ...defaultPolicy,
    joinPolicy: "invited",
    adoptionRule: "two-thirds",
    withdrawalNoticeDays: 60,
    signatoryLabel: "participant",
  },
  notYet: ["A register of single cases with outcome, reason and date of the next review."],
  title: "Procedure for Decisions on the Disclosure of Vulnerabilities",
  purpose: "Reviewers decide by a known procedure when a vulnerability is disclosed.",
  clauses: [
    preamble(
      "Whoever learns of a vulnerability decides about the safety of others. This procedure makes sure that such decisions are taken by several, for stated reasons, and are looked at again.",
    ),
    section("Definitions"),
    definition("Case", "One vulnerability that was not publicly known when it was brought into this procedure."),
    definition(
      "Interest",
      "What a reviewer answers for: the safety of users, continuity of services, investigation, or trade.",
    ),
    section("Principles"),
    clause(
      "Disclosure as the rule",
      "A vulnerability is disclosed to those who can repair it. Keeping it back is the exception and needs reasons.",
    ),
    section("Steps"),
    clause("Submission", "A participant submits a case within five working days of learning of it."),
    clause("Review", "Each reviewer states its interest and its view within ten working days."),
    sub(
      "A view weighs how widely the product is used, how likely the vulnerability is to be found by others, the harm it allows, and whether harm can be limited without a repair.",
    ),
    sub("A reviewer with an interest of its own in the outcome says so and abstains."),
    clause(
      "Decision",
      "Reviewers seek agreement. Where it is not reached, two thirds of those who take a view decide, and dissent is recorded with its reasons.",
    ),
    clause("Second look", "A decision not to disclose expires after six months unless it is taken anew."),
    section("Accountability"),
    clause(
      "Yearly figures",
      "Participants publish once a year how many cases were decided, and how many were disclosed.",
    ),
    finalProvisions(),
    clause("Confidentiality", "Cases are confidential. This procedure is not."),
    annex("Record of a case"),
    clause(
      "Contents",
      "Date of submission; product concerned; interests stated; views taken; outcome; reasons; date of the next review.",
    ),
  ],
};
