import type { Metadata } from "next";
import { LaterActPage, type LaterActProps, loadLaterAct } from "../later-act.tsx";
import { NarrowForm } from "./narrow-form.client.tsx";

export const metadata: Metadata = { title: "Narrow the reservations", robots: { index: false } };

export default async function NarrowPage(props: LaterActProps) {
  const act = await loadLaterAct(props, "narrow");
  const { reservations } = act.view;
  const { status } = act.signature;
  return (
    <LaterActPage
      act={act}
      title="Narrow the reservations"
      isPossible={reservations.length > 0 && (status === "EFFECTIVE" || status === "WITHDRAWING")}
      impossible="There is no reservation on the public list that could be narrowed."
    >
      <NarrowForm {...act.signing} name={act.name} reservations={reservations} />
    </LaterActPage>
  );
}
