import { Button } from "#app/_ui/button.tsx";
import { Select, TextInput } from "#app/_ui/field.tsx";
import { countryName } from "#lib/domain/country-name.ts";
import type { Facet } from "#lib/domain/signatory-rows.ts";
import type { SignatoryQuery } from "#lib/queries/public-query.ts";
import type { PublicSignatories } from "#lib/queries/public-signatories.ts";
import { className } from "./words.ts";

/** Search, filters with their counts, order and day; an ordinary form, so that it works without JavaScript. */
export function SignatoryFilters({
  path,
  query,
  view,
}: {
  path: string;
  query: SignatoryQuery;
  view: PublicSignatories;
}) {
  const { facets, charter } = view;
  return (
    <form method="get" action={path} aria-label="Narrow the list" className="no-print mb-8">
      <div className="grid grid-cols-2 items-end gap-3 md:grid-cols-4 xl:grid-cols-8">
        <div className="col-span-2">
          <TextInput
            label="Name"
            name="q"
            type="search"
            required={false}
            maxLength={100}
            defaultValue={query.q ?? ""}
          />
        </div>
        {/* On a narrow screen the list comes first; the box needs no script to open the rest. */}
        <label className="col-span-2 flex min-h-8 items-center gap-3 text-sm md:hidden">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            data-more=""
            defaultChecked={isNarrowed({ ...query, q: undefined })}
          />
          More filters
        </label>
        <div className="col-span-full hidden grid-cols-subgrid items-end gap-3 md:grid [:has([data-more]:checked)>&]:grid">
          <Facets label="Country" name="country" chosen={query.country} facet={facets.country} words={countryName} />
          <Facets label="Class" name="class" chosen={query.class} facet={facets.class} words={className} />
          <Facets label="Sector" name="sector" chosen={query.sector} facet={facets.sector} />
          <Facets label="Status" name="status" chosen={query.status} facet={facets.status} />
          <Facets
            label="Joined"
            name="joined"
            chosen={query.joined}
            facet={facets.joined}
            words={(value) => (value === "initial" ? "initially" : "later")}
          />
          {charter.versions.length > 1 ? (
            <Facets label="Version" name="version" chosen={query.version?.toString()} facet={facets.version} />
          ) : null}
          <Plain label="Order" name="sort" defaultValue={query.sort}>
            <option value="date">First to sign</option>
            <option value="-date">Last to sign</option>
            <option value="name">Name</option>
            <option value="country">Country</option>
          </Plain>
          <TextInput
            label="As of"
            name="asOf"
            type="date"
            required={false}
            max={view.today}
            defaultValue={query.asOf?.slice(0, 10) ?? ""}
          />
        </div>
        <div className="flex gap-3">
          <Button type="submit">Show</Button>
          {isNarrowed(query) ? (
            <a href={path} className="self-center text-accent text-sm underline underline-offset-4">
              Clear
            </a>
          ) : null}
        </div>
      </div>
    </form>
  );
}

function Facets({
  label,
  name,
  chosen,
  facet,
  words = (value) => value,
}: {
  label: string;
  name: string;
  chosen: string | undefined;
  facet: Facet;
  words?: (value: string) => string;
}) {
  const options = facet.map(([value, count]) => ({ value, label: `${words(value)} (${count})` }));
  const isMissing = chosen !== undefined && !facet.some(([value]) => value === chosen);
  options.sort((left, right) => left.label.localeCompare(right.label, "en"));
  return (
    <Plain label={label} name={name} defaultValue={chosen ?? ""}>
      <option value="">Any</option>
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
      {isMissing ? <option value={chosen}>{words(chosen)} (0)</option> : null}
    </Plain>
  );
}

/** A select without "(optional)" beside every label: nothing in this form has to be chosen. */
function Plain({
  label,
  name,
  defaultValue,
  children,
}: {
  label: string;
  name: string;
  defaultValue: string;
  children: React.ReactNode;
}) {
  return (
    <Select label={label} name={name} required={false} defaultValue={defaultValue}>
      {children}
    </Select>
  );
}

function isNarrowed({ sort, ...rest }: SignatoryQuery): boolean {
  return sort !== "date" || Object.values(rest).some((value) => value !== undefined);
}
