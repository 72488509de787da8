"use client";

import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from "react";
import { Notice } from "./frame.tsx";

const Say = createContext<((words: string | null) => void) | null>(null);

/** Says in the nearest `Said` what came of a form; null where there is none, and the form says it itself. */
export function useSay(): ((words: string | null) => void) | null {
  return useContext(Say);
}

/**
 * One line above forms that go away when they have done their work, such as a signature that leaves the list of what waits: it stays,
 * is read out, and takes the focus where the form that had it is gone.
 */
export function Said({ className, children }: { className?: string; children: ReactNode }) {
  const [words, setWords] = useState<string | null>(null);
  const line = useRef<HTMLDivElement>(null);
  // Not only after new words: the list comes anew from the server after them, and takes the form away.
  useEffect(() => {
    if (words !== null && (document.activeElement ?? document.body) === document.body) line.current?.focus();
  });
  return (
    <Say value={setWords}>
      <div className={className}>
        <div ref={line} role="status" tabIndex={-1} className="said">
          {words === null ? null : <Notice tone="good">{words}</Notice>}
        </div>
        {children}
      </div>
    </Say>
  );
}
