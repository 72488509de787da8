import { Button } from "#app/_ui/button.tsx";
import { EmptyState } from "#app/_ui/frame.tsx";
import type { DemoPerson } from "#lib/queries/list-demo-people.ts";

/** The people one can be in the demo world: a form and a button each, which works without JavaScript. */
export function DemoPeople({ people, next }: { people: readonly DemoPerson[]; next: string }) {
  if (people.length === 0)
    return <EmptyState sentence="Nobody lives in this demo world yet. Sign in by mail to be the first." />;
  return (
    <ul className="mt-4 divide-y divide-line border-line border-y">
      {people.map((person) => (
        <li key={person.userId} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-3">
          <div className="min-w-0 grow basis-56">
            <p className="font-medium">{person.name}</p>
            <p className="text-muted text-sm">{wordsFor(person)}</p>
          </div>
          <form method="post" action="/api/auth/demo">
            <input type="hidden" name="userId" value={person.userId} />
            <input type="hidden" name="next" value={next} />
            <Button type="submit">
              Sign in<span className="sr-only"> as {person.name}</span>
            </Button>
          </form>
        </li>
      ))}
    </ul>
  );
}

function wordsFor(person: DemoPerson): string {
  const places = person.organizations.map(
    (one) => `${one.name}: ${one.roles.map((role) => role.replace("-", " ")).join(", ")}`,
  );
  return [...(person.isOperator ? ["operator of this installation"] : []), ...places].join(" · ");
}
