import { Chip } from "#app/_ui/frame.tsx";
import { Time } from "#app/_ui/time.tsx";
import type { Signatory } from "#lib/domain/signatory-list.ts";

/** Where one signature stands, in words and with its dates; nothing is told by colour alone. */
export function SignatureStatus({ period, voidSince }: { period: Signatory; voidSince?: Date | undefined }) {
  const { status, withdrawsAt, mark } = period;
  if (voidSince) {
    return (
      <>
        <Chip tone="plain">entered in error</Chip>{" "}
        <span className="text-muted">
          void from the start, as found on <Time at={voidSince} style="date" />; on this list because it was shown then
        </span>
      </>
    );
  }
  if (mark && (status === "disputed" || status === "lapsed")) {
    return (
      <>
        <Chip tone={status === "disputed" ? "wait" : "plain"}>{markWords[status]}</Chip>{" "}
        <span className="text-muted">
          since <Time at={mark.since} style="date" />, {byWords[mark.by]}: {mark.reason}
        </span>
      </>
    );
  }
  if (status === "effective" || withdrawsAt === null) return <>signed</>;
  return (
    <>
      <Chip tone={status === "withdrawing" ? "wait" : "plain"}>{status}</Chip>{" "}
      <span className="text-muted">
        {status === "withdrawing" ? "on " : ""}
        <Time at={withdrawsAt} style="date" />
      </span>
    </>
  );
}

const markWords = { disputed: "disputed, under review", lapsed: "ended" } as const;

const byWords = {
  organization: "by the organization itself",
  depositary: "by the depositary",
  operator: "by the operator",
} as const satisfies Record<NonNullable<Signatory["mark"]>["by"], string>;
