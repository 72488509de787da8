"use client";

import { useCallback, useState } from "react";

/** What the live region says. The same sentence twice in a row is said twice. */
export function useAnnouncer(): { announcement: string; announce: (words: string) => void } {
  const [announcement, setAnnouncement] = useState("");
  const announce = useCallback((words: string) => {
    if (words !== "") setAnnouncement((before) => (before === words ? `${words}\u00a0` : words));
  }, []);
  return { announcement, announce };
}
