/** The reason of a decision. Several stand on one page, so that the label holds its field instead of naming it by id. */
export function ReasonField({ label }: { label: string }) {
  return (
    <label className="grid gap-1.5">
      <span className="font-medium text-sm">{label}</span>
      <span className="text-muted text-sm">The organization reads it.</span>
      <input
        name="reason"
        required
        minLength={5}
        maxLength={1000}
        className="block w-full rounded-sm border border-line bg-sheet px-3 py-2 text-base text-ink hover:border-muted"
      />
    </label>
  );
}
