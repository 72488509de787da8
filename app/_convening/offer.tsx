import { ActionForm } from "#app/_ui/action-form.client.tsx";
import { Choice, Select, TextArea } from "#app/_ui/field.tsx";
import { offerConveningAction, takeBackConveningAction } from "./actions.ts";

/** The form by which a charter's convening is offered: to whom, whether the record goes with it, and why. */
export function OfferConveningForm({
  charterId,
  others,
  mayPassRecord,
  label = "Why",
  hint,
}: {
  charterId: string;
  others: readonly { readonly id: string; readonly name: string }[];
  mayPassRecord: boolean;
  label?: string;
  hint: string;
}) {
  return (
    <ActionForm action={offerConveningAction} submit="Offer the role" tone="plain" className="grid max-w-xl gap-4">
      <input type="hidden" name="charterId" value={charterId} />
      <Select label="To" name="toId" defaultValue="">
        <option value="" disabled>
          Choose an organization at the table
        </option>
        {others.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </Select>
      {mayPassRecord ? (
        <Choice
          name="withRecord"
          label="The depositary’s role goes with it"
          hint="Whoever keeps the record examines signatures and settles disputes. Once a text is adopted it stays where it is."
        />
      ) : null}
      <TextArea label={label} name="reason" hint={hint} rows={2} minLength={5} maxLength={800} />
    </ActionForm>
  );
}

/** The way to take an offer back that nobody has answered yet. */
export function TakeBackOffer({ handoverId }: { handoverId: string }) {
  return (
    <ActionForm action={takeBackConveningAction} submit="Take the offer back" tone="plain" className="grid gap-2">
      <input type="hidden" name="handoverId" value={handoverId} />
    </ActionForm>
  );
}
