import Link from "next/link";
import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";

const shape =
  "inline-flex min-h-10 items-center justify-center gap-2 rounded-sm border px-4 py-1.5 text-sm font-medium leading-snug no-underline transition-colors duration-100 disabled:cursor-not-allowed disabled:opacity-55";
const tones = {
  primary: "border-accent bg-accent text-accent-ink hover:opacity-90",
  plain: "border-line bg-sheet text-ink hover:border-ink",
  quiet: "border-transparent bg-transparent text-accent underline underline-offset-4 hover:bg-wash",
  danger: "border-red bg-sheet text-red hover:bg-red-wash",
} as const;

/** How much an action weighs. Choices of equal weight take the same tone. */
export type ButtonTone = keyof typeof tones;

export function Button({
  tone = "plain",
  className,
  type = "button",
  ...rest
}: ComponentProps<"button"> & { tone?: ButtonTone }) {
  return <button type={type} className={classNames(shape, tones[tone], className)} {...rest} />;
}

/** A link that looks like a button: it goes somewhere and changes nothing. */
export function LinkButton({
  tone = "plain",
  className,
  ...rest
}: ComponentProps<typeof Link> & { tone?: ButtonTone }) {
  return <Link className={classNames(shape, tones[tone], className)} {...rest} />;
}
