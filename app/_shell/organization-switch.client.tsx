"use client";

import { ChevronsUpDown } from "lucide-react";
import { useTransition } from "react";
import { Menu } from "#app/_ui/menu.client.tsx";
import { actForOrganizationAction } from "./actions.ts";

/** Which organization the person acts for; a menu where there are several. */
export function OrganizationSwitch({
  current,
  organizations,
}: {
  current: { id: string; name: string };
  organizations: readonly { id: string; name: string }[];
}) {
  const [pending, start] = useTransition();
  return (
    <Menu
      label="Act for another organization"
      trigger={
        <button
          type="button"
          aria-busy={pending}
          className="inline-flex min-h-9 max-w-64 items-center gap-2 rounded-sm border border-line bg-sheet px-3 text-sm hover:border-ink"
        >
          <span className="truncate">{current.name}</span>
          <ChevronsUpDown aria-hidden="true" className="size-3.5 shrink-0 text-muted" />
          <span className="sr-only">Act for another organization</span>
        </button>
      }
      entries={[
        ...organizations.map((one) => ({
          label: one.id === current.id ? `${one.name} (now)` : one.name,
          onSelect: () =>
            start(async () => {
              await actForOrganizationAction(one.id);
            }),
        })),
        { label: `Settings of ${current.name}`, href: `/organizations/${current.id}` },
        { label: "Add an organization", href: "/organizations/new" },
      ]}
    />
  );
}
