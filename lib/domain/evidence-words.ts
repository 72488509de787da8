/** The classes of evidence, from what anyone can check to what only the keeper says. */
export const evidenceClasses = ["A", "A'", "B", "C"] as const;
export type EvidenceClass = (typeof evidenceClasses)[number];

/** What a class of evidence is, said wherever a signature is shown: its letter, its words in a table, its sentence in a legend. */
export const evidenceWords = {
  A: {
    letter: "A",
    words: "passkey of the organization",
    sentence: "A passkey that the organization enrolled for signing alone signed the statement. Anyone can check it.",
  },
  "A'": {
    letter: "A′",
    words: "own key of the organization",
    sentence: "The organization’s own key signed the statement, on a machine of its own. Anyone can check it.",
  },
  B: {
    letter: "B",
    words: "recorded by the keeper, confirmed by a code",
    sentence:
      "An officer confirmed with a code sent by mail, and the keeper of this record countersigned. No key of the organization stands behind it.",
  },
  C: {
    letter: "C",
    words: "recorded by the keeper, from paper",
    sentence:
      "The depositary recorded an instrument that came on paper or by mail; the hash of its scan is kept. No key of the organization stands behind it.",
  },
} as const satisfies Record<EvidenceClass, { letter: string; words: string; sentence: string }>;
