import { type ComponentProps, type ReactNode, useId } from "react";
import { classNames } from "./class-names.ts";

const box =
  "block w-full rounded-sm border border-line bg-sheet px-3 py-2 text-base text-ink placeholder:text-muted hover:border-muted aria-invalid:border-red disabled:opacity-60";

type FieldProps = { label: string; name: string; hint?: ReactNode; problem?: string | undefined; optional?: boolean };

/** A labelled control with its hint and its problem, tied together for screen readers by `id`; the same name may stand twice on a page. */
function Field({
  id,
  label,
  hint,
  problem,
  optional,
  children,
}: Omit<FieldProps, "name"> & { id: string; children: ReactNode }) {
  return (
    // A date field would rather be wider than its column.
    <div className="grid min-w-0 grid-cols-1 gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
        {optional ? <span className="ms-1 font-normal text-muted">(optional)</span> : null}
      </label>
      {hint ? (
        <p id={`${id}-hint`} className="text-sm text-muted">
          {hint}
        </p>
      ) : null}
      {children}
      {problem ? (
        <p id={`${id}-problem`} className="text-sm text-red">
          {problem}
        </p>
      ) : null}
    </div>
  );
}

function described({ id, name, hint, problem }: Pick<FieldProps, "name" | "hint" | "problem"> & { id: string }) {
  const ids = [hint ? `${id}-hint` : "", problem ? `${id}-problem` : ""].filter(Boolean).join(" ");
  return {
    id,
    name,
    ...(ids ? { "aria-describedby": ids } : {}),
    ...(problem ? { "aria-invalid": true as const } : {}),
  };
}

/** `maxLength` in characters: what is longer is refused when the form is sent, never cut without a word as browsers do. */
export function TextInput({
  label,
  name,
  hint,
  problem,
  optional,
  className,
  maxLength,
  ...rest
}: FieldProps & Omit<ComponentProps<"input">, "name">) {
  const id = useId();
  return (
    // A search needs no words, and nobody expects to be told so.
    <Field id={id} label={label} hint={hint} problem={problem} optional={optional === true && rest.type !== "search"}>
      <input
        {...described({ id, name, hint, problem })}
        required={!optional}
        data-max-length={maxLength}
        className={classNames(box, className)}
        {...rest}
      />
    </Field>
  );
}

export function TextArea({
  label,
  name,
  hint,
  problem,
  optional,
  className,
  maxLength,
  ...rest
}: FieldProps & Omit<ComponentProps<"textarea">, "name">) {
  const id = useId();
  return (
    <Field id={id} label={label} hint={hint} problem={problem} {...(optional ? { optional } : {})}>
      <textarea
        {...described({ id, name, hint, problem })}
        required={!optional}
        data-max-length={maxLength}
        rows={4}
        className={classNames(box, className)}
        {...rest}
      />
    </Field>
  );
}

export function Select({
  label,
  name,
  hint,
  problem,
  optional,
  className,
  children,
  ...rest
}: FieldProps & Omit<ComponentProps<"select">, "name">) {
  const id = useId();
  return (
    <Field id={id} label={label} hint={hint} problem={problem} {...(optional ? { optional } : {})}>
      <select
        {...described({ id, name, hint, problem })}
        required={!optional}
        className={classNames(box, className)}
        {...rest}
      >
        {children}
      </select>
    </Field>
  );
}

/** A checkbox or a radio with its words; the whole line can be pressed. */
export function Choice({
  label,
  hint,
  className,
  type = "checkbox",
  ...rest
}: { label: ReactNode; hint?: ReactNode } & ComponentProps<"input">) {
  const id = useId();
  return (
    <label className={classNames("flex items-start gap-3 py-1.5", className)}>
      <input
        type={type}
        aria-labelledby={`${id}-label`}
        {...(hint ? { "aria-describedby": `${id}-hint` } : {})}
        className="mt-1 size-4 shrink-0 accent-accent"
        {...rest}
      />
      <span>
        <span id={`${id}-label`} className="block">
          {label}
        </span>
        {hint ? (
          <span id={`${id}-hint`} className="block text-sm text-muted">
            {hint}
          </span>
        ) : null}
      </span>
    </label>
  );
}
