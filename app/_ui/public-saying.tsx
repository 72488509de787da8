import type { ReactNode } from "react";
import { ActionForm, type ActionResult } from "./action-form.client.tsx";
import { TextArea } from "./field.tsx";

/**
 * A form by which somebody says something in public about the record: what it is about, whatever `children` ask, and a
 * reason that is published. What cannot be undone has a `confirm`, and its button looks like it.
 */
export function PublicSaying({
  action,
  submit,
  about,
  label = "Reason",
  hint = "It is published and stays so; name no person.",
  max = 800,
  confirm,
  tone = confirm ? "danger" : "plain",
  children,
}: {
  action: (form: FormData) => Promise<ActionResult>;
  submit: string;
  /** Names and values that go along unseen, such as the id of the signature. */
  about: Readonly<Record<string, string>>;
  label?: string;
  hint?: string;
  /** The longest reason, in characters. */
  max?: number;
  confirm?: string;
  tone?: "primary" | "plain" | "danger";
  children?: ReactNode;
}) {
  return (
    <ActionForm
      action={action}
      submit={submit}
      tone={tone}
      {...(confirm ? { confirm } : {})}
      className="grid content-start gap-4"
    >
      {Object.entries(about).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {children}
      <TextArea label={label} name="reason" hint={hint} rows={3} minLength={5} maxLength={max} />
    </ActionForm>
  );
}
