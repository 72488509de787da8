import { Refusal } from "./refusal.ts";

/** Where a round of drafting stands. Source: DOMAIN, "Draft round"; the last two are its ends. */
export const roundStates = ["DRAFTING", "REVIEW", "FINAL_CALL", "ADOPTED", "ABANDONED"] as const;
export type RoundState = (typeof roundStates)[number];

/** What may happen to a round of drafting. */
export type RoundEvent = "start-review" | "back-to-drafting" | "freeze" | "withdraw-candidate" | "adopt" | "abandon";

const transitions: Readonly<Record<RoundState, Partial<Record<RoundEvent, RoundState>>>> = {
  // A small group need not hold a review of its own: freezing goes on from drafting as well.
  DRAFTING: { "start-review": "REVIEW", freeze: "FINAL_CALL", abandon: "ABANDONED" },
  REVIEW: { "back-to-drafting": "DRAFTING", freeze: "FINAL_CALL", abandon: "ABANDONED" },
  FINAL_CALL: { "withdraw-candidate": "REVIEW", adopt: "ADOPTED", abandon: "ABANDONED" },
  ADOPTED: {},
  ABANDONED: {},
};

/** The phase in the words of the screens, and what it allows. */
export const roundStateWords: Readonly<Record<RoundState, { readonly name: string; readonly meaning: string }>> = {
  DRAFTING: { name: "Drafting", meaning: "The text is open for edits by the organizations at the table." },
  REVIEW: { name: "In review", meaning: "The text rests; organizations read it and comment." },
  FINAL_CALL: { name: "Final call", meaning: "One exact text is frozen; organizations take their position on it." },
  ADOPTED: { name: "Adopted", meaning: "The text was adopted; it is definitive." },
  ABANDONED: { name: "Closed without adoption", meaning: "This round ended without an adopted text." },
};

/** Whether a round can still change. */
export function isOpenRound(state: RoundState): boolean {
  return Object.keys(transitions[state]).length > 0;
}

/** What may happen to a round in this state, whoever asks. */
export function eventsOf(state: RoundState): RoundEvent[] {
  return roundEvents.filter((event) => transitions[state][event] !== undefined);
}

/**
 * The state after an event.
 *
 * @throws {Refusal} conflict when the event cannot happen in this state; the sentence says where the round stands.
 */
export function nextState(state: RoundState, event: RoundEvent): RoundState {
  const next = transitions[state][event];
  if (next) return next;
  throw new Refusal("conflict", `${refusals[event]} It stands at “${roundStateWords[state].name}” now.`);
}

/**
 * The state of a stored round.
 *
 * @throws {Error} for a word that is none; the row is then broken.
 */
export function parseRoundState(text: string): RoundState {
  const state = roundStates.find((one) => one === text);
  if (!state) throw new Error(`No state of a draft round: ${text}`);
  return state;
}

const refusals: Readonly<Record<RoundEvent, string>> = {
  "start-review": "A review starts from drafting.",
  "back-to-drafting": "Only a text in review goes back to drafting.",
  freeze: "Only a text in drafting or in review can be frozen.",
  "withdraw-candidate": "Only a frozen candidate can be withdrawn.",
  adopt: "Only a frozen candidate can be adopted.",
  abandon: "This round has ended already.",
};

const roundEvents: readonly RoundEvent[] = [
  "start-review",
  "back-to-drafting",
  "freeze",
  "withdraw-candidate",
  "adopt",
  "abandon",
];
