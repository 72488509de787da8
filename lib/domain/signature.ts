import { Refusal, unreachable } from "./refusal.ts";

/** Where a signature stands. Source: DOMAIN 4.3. */
export const signatureStatuses = [
  "SEALED",
  "LODGED",
  "EFFECTIVE",
  "WITHDRAWING",
  "WITHDRAWN",
  "RETRACTED",
  "RETURNED",
  "DISPUTED",
  "VOID",
  "LAPSED",
  "SUCCEEDED_BY",
] as const;
export type SignatureStatus = (typeof signatureStatuses)[number];

/** The statuses of which an organization has at most one per version; the database holds that with an index. */
export const activeSignatureStatuses = [
  "SEALED",
  "LODGED",
  "EFFECTIVE",
  "WITHDRAWING",
  "DISPUTED",
] as const satisfies readonly SignatureStatus[];

/** What can happen to a signature once it is given. */
export type SignatureEvent =
  | { readonly kind: "retract" }
  | { readonly kind: "publish" }
  | { readonly kind: "return" }
  | { readonly kind: "notice"; readonly effectiveOn: Date; readonly now: Date }
  | { readonly kind: "revoke-notice"; readonly effectiveOn: Date; readonly now: Date }
  | { readonly kind: "reach"; readonly effectiveOn: Date; readonly now: Date }
  | { readonly kind: "dispute" }
  | { readonly kind: "settle"; readonly effectiveOn: Date | null; readonly now: Date }
  | { readonly kind: "annul" }
  | { readonly kind: "lapse" }
  | { readonly kind: "succeed" };

/**
 * The status after an event.
 *
 * @throws {Refusal} conflict when the event has no place in that status; nothing has happened then.
 */
export function nextSignatureStatus(status: SignatureStatus, event: SignatureEvent): SignatureStatus {
  switch (event.kind) {
    case "retract":
      if (status === "SEALED" || status === "LODGED") return "RETRACTED";
      throw new Refusal(
        "conflict",
        "Only a signature that is not public yet can be pulled out without a trace; once it is public, withdraw it with notice.",
      );
    case "publish":
      if (status === "SEALED" || status === "LODGED") return "EFFECTIVE";
      throw new Refusal("conflict", "This signature is public already.");
    case "return":
      if (status === "SEALED" || status === "LODGED") return "RETURNED";
      throw new Refusal("conflict", "Only a signature that is not public yet can be returned to its organization.");
    case "notice":
      if (status === "EFFECTIVE") return event.effectiveOn <= event.now ? "WITHDRAWN" : "WITHDRAWING";
      throw new Refusal("conflict", noticeMessage(status));
    case "revoke-notice":
      if (status === "WITHDRAWING" && event.now < event.effectiveOn) return "EFFECTIVE";
      throw new Refusal("conflict", "There is no notice of withdrawal that could still be taken back.");
    case "reach":
      if (status === "WITHDRAWING" && event.effectiveOn <= event.now) return "WITHDRAWN";
      throw new Refusal("conflict", "The date of this withdrawal has not come.");
    case "dispute":
      if (status === "EFFECTIVE" || status === "WITHDRAWING") return "DISPUTED";
      throw new Refusal("conflict", disputeMessage(status));
    case "settle":
      if (status === "DISPUTED") return undisputed(event.effectiveOn, event.now);
      throw new Refusal("conflict", "This signature is not disputed.");
    case "annul":
      if (isListed(status)) return "VOID";
      throw new Refusal("conflict", "Only a signature that stands in public can be entered as void.");
    case "lapse":
      if (isListed(status)) return "LAPSED";
      throw new Refusal("conflict", "This signature has ended already.");
    case "succeed":
      if (isListed(status)) return "SUCCEEDED_BY";
      throw new Refusal("conflict", "There is no signature that could be carried on.");
    default:
      return unreachable(event);
  }
}

/** Whether a signature stands on the public list, disputed or carried on by a successor perhaps. */
export function isListed(status: SignatureStatus): boolean {
  return status === "SUCCEEDED_BY" || status === "DISPUTED" || status === "EFFECTIVE" || status === "WITHDRAWING";
}

/** Where a signature stands once its dispute is over: notice of withdrawal runs on meanwhile. */
function undisputed(withdrawsAt: Date | null, now: Date): SignatureStatus {
  if (withdrawsAt === null) return "EFFECTIVE";
  return withdrawsAt <= now ? "WITHDRAWN" : "WITHDRAWING";
}

/**
 * Lets only a signature pass that stands in public: what is narrowed or re-affirmed is on the list.
 *
 * @throws {Refusal} conflict.
 */
export function requirePublicSignature(status: SignatureStatus): void {
  if (status === "EFFECTIVE" || status === "WITHDRAWING" || status === "DISPUTED") return;
  throw new Refusal("conflict", "Only a signature that is public and stands can be narrowed or re-affirmed.");
}

/** The instant a withdrawal takes effect: `days` times 24 hours after the notice; 0 is at once. */
export function withdrawalEffectiveOn(noticeAt: Date, days: number): Date {
  return new Date(noticeAt.getTime() + days * 86_400_000);
}

/**
 * Whether a signature counts as an initial one ("SIGNATURE") or as joined later ("ACCESSION"). Both have the same effect.
 * Initial is what was sealed before the opening or signed before the version took effect; the signature by which the
 * version takes effect is therefore initial.
 */
export function actTypeOf(version: { readonly effectiveAt: Date | null }, signedAt: Date): "SIGNATURE" | "ACCESSION" {
  return version.effectiveAt === null || signedAt < version.effectiveAt ? "SIGNATURE" : "ACCESSION";
}

/** The earlier signature of the same organization on the same version, which a refusal names. */
export type EarlierSignature = { readonly actId: string; readonly signedAt: Date; readonly isOwn: boolean };

/** The organization has signed this version already; nothing changed, and `earlier` is the act that stands. */
export class AlreadySigned extends Refusal {
  readonly earlier: EarlierSignature;

  constructor(earlier: EarlierSignature) {
    const at = earlier.signedAt.toISOString().slice(0, 16).replace("T", " ");
    super(
      "already-signed",
      earlier.isOwn
        ? `You signed this version for your organization on ${at} UTC; that signature stands.`
        : `A colleague signed this version for your organization on ${at} UTC; that signature stands.`,
    );
    this.earlier = earlier;
  }
}

function disputeMessage(status: SignatureStatus): string {
  if (status === "DISPUTED") return "This signature is disputed already.";
  if (status === "SEALED" || status === "LODGED") {
    return "This signature is not public yet; pull it out instead, which leaves no trace.";
  }
  return "There is no signature in public that could be disputed.";
}

function noticeMessage(status: SignatureStatus): string {
  if (status === "SEALED") return "This signature is still sealed; pull it out instead, which leaves no trace.";
  if (status === "WITHDRAWING") return "Notice of withdrawal has been given already.";
  return "There is no signature in effect that could be withdrawn.";
}
