import type { CharterPolicy } from "./policy.ts";

/** The positions an organization can take on a candidate. */
export const positionValues = ["AGREE", "CAN_ACCEPT", "OBJECT", "ABSTAIN"] as const;
export type PositionValue = (typeof positionValues)[number];

/** Positions in the words of the screens. */
export const positionWords: Readonly<Record<PositionValue, string>> = {
  AGREE: "Agree",
  CAN_ACCEPT: "Can accept",
  OBJECT: "Object",
  ABSTAIN: "Abstain",
};

/** An organization at the table, by the name it is listed under. */
export type Seated = { readonly organizationId: string; readonly name: string };

/** The latest position of an organization. `textSha256Hex` names the text it was taken on. */
export type TakenPosition = {
  readonly organizationId: string;
  readonly value: PositionValue;
  readonly textSha256Hex: string;
};

/** What the rule is evaluated from. */
export type AdoptionQuestion = {
  readonly rule: CharterPolicy["adoptionRule"];
  /** SHA-256 in hex of the candidate's title and clauses. */
  readonly textSha256Hex: string;
  readonly participants: readonly Seated[];
  /** At most one per organization; those of organizations that left the table are passed over. */
  readonly positions: readonly TakenPosition[];
  /** Whether the organizations with a position on an earlier text were asked again about this one. */
  readonly isAskedAgain: boolean;
};

/** How the organizations stand, by name and in the order of the table. */
export type Standing = Readonly<Record<PositionValue | "STALE" | "NONE", readonly Seated[]>>;

/** The rule evaluated: whether the text is adopted, what is missing otherwise, and who stands where. */
export type AdoptionEvaluation = {
  readonly adopted: boolean;
  readonly outcome: string;
  readonly missing: readonly string[];
  readonly standing: Standing;
};

/**
 * Evaluates the adoption rule of a charter on one exact text.
 *
 * A position on another text is stale: it never counts for adoption, and nothing is adopted before its organization was
 * asked again. Under consensus an objection to the earlier text also waits for that organization's own answer, because
 * a changed word must not turn an objection into silence.
 */
export function evaluateAdoption(question: AdoptionQuestion): AdoptionEvaluation {
  const standing = standingOf(question);
  const missing = [
    ...staleReasons(question, standing),
    ...ruleReasons(question.rule, standing, question.participants.length),
  ];
  const adopted = missing.length === 0;
  return { adopted, outcome: outcomeOf(adopted, standing), missing, standing };
}

/** The position of an organization that counts on a text: its own value, or that it is stale or missing. */
export function standingOf(question: Pick<AdoptionQuestion, "participants" | "positions" | "textSha256Hex">): Standing {
  const latest = new Map(question.positions.map((position) => [position.organizationId, position]));
  const standing: Record<keyof Standing, Seated[]> = {
    AGREE: [],
    CAN_ACCEPT: [],
    OBJECT: [],
    ABSTAIN: [],
    STALE: [],
    NONE: [],
  };
  for (const one of question.participants) {
    const position = latest.get(one.organizationId);
    const place = !position ? "NONE" : position.textSha256Hex === question.textSha256Hex ? position.value : "STALE";
    standing[place].push(one);
  }
  return standing;
}

function staleReasons(question: AdoptionQuestion, standing: Standing): string[] {
  if (standing.STALE.length === 0) return [];
  if (!question.isAskedAgain) {
    return [
      `${names(standing.STALE)} took a position on an earlier text: ask ${standing.STALE.length === 1 ? "it" : "them"} again about this one.`,
    ];
  }
  if (question.rule !== "consensus") return [];
  const objected = new Set(question.positions.filter((one) => one.value === "OBJECT").map((one) => one.organizationId));
  const waiting = standing.STALE.filter((one) => objected.has(one.organizationId));
  return waiting.length === 0
    ? []
    : [`${names(waiting)} objected to the earlier text and has not said whether the objection stands.`];
}

function ruleReasons(rule: AdoptionQuestion["rule"], standing: Standing, seats: number): string[] {
  switch (rule) {
    case "consensus":
      return [
        ...(standing.AGREE.length === 0 ? ["At least one organization has to agree."] : []),
        ...(standing.OBJECT.length > 0
          ? [`${names(standing.OBJECT)} ${standing.OBJECT.length === 1 ? "keeps up its" : "keep up their"} objection.`]
          : []),
      ];
    case "unanimity": {
      const without = [...standing.OBJECT, ...standing.ABSTAIN, ...standing.STALE, ...standing.NONE];
      if (seats === 0) return ["No organization is at the table."];
      return without.length === 0 ? [] : [`Every organization has to agree or accept; not yet: ${names(without)}.`];
    }
    case "two-thirds": {
      const yes = standing.AGREE.length + standing.CAN_ACCEPT.length;
      const counted = yes + standing.OBJECT.length;
      if (counted === 0) return ["At least one organization has to take a position other than abstaining."];
      return yes * 3 >= counted * 2
        ? []
        : [`${yes} of ${counted} organizations agree or can accept; two thirds are needed.`];
    }
  }
}

function outcomeOf(adopted: boolean, standing: Standing): string {
  const counts = [
    ...positionValues.map((value) => `${standing[value].length} ${positionWords[value].toLowerCase()}`),
    `${standing.NONE.length + standing.STALE.length} no position`,
  ].join(", ");
  return `${adopted ? "Adopted" : "Not adopted"}: ${counts}.`;
}

function names(list: readonly Seated[]): string {
  const all = list.map((one) => one.name);
  return all.length < 2 ? (all[0] ?? "") : `${all.slice(0, -1).join(", ")} and ${all.at(-1) ?? ""}`;
}
