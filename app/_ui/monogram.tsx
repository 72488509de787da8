import { classNames } from "./class-names.ts";

/** Stands in for a logo: the first letters of an organization's name. Decoration; the name stands beside it. */
export function Monogram({ name, size = "normal" }: { name: string; size?: "small" | "normal" | "large" }) {
  const sizes = { small: "size-6 text-[0.625rem]", normal: "size-9 text-xs", large: "size-14 text-lg" } as const;
  return (
    <span
      aria-hidden="true"
      className={classNames(
        "inline-flex shrink-0 select-none items-center justify-center rounded-sm border border-line bg-wash font-semibold text-muted",
        sizes[size],
      )}
    >
      {initials(name)}
    </span>
  );
}

function initials(name: string): string {
  const words = name.split(/[\s-]+/u).filter((word) => /^\p{L}/u.test(word));
  return words
    .slice(0, 2)
    .map((word) => [...word][0] ?? "")
    .join("")
    .toUpperCase();
}
