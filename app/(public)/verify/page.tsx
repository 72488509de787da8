import type { Metadata } from "next";
import { Button } from "#app/_ui/button.tsx";
import { TextInput } from "#app/_ui/field.tsx";
import { Notice, Page, PageHeader, Section } from "#app/_ui/frame.tsx";
import { Fingerprint, Seal } from "#app/_ui/seal.tsx";
import { sharedSite } from "#lib/config/site.ts";
import { findPublicHash, type HashMatch } from "#lib/queries/public-hash.ts";
import { entriesPerAnswerMax } from "#lib/queries/public-log.ts";
import { HashQuery } from "#lib/queries/public-query.ts";
import { listVerifierFiles } from "#lib/queries/verifier-files.ts";
import { askWithQuery, type PageProps } from "../_parts/ask.ts";
import { RefusedQuery } from "../_parts/refused-query.tsx";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Verify", alternates: { canonical: "/verify" } };

export default async function VerifyPage({ searchParams }: PageProps) {
  const asked = await askWithQuery(HashQuery, searchParams, async (ctx, { hash }) =>
    hash === undefined ? undefined : { hash, match: await findPublicHash(ctx, hash) },
  );
  if (asked instanceof Error) return <RefusedQuery refusal={asked} path="/verify" />;
  const answer = asked.view;
  const files = await listVerifierFiles();
  const site = sharedSite();
  return (
    <Page width="narrow">
      <PageHeader title="Verify" lead="What can be checked here and at home, what that proves, and what it does not." />
      <Section title="Which text is this?" lead="Paste a fingerprint (SHA-256). Spaces and capitals do not matter.">
        <form method="get" action="/verify" className="grid gap-4">
          <TextInput
            label="Fingerprint"
            name="hash"
            maxLength={200}
            autoComplete="off"
            spellCheck={false}
            defaultValue={answer?.hash ?? ""}
            className="font-mono text-sm"
          />
          <div>
            <Button type="submit" tone="primary">
              Look it up
            </Button>
          </div>
        </form>
        {answer ? <Answer hash={answer.hash} match={answer.match} /> : null}
      </Section>
      <Section title="Check a receipt without us">
        <div className="grid max-w-prose gap-3">
          <p>
            Every signature has a receipt: the text, what was signed, what shows it, and its place in the public log. It
            stands beside the act among the notifications of the charter. The verifier is a page that works saved on
            your disk and without a network, and a program for Node 20 or later. Both are built from the sources of this
            site; who builds them again gets the same fingerprints.
          </p>
          <dl className="grid gap-3">
            {files.map(({ name, sha256Hex }) => (
              <div key={name}>
                <dt>
                  <a href={`/verify/${name}`} download={name}>
                    {name}
                  </a>
                  {name.endsWith(".html") ? ", to save and open from disk" : null}
                  {name.endsWith(".mjs") ? (
                    <>
                      , to run: <code>node concordat.mjs verify receipt.json</code>
                    </>
                  ) : null}
                </dt>
                <dd className="mt-1 text-sm">
                  <Fingerprint hashHex={sha256Hex} />
                </dd>
              </div>
            ))}
          </dl>
          <p>
            Green means valid. Amber means valid, and since withdrawn or superseded, or recorded by the keeper without a
            key of the organization. Red says which of these it is: another text, an unknown key, a malformed receipt.
          </p>
          <p>
            Compare the fingerprints with those that somebody else was shown: a server that wanted to deceive you would
            give you a verifier that agrees with it.
          </p>
        </div>
      </Section>
      <Section title="Check the whole log">
        <div className="grid max-w-prose gap-3">
          <p>
            Every public act is an entry of one log that only grows. With these three files the verifier counts the
            acts, looks for what no honest keeper would have written, and compares the log with a checkpoint you kept.
          </p>
          <ul className="list-disc ps-5">
            <li>
              <a href="/log/checkpoint">The newest signed checkpoint</a>
            </li>
            <li>
              <a href="/log/entries">The entries</a>, one a line; after {entriesPerAnswerMax.toLocaleString("en-GB")} go
              on with <code>?from=</code>
            </li>
            <li>
              <a href="/log/policy">The keeper’s word on its own key</a>, as a start for a policy of yours
            </li>
          </ul>
          <p>
            <code>node concordat.mjs check entries checkpoint --policy policy</code>
          </p>
          <p>
            A charter can be had whole, as an archive among its documents. The verifier then makes the list of
            signatories again from the log: <code>node concordat.mjs fsck charter.zip --policy policy</code>
          </p>
          <p>
            Whoever signed under seal holds a sealed receipt with the keeper’s signed promise. Held against a later
            archive it proves that the signature was published, or that it was left out:{" "}
            <code>node concordat.mjs promise sealed-receipt.json charter.zip --policy policy</code>
          </p>
        </div>
      </Section>
      <Section title="What this proves">
        <ul className="grid max-w-prose list-disc gap-2 ps-5">
          <li>That a text is, to the letter, the one that a fingerprint names.</li>
          <li>That a statement naming this very text was signed with a certain key, and has not been changed since.</li>
          <li>That the act stands in the public log, at the place its receipt says, and that the log only grew.</li>
        </ul>
      </Section>
      <Section title="What it does not prove">
        <ul className="grid max-w-prose list-disc gap-2 ps-5">
          <li>That the officer saw this text: this server delivered the page on which they signed.</li>
          <li>
            {site.signOrigin === site.publicUrl
              ? "That keys sign apart from everything else: on this installation they sign on the same host that shows the pages."
              : `That the host on which keys sign (${site.signOrigin}) is run by anybody else: it is a host of its own, kept by the same keeper.`}
          </li>
          <li>Who the person was, and that they had authority to commit the organization.</li>
          <li>The exact time. Times are those of this server’s clock; the order of acts is that of the log.</li>
          <li>A qualified electronic signature under any law.</li>
          <li>
            For signatures confirmed by a code sent by mail: that the organization itself signed. They are recorded by
            the keeper of this record, and the verifier says so.
          </li>
        </ul>
        <p className="mt-4 max-w-prose">
          The log is <strong>not witnessed</strong>: nobody but this server has yet signed that everyone is shown the
          same log. Keep your receipts and notifications; each carries a checkpoint of the log that later ones must
          agree with.
        </p>
      </Section>
    </Page>
  );
}

function Answer({ hash, match }: { hash: string; match: HashMatch | undefined }) {
  if (!match) {
    return (
      <div className="mt-6">
        <Notice tone="wait" title="No public text or statement has this fingerprint" role="status">
          <Fingerprint hashHex={hash} /> One changed character gives an entirely different fingerprint. Check that it
          was copied whole.
        </Notice>
      </div>
    );
  }
  return (
    <div className="mt-6">
      <Notice
        tone="good"
        title={match.kind === "version" ? "This is a public text" : "This is a statement on the public record"}
        role="status"
      >
        <div className="mt-2 flex items-start gap-4">
          <Seal hashHex={hash} size={72} />
          <div>
            {match.kind === "version" ? (
              <p>
                <a href={`/c/${match.slug}/v/${match.number}`}>
                  {match.title}, version {match.number}
                </a>
              </p>
            ) : (
              <p>
                <a href={`/c/${match.slug}/notifications`}>
                  {match.title}, act {match.actNumber}
                </a>
                : {match.notification}
              </p>
            )}
            <p className="mt-1">
              <Fingerprint hashHex={hash} />
            </p>
          </div>
        </div>
      </Notice>
    </div>
  );
}
