"use client";

import type { ReactNode } from "react";
import { Button } from "#app/_ui/button.tsx";

/** The way on from a step, and the way back. */
export function Moves({ back, isBlocked = false }: { back: ReactNode; isBlocked?: boolean }) {
  return (
    <div className="flex flex-wrap gap-3">
      <Button type="submit" tone="primary" disabled={isBlocked}>
        Continue
      </Button>
      {back}
    </div>
  );
}
