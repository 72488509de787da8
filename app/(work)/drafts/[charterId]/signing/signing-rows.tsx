import { ActionForm } from "#app/_ui/action-form.client.tsx";
import { Chip, EmptyState } from "#app/_ui/frame.tsx";
import { Cell, HeadCell, RowHead, Table } from "#app/_ui/table.tsx";
import { Time } from "#app/_ui/time.tsx";
import type { SigningRow } from "#lib/queries/signing-table.ts";
import { revokeInvitationAction } from "./actions.ts";

/** Every invitation and signature with its answer, for the depositary. */
export function SigningRows({
  charterId,
  rows,
  mayInvite,
}: {
  charterId: string;
  rows: readonly SigningRow[];
  mayInvite: boolean;
}) {
  if (rows.length === 0) return <EmptyState sentence="Nobody was invited by name and nobody has signed yet." />;
  return (
    <Table caption="Invitations and signatures">
      <thead>
        <tr>
          <HeadCell>Organization</HeadCell>
          <HeadCell>Answer</HeadCell>
          <HeadCell>Since</HeadCell>
          <HeadCell>Private note</HeadCell>
          <HeadCell>
            <span className="sr-only">What can be done</span>
          </HeadCell>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key}>
            <RowHead>
              {row.name}
              {row.email ? <span className="block font-normal text-muted">{row.email}</span> : null}
            </RowHead>
            <Cell>
              <Chip tone={tones[row.state]}>{row.state}</Chip>
            </Cell>
            <Cell>
              <Time at={row.since} style="date" />
            </Cell>
            <Cell>
              {row.askAgainAt ? (
                <>
                  asked again on <Time at={row.askAgainAt} style="date" />
                </>
              ) : (
                (row.privateReason ?? "–")
              )}
            </Cell>
            <Cell>
              {mayInvite && row.invitationId && (row.state === "invited" || row.state === "in review") ? (
                <ActionForm
                  action={revokeInvitationAction.bind(null, charterId, row.invitationId)}
                  submit="Take back"
                  tone="quiet"
                  confirm={`Take the invitation of ${row.name} back?`}
                  className="grid gap-2"
                />
              ) : null}
            </Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

const tones = {
  invited: "plain",
  "in review": "plain",
  sealed: "good",
  "to examine": "wait",
  signed: "good",
  "not now": "wait",
  declined: "plain",
  "pulled out": "plain",
  returned: "wait",
  withdrawn: "plain",
  disputed: "wait",
  "entered in error": "plain",
  ended: "plain",
} as const satisfies Record<SigningRow["state"], "plain" | "good" | "wait" | "problem">;
