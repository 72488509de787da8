"use client";

import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from "react";
import { Notice } from "./frame.tsx";

/** What a form did, and the form; it says so itself for as long as it is there. */
type Done = { readonly words: string; readonly form: HTMLFormElement };

const Say = createContext<((done: Done | null) => void) | null>(null);

/** Where a form leaves word of what it did, for the case that it goes away; null outside a `Said`. */
export function useSay(): ((done: Done | null) => void) | null {
  return useContext(Say);
}

/**
 * Says what a form did that went away with its work, as when a signature leaves the list of what waits: in one line above, which is read
 * out and takes the focus where the form had it.
 */
export function Said({ className, children }: { className?: string; children: ReactNode }) {
  const [done, setDone] = useState<Done | null>(null);
  const [isGone, setIsGone] = useState(false);
  const line = useRef<HTMLDivElement>(null);
  // After every change of the page below: the form leaves with what the server sends after its answer.
  useEffect(() => {
    setIsGone(done !== null && !done.form.isConnected);
  });
  useEffect(() => {
    if (!isGone) return;
    line.current?.scrollIntoView({ block: "nearest" });
    if ((document.activeElement ?? document.body) === document.body) line.current?.focus();
  }, [isGone]);
  return (
    <Say value={setDone}>
      <div className={className}>
        <div ref={line} role="status" tabIndex={-1} className="said">
          {done !== null && isGone ? <Notice tone="good">{done.words}</Notice> : null}
        </div>
        {children}
      </div>
    </Say>
  );
}
