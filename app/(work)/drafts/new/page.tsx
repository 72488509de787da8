import type { Metadata } from "next";
import Link from "next/link";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { requirePage } from "#app/_server/require-page.ts";
import { queryText, type SearchParams } from "#app/_server/search-params.ts";
import { ActionForm } from "#app/_ui/action-form.client.tsx";
import { LinkButton } from "#app/_ui/button.tsx";
import { classNames } from "#app/_ui/class-names.ts";
import { CharterBody } from "#app/_ui/clause-text.tsx";
import { Select, TextInput } from "#app/_ui/field.tsx";
import { Chip, EmptyState, Notice, Page, PageHeader, Section } from "#app/_ui/frame.tsx";
import { numbered } from "#lib/domain/charter-text.ts";
import { defaultPolicy, policySentences } from "#lib/domain/policy.ts";
import { mayForOrganization, requirePerson } from "#lib/domain/rights.ts";
import type { Template } from "#lib/domain/templates/parts.ts";
import { availablePolicy, templates, templateText } from "#lib/domain/templates.ts";
import { PolicyFields } from "../_parts/policy-fields.tsx";
import { createCharterAction } from "./actions.ts";
import { ImportFields } from "./import-fields.client.tsx";

export const metadata: Metadata = { title: "New charter" };

export default async function NewCharterPage({ searchParams }: { searchParams: SearchParams }) {
  const person = await requirePage("/drafts/new", async () => requirePerson(await currentActor()));
  const organizations = person.memberships.filter((one) =>
    mayForOrganization(person, "create-charter", one.organizationId),
  );
  const wanted = await queryText(searchParams, "template");
  const isImport = wanted === "import";
  const template = templates.find((one) => one.key === wanted) ?? templates[0];
  if (organizations.length === 0 || !template) {
    return (
      <Page width="narrow">
        <PageHeader title="New charter" />
        <EmptyState sentence="A charter is opened by an organization. Add yours, or ask one of its admins to let you represent it.">
          <LinkButton tone="primary" href="/organizations/new">
            Add an organization
          </LinkButton>
        </EmptyState>
      </Page>
    );
  }
  return (
    <Page>
      <PageHeader
        title="New charter"
        lead="Choose a text to begin with and the rules it is made by. The rules are read back to you before drafting opens."
      />
      <div className="grid gap-10 lg:grid-cols-[16rem_1fr]">
        <Choices current={isImport ? "import" : template.key} />
        <div className="min-w-0">
          {isImport ? (
            <PageHeader title="Your own text" lead="From Markdown, pasted or as a file of at most 1 MiB." />
          ) : (
            <Preview template={template} random={contextFor(person).random} />
          )}
          <ActionForm action={createCharterAction} submit="Create the charter" className="grid gap-6">
            <input type="hidden" name="template" value={isImport ? "import" : template.key} />
            {isImport ? <ImportFields /> : null}
            <Section title="What it is called">
              <div className="grid gap-4">
                <TextInput
                  label="Title"
                  name="title"
                  maxLength={300}
                  optional={isImport}
                  defaultValue={isImport ? "" : template.title}
                  {...(isImport ? { hint: "Left empty, the title of your text is taken." } : {})}
                />
                <TextInput
                  label="Purpose in one sentence"
                  name="purpose"
                  maxLength={300}
                  optional
                  hint="Stands under the title on the public page, once there is one."
                  defaultValue={isImport ? "" : template.purpose}
                />
                <TextInput
                  label="Kind of text"
                  name="displayType"
                  maxLength={40}
                  hint="Charter, accord, code, compact: the word used for it on its pages."
                  defaultValue={isImport ? "Charter" : template.displayType}
                  className="max-w-60"
                />
                <Select
                  label="Convenor"
                  name="organizationId"
                  hint="The organization that starts and runs the drafting, and keeps the record."
                  defaultValue={person.organizationId ?? organizations[0]?.organizationId}
                >
                  {organizations.map((one) => (
                    <option key={one.organizationId} value={one.organizationId}>
                      {one.displayName}
                    </option>
                  ))}
                </Select>
              </div>
            </Section>
            <Section
              title="Policy"
              lead="These can be changed until drafting opens, and not after. The choices below suit this kind of text; a small group can leave them as they are. Where the text states a rule itself, such as the days of notice, change it there too."
            >
              <PolicyFields
                key={isImport ? "import" : template.key}
                policy={isImport ? defaultPolicy : availablePolicy(template.policy)}
              />
            </Section>
          </ActionForm>
        </div>
      </div>
    </Page>
  );
}

function Choices({ current }: { current: string }) {
  const entries = [
    ...templates.map(({ key, name, summary }) => ({ key, name, summary })),
    { key: "import", name: "Your own text", summary: "Paste or upload Markdown." },
  ];
  return (
    <nav aria-label="Texts to begin with">
      <ul className="grid gap-1">
        {entries.map((one) => (
          <li key={one.key}>
            <Link
              href={`/drafts/new?template=${one.key}`}
              aria-current={one.key === current ? "true" : undefined}
              className={classNames(
                "block rounded-sm border px-3 py-2 no-underline",
                one.key === current
                  ? "border-accent bg-accent-wash text-ink"
                  : "border-transparent text-ink hover:bg-wash",
              )}
            >
              <span className="block font-medium">{one.name}</span>
              <span className="block text-muted text-sm">{one.summary}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Preview({ template, random }: { template: Template; random: Parameters<typeof templateText>[1] }) {
  const text = templateText(template.key, random);
  const unavailable = policySentences(template.policy).filter((one) => !one.available);
  return (
    <div className="mb-10">
      <h2 className="text-2xl">{template.name}</h2>
      <p className="mt-1 text-muted">{template.summary}</p>
      {unavailable.length + template.notYet.length > 0 ? (
        <div className="mt-4">
          <Notice title="Not available yet">
            <ul className="list-disc ps-5">
              {unavailable.map((one) => (
                <li key={one.policy}>
                  {one.title}: {one.sentence} The charter begins without it.
                </li>
              ))}
              {template.notYet.map((one) => (
                <li key={one}>{one}</li>
              ))}
            </ul>
          </Notice>
        </div>
      ) : null}
      <details className="mt-4 border-line border-y py-3" open={template.key === "multi-party-accord"}>
        <summary className="font-medium">
          Read the sample text <Chip>{text.clauses.length} clauses</Chip>
        </summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (WCAG 2.1.1) */}
        <section className="mt-4 max-h-[32rem] overflow-y-auto pe-2" tabIndex={0} aria-label="Sample text">
          <p className="mb-3 font-semibold font-serif text-2xl">{text.title}</p>
          <CharterBody clauses={numbered(text.clauses)} permalinks={false} />
        </section>
      </details>
    </div>
  );
}
