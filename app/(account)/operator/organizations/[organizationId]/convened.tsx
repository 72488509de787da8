import { OfferConveningForm, TakeBackOffer } from "#app/_convening/offer.tsx";
import { EmptyState, Notice, Section } from "#app/_ui/frame.tsx";
import { More } from "#app/_ui/more.tsx";
import { Said } from "#app/_ui/said.client.tsx";
import { formatDate, Time } from "#app/_ui/time.tsx";
import type { ConvenedCharter, OperatorOrganization } from "#lib/queries/operator-organization.ts";

/** The charters that the organization convenes, and the way to hand that on where it is gone. */
export function Convened({ organization }: { organization: OperatorOrganization }) {
  return (
    <Section
      id="convenes"
      title="Charters it convenes"
      lead="Where the convenor is gone, you offer its role to another organization at the table. It passes when that one accepts; until then the convenor or an operator can take the offer back. Of charters that are not public you see no title and no text."
    >
      <Said className="grid gap-4">
        {organization.charters.length === 0 ? <EmptyState sentence="It convenes no charter." /> : null}
        <ul className="divide-y divide-line border-line border-y empty:hidden">
          {organization.charters.map((charter) => (
            <li key={charter.charterId} className="grid gap-3 py-4">
              <h3 className="font-medium">
                {charter.title ?? `A charter that is not public, opened on ${formatDate(charter.createdAt)}`}
              </h3>
              <Charter charter={charter} />
            </li>
          ))}
        </ul>
      </Said>
    </Section>
  );
}

function Charter({ charter }: { charter: ConvenedCharter }) {
  const { open, others } = charter;
  if (open) {
    return (
      <div className="grid gap-4">
        <Notice tone="wait" title={`Offered to ${open.to}`}>
          {open.isByOperator ? "By an operator" : "By the convenor"}, on <Time at={open.offeredAt} style="date" />; it
          waits for their answer.
        </Notice>
        <TakeBackOffer handoverId={open.handoverId} />
      </div>
    );
  }
  if (others.length === 0) return <p className="text-muted text-sm">No other organization sits at its table.</p>;
  return (
    <More summary="Hand the role over">
      <OfferConveningForm
        charterId={charter.charterId}
        others={others}
        mayPassRecord={charter.mayPassRecord}
        label="Evidence"
        hint="What shows that the convenor is gone. It is kept, and the organizations at the table read it."
      />
    </More>
  );
}
