import { LinkButton } from "#app/_ui/button.tsx";
import { Notice, Page } from "#app/_ui/frame.tsx";
import type { QueryRefusal } from "#lib/queries/public-query.ts";

/** Shown where an address asks for something that makes no sense. The mark makes the answer a 400 on its way out. */
export function RefusedQuery({ refusal, path }: { refusal: QueryRefusal; path: string }) {
  return (
    <Page width="narrow">
      <div data-http-status="400" className="grid gap-6">
        <h1 className="text-3xl">This address cannot be answered</h1>
        <Notice tone="problem" title={refusal.message}>
          Nothing was searched. The page without any filter works.
        </Notice>
        <div>
          <LinkButton href={path}>Show the page without filters</LinkButton>
        </div>
      </div>
    </Page>
  );
}
