import { ActionForm, type ActionResult } from "./action-form.client.tsx";
import { Choice, Select, TextArea } from "./field.tsx";

/** The form by which a charter's convening is offered: to whom, whether the record goes with it, and why. */
export function OfferConveningForm({
  action,
  charterId,
  others,
  mayPassRecord,
  label = "Why",
  hint,
}: {
  action: (form: FormData) => Promise<ActionResult>;
  charterId: string;
  others: readonly { readonly id: string; readonly name: string }[];
  mayPassRecord: boolean;
  label?: string;
  hint: string;
}) {
  return (
    <ActionForm action={action} submit="Offer the role" tone="plain" className="grid max-w-xl gap-4">
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
