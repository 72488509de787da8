import { Time } from "#app/_ui/time.tsx";
import type { Signatory } from "#lib/domain/signatory-list.ts";
import { copyAnchor, counted } from "./words.ts";

/** What a signatory said with its signature, in its own words: reservations by clause, and its declaration; when it last re-affirmed, and which corrected copies it endorsed. */
export function SignedWords({
  period,
  slug,
  numbers,
  isOneOfSeveral = false,
}: {
  period: Signatory;
  slug: string;
  /** Clause numbers by version and clause id. */
  numbers: ReadonlyMap<string, string>;
  /** Whether it stands among other periods of the organization, so that it must say which version it is about. */
  isOneOfSeveral?: boolean;
}) {
  const { reservations, declaration, reaffirmedAt, endorsed } = period;
  return (
    <>
      {reservations.length > 0 ? (
        <details className="mt-1 font-normal">
          <summary className="cursor-pointer">
            with {counted(reservations.length, "reservation")}
            {isOneOfSeveral ? ` to version ${period.versionNumber}` : ""}
          </summary>
          <ul className="mt-1 grid gap-2">
            {reservations.map(({ clauseId, text }) => (
              <li key={clauseId} className="border-line border-s-2 ps-3">
                <a href={`/c/${slug}/clauses/${clauseId}`}>
                  to clause {numbers.get(`${period.versionNumber} ${clauseId}`) ?? clauseId}
                </a>
                <span className="block max-w-prose whitespace-pre-line font-serif">{text}</span>
              </li>
            ))}
          </ul>
        </details>
      ) : null}
      {declaration === "" ? null : (
        <details className="mt-1 font-normal">
          <summary className="cursor-pointer">declaration</summary>
          <span className="mt-1 block max-w-prose whitespace-pre-line border-line border-s-2 ps-3 font-serif">
            {declaration}
          </span>
        </details>
      )}
      {reaffirmedAt ? (
        <span className="block font-normal text-muted">
          last re-affirmed <Time at={reaffirmedAt} style="date" />
        </span>
      ) : null}
      {/* Each names its copy: to endorse one says nothing of a later one. */}
      {endorsed.map(({ sha256, at }) => (
        <span key={sha256} className="block font-normal text-muted">
          endorsed{" "}
          <a href={`/c/${slug}/v/${period.versionNumber}/corrections#${copyAnchor(sha256)}`}>
            corrected copy {sha256.slice(0, 8)}
          </a>{" "}
          <Time at={at} style="date" />
        </span>
      ))}
    </>
  );
}
