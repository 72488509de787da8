import type { ComponentProps, ReactNode } from "react";
import { classNames } from "./class-names.ts";

const onPaper = "print:min-w-0 print:whitespace-normal print:px-1 print:py-1";

/**
 * A set table with a caption; it scrolls sideways inside its own box on a narrow screen, reachable by keyboard. Paper does not
 * scroll: there every column is narrowed until the last one, which says what has been withdrawn, is on the sheet.
 */
export function Table({
  caption,
  captionHidden = true,
  children,
}: {
  caption: string;
  captionHidden?: boolean;
  children: ReactNode;
}) {
  return (
    // "relative" keeps the hidden words of head cells inside the box; without it they widen the page.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (WCAG 2.1.1)
    <section className="relative overflow-x-auto print:overflow-visible" tabIndex={0} aria-label={caption}>
      <table className="w-full border-collapse text-start text-sm print:text-[7.5pt] print:leading-snug">
        <caption className={captionHidden ? "sr-only" : "pb-2 text-start text-muted"}>{caption}</caption>
        {children}
      </table>
    </section>
  );
}

export function HeadCell({ className, ...rest }: ComponentProps<"th">) {
  return (
    <th
      scope="col"
      className={classNames(
        "border-ink border-b px-3 py-2 text-start font-medium first:ps-0 last:pe-0",
        onPaper,
        className,
      )}
      {...rest}
    />
  );
}

export function RowHead({ className, ...rest }: ComponentProps<"th">) {
  return (
    <th
      scope="row"
      className={classNames(
        "border-line border-b px-3 py-2.5 text-start align-top font-medium first:ps-0",
        onPaper,
        className,
      )}
      {...rest}
    />
  );
}

export function Cell({ className, ...rest }: ComponentProps<"td">) {
  return (
    <td
      className={classNames("border-line border-b px-3 py-2.5 align-top first:ps-0 last:pe-0", onPaper, className)}
      {...rest}
    />
  );
}
