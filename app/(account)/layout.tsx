import type { ReactNode } from "react";
import { SignedInFrame } from "#app/_shell/signed-in-frame.tsx";

export default function AccountLayout({ children }: { children: ReactNode }) {
  return <SignedInFrame>{children}</SignedInFrame>;
}
