import { formList, formText } from "#app/_server/form.ts";
import { parse } from "#lib/domain/parse.ts";
import { CharterPolicy } from "#lib/domain/policy.ts";

/**
 * Reads the policy out of the fields of `PolicyFields`.
 *
 * @throws {Refusal} malformed.
 */
export function policyFromForm(form: FormData): CharterPolicy {
  const kind = formText(form, "entryRule");
  return parse(CharterPolicy, {
    joinPolicy: formText(form, "joinPolicy"),
    adoptionRule: formText(form, "adoptionRule"),
    reservationPolicy: formText(form, "reservationPolicy"),
    ...(formText(form, "reservationPolicy") === "listed-clauses"
      ? { reservationClauses: formList(form, "reservationClauses") }
      : {}),
    entryRule:
      kind === "at-threshold"
        ? { kind, count: Number(formText(form, "entryCount")) }
        : kind === "at-date"
          ? { kind, date: formText(form, "entryDate") }
          : { kind },
    withdrawalNoticeDays: Number(formText(form, "withdrawalNoticeDays")),
    ...(formText(form, "correctionWindowDays") === ""
      ? {}
      : { correctionWindowDays: Number(formText(form, "correctionWindowDays")) }),
    ...(formText(form, "reaffirmMonths") === "" ? {} : { reaffirmMonths: Number(formText(form, "reaffirmMonths")) }),
    visibility: formText(form, "visibility"),
    participantClasses: formList(form, "participantClasses"),
    signatoryLabel: formText(form, "signatoryLabel"),
  });
}
