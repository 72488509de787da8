import { OfferConveningForm, TakeBackOffer } from "#app/_convening/offer.tsx";
import { ActionForm } from "#app/_ui/action-form.client.tsx";
import { Notice, Section } from "#app/_ui/frame.tsx";
import { More } from "#app/_ui/more.tsx";
import { Said } from "#app/_ui/said.client.tsx";
import { Time } from "#app/_ui/time.tsx";
import type { Convening, OpenOffer } from "#lib/queries/convening.ts";
import { acceptConveningAction, declineConveningAction } from "./actions.ts";

/** Who convenes the charter, and the way to pass that on. */
export function ConveningSection({ convening }: { convening: Convening }) {
  const { open, mayOffer, others } = convening;
  return (
    <Section
      id="convening"
      title="Convening"
      lead={`${convening.convenor} convenes this charter: it invites, sets the policy, starts review and freezes the text. The role can pass to another organization at the table that accepts it.`}
    >
      <Said>
        {open ? <Offer convenor={convening.convenor} offer={open} /> : null}
        {mayOffer && others.length === 0 ? (
          <p className="text-muted">No other organization sits at the table yet. Invite one first.</p>
        ) : null}
        {mayOffer && others.length > 0 ? (
          <More summary="Hand the role over">
            <OfferConveningForm
              charterId={convening.charterId}
              others={others}
              mayPassRecord={convening.mayPassRecord}
              hint="The organizations at the table read it."
            />
          </More>
        ) : null}
      </Said>
    </Section>
  );
}

function Offer({ convenor, offer }: { convenor: string; offer: OpenOffer }) {
  const { handoverId, to, isByOperator, withRecord } = offer;
  const role = withRecord ? "the convenor’s and the depositary’s roles" : "the convenor’s role";
  const who = isByOperator ? "The operator of this installation" : convenor;
  return (
    <div className="grid gap-4">
      <Notice tone="wait" title={`${who} offers ${role} to ${to}`}>
        Since <Time at={offer.offeredAt} style="date" />; nothing changes until {to} accepts. The reason given:{" "}
        {offer.reason}
      </Notice>
      {offer.mayAnswer ? (
        <div className="flex flex-wrap gap-3">
          <ActionForm
            action={acceptConveningAction}
            submit={`Accept for ${to}`}
            confirm={`Make ${to} the convenor of this charter? That holds at once.`}
            className="grid gap-2"
          >
            <input type="hidden" name="handoverId" value={handoverId} />
          </ActionForm>
          <ActionForm action={declineConveningAction} submit="Decline" tone="plain" className="grid gap-2">
            <input type="hidden" name="handoverId" value={handoverId} />
          </ActionForm>
        </div>
      ) : offer.isToMine ? (
        <p className="text-muted">An admin or a representative of {to} answers it.</p>
      ) : null}
      {offer.mayTakeBack ? <TakeBackOffer handoverId={handoverId} /> : null}
    </div>
  );
}
