"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

const mark = "concordat-lodged";

/** Notes that something was lodged from this page, before it is left for the receipt. */
export function noteLodged(): void {
  sessionStorage.setItem(mark, location.pathname);
}

/**
 * Whoever comes back by the browser's back button after signing sees what stands now, and not the page as it was kept:
 * the server is asked again, and says in a sentence that it is signed.
 */
export function useFreshAfterBack(): void {
  const router = useRouter();
  useEffect(() => {
    const look = (event?: PageTransitionEvent) => {
      const isLodged = sessionStorage.getItem(mark) === location.pathname;
      if (isLodged) sessionStorage.removeItem(mark);
      if (isLodged || event?.persisted) router.refresh();
    };
    look();
    window.addEventListener("pageshow", look);
    return () => window.removeEventListener("pageshow", look);
  }, [router]);
}
