"use client";

import { type ReactNode, useSyncExternalStore } from "react";
import { classNames } from "./class-names.ts";

/** Whether the page's script listens already. Before that a press is heard by nobody. */
export function useIsHeard(): boolean {
  return useSyncExternalStore(never, yes, no);
}

/**
 * Fields whose words React keeps are closed until it listens: on a slow network words typed before would be shown and yet
 * not be what is sent, and the next change would put the old ones back.
 */
export function UntilHeard({ children }: { children: ReactNode }) {
  const isHeard = useIsHeard();
  return (
    <fieldset disabled={!isHeard} className={classNames("contents", !isHeard && "unheard")}>
      {children}
    </fieldset>
  );
}

const never = () => () => {};
const yes = () => true;
const no = () => false;
