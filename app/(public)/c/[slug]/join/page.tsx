import type { Metadata } from "next";
import { LinkButton } from "#app/_ui/button.tsx";
import { Notice, Page } from "#app/_ui/frame.tsx";
import { policySentences } from "#lib/domain/policy.ts";
import { isSignable } from "#lib/domain/version-status.ts";
import { loadPublicCharter, type PublicCharter } from "#lib/queries/public-charter.ts";
import { askPlain, type PageProps } from "../../../_parts/ask.ts";
import { CharterHeader } from "../../../_parts/charter-frame.tsx";
import { RefusedQuery } from "../../../_parts/refused-query.tsx";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Sign this charter" };

export default async function JoinPage({ params, searchParams }: PageProps<{ slug: string }>) {
  const { slug } = await params;
  const asked = await askPlain(searchParams, (ctx) => loadPublicCharter(ctx, slug));
  if (asked instanceof Error) return <RefusedQuery refusal={asked} path={`/c/${slug}/join`} />;
  const charter = asked.view;
  const toSign = charter.upcoming ?? charter.current;
  return (
    <Page width="narrow">
      <CharterHeader charter={charter} here="none" title="Sign this charter" lead={charter.current.status} />
      {isSignable(toSign.state) ? (
        <div className="grid gap-6">
          <div className="grid max-w-prose gap-3 font-serif text-lg">
            <p>{whoMaySign(charter)}</p>
            <p>
              It signs version {toSign.number} exactly as published,{" "}
              {charter.policy.reservationPolicy === "none" ? "and whole, " : "whole or with reservations, "}
              through an officer whose signing mandate the organization itself has recorded.
            </p>
            <p>
              The organization’s name, country and class and the officer’s title become public at once; the officer’s
              name does not go into the record.
            </p>
          </div>
          <div className="flex flex-wrap gap-3">
            <LinkButton href={`/join/${slug}`} tone="primary">
              Continue
            </LinkButton>
            <LinkButton href={`/c/${slug}`}>Read the text first</LinkButton>
          </div>
          <p className="text-muted text-sm">
            You sign in by mail, name your organization and have it verified. Each step can be left and taken up again,
            and nothing is signed before the last button. {withdrawal(charter)}
          </p>
        </div>
      ) : (
        <Notice title="This charter is closed to signature">
          No further signatures are taken. The text and the list stay public.
        </Notice>
      )}
    </Page>
  );
}

function whoMaySign({ policy }: PublicCharter): string {
  const sentence = (key: "joinPolicy" | "participantClasses") =>
    policySentences(policy).find((one) => one.policy === key)?.sentence ?? "";
  return `${sentence("joinPolicy")} ${sentence("participantClasses")}`;
}

function withdrawal({ policy }: PublicCharter): string {
  return policySentences(policy).find((one) => one.policy === "withdrawalNoticeDays")?.sentence ?? "";
}
