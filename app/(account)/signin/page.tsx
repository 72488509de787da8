import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { isDemoRequest, problemSentence, signInProviders, typedAddress } from "#app/_server/door.ts";
import { queryText, type SearchParams } from "#app/_server/search-params.ts";
import { Button } from "#app/_ui/button.tsx";
import { TextInput } from "#app/_ui/field.tsx";
import { Notice, Page, PageHeader, Section } from "#app/_ui/frame.tsx";
import { localPath } from "#lib/domain/local-path.ts";
import { listDemoPeople } from "#lib/queries/list-demo-people.ts";
import { DemoPeople } from "./demo-people.tsx";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({ searchParams }: { searchParams: SearchParams }) {
  const next = localPath(await queryText(searchParams, "next"), "/home");
  const problem = problemSentence(
    (await queryText(searchParams, "problem")) ?? (await queryText(searchParams, "error")),
  );
  const actor = await currentActor();
  const isDemo = await isDemoRequest();
  // In the demo world one tries several people out; elsewhere a signed-in person has nothing to do here.
  if (actor.kind === "person" && !isDemo) redirect(next);
  const people = isDemo ? await listDemoPeople(contextFor(actor)) : [];
  return (
    <Page width="narrow">
      <PageHeader
        title="Sign in"
        lead="We send a code and a link to your mail. There is no password, and the first sign-in makes your account."
      />
      <div className="grid gap-6">
        {(await queryText(searchParams, "ended")) ? (
          <Notice tone="good" title="You are signed out." role="status" />
        ) : null}
        {problem ? (
          <Notice tone="problem" title="That did not work" role="alert">
            {problem}
          </Notice>
        ) : null}
        <form method="post" action="/api/auth/ask" className="grid gap-4">
          <input type="hidden" name="next" value={next} />
          <TextInput
            label="Mail address"
            name="email"
            type="email"
            autoComplete="email"
            maxLength={254}
            defaultValue={problem ? await typedAddress() : ""}
            hint="Use your address at the organization you act for."
          />
          <div>
            <Button type="submit" tone="primary">
              Send me a code
            </Button>
          </div>
        </form>
        {signInProviders().map((provider) => (
          <form key={provider.id} method="post" action="/api/auth/provider">
            <input type="hidden" name="id" value={provider.id} />
            <input type="hidden" name="next" value={next} />
            <Button type="submit">Sign in with {provider.name}</Button>
          </form>
        ))}
      </div>
      {isDemo ? (
        <Section
          id="demo"
          title="Or look around as somebody of the demo world"
          lead="One click, no mail. These people and their organizations are fictional; this list exists on this machine alone."
        >
          <DemoPeople people={people} next={next} />
        </Section>
      ) : null}
    </Page>
  );
}
