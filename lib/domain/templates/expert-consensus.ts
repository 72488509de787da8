import { defaultPolicy } from "../policy.ts";
import { clause, finalProvisions, preamble, section, sub, type Template } from "./parts.ts";

/** Experts of many organizations write down what none of them objects to. */
export const expertConsensus: Template = {
  key: "expert-consensus",
  name: "Expert consensus",
  displayType: "Report",
  summary: "A group of experts records the norms to which none of its organizations keeps up an objection.",
  policy: { ...defaultPolicy, joinPolicy: "invited", adoptionRule: "consensus", signatoryLabel: "supporter" },
  notYet: ["Positions on single clauses."],
  title: "Report of the Expert Group on Norms of Responsible Conduct",
  purpose: "An expert group records the norms on which its organizations agree.",
  clauses: [
    preamble(
      "The group was asked to say which norms of conduct in networks its organizations share, and where they differ.",
      "It worked by consensus: a sentence stands here because no organization kept up an objection to it.",
    ),
    section("Threats"),
    clause(
      "Assessment",
      "The means of harm through networks spread faster than the means of defence, and the distance grows between those who can defend themselves and those who cannot.",
    ),
    section("Norms"),
    clause(
      "Critical infrastructure",
      "No organization should knowingly support activity that damages infrastructure on which the public depends.",
    ),
    clause(
      "Emergency teams",
      "Teams that respond to security incidents should be neither the target nor the instrument of harmful activity.",
    ),
    clause(
      "Supply chain",
      "Reasonable steps should be taken to keep the supply chain of digital products free from hidden functions.",
    ),
    section("Building confidence"),
    clause("Measures", "The group recommends the following measures, none of which waits for another."),
    sub("The exchange of contact points, tested at intervals."),
    sub("The publication of national or organizational policies on the matters above."),
    section("Open questions"),
    clause(
      "Where views differ",
      "The group did not agree on how existing law applies to single cases. It records the question and recommends that it be taken up again.",
    ),
    finalProvisions(),
    clause(
      "Standing of this report",
      "This report is adopted when at least one organization agrees and none keeps up an objection. If that is not reached, the work is closed without adoption, and that outcome is recorded as such.",
    ),
  ],
};
