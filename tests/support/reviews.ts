import { decideReview } from "#lib/commands/decide-review.ts";
import type { Context } from "#lib/data/context.ts";
import { loadOperations, type OperationsView } from "#lib/queries/load-operations.ts";
import type { World } from "./world.ts";

/** What a command gets when somebody asks who looks after the installation. */
export async function operator(world: World): Promise<Context> {
  const ctx = world.as(await world.person(null));
  return ctx.actor.kind === "person" ? { ...ctx, actor: { ...ctx.actor, isOperator: true } } : ctx;
}

/** The open review of an organization as the operator is shown it. */
export async function openReview(world: World, organizationId: string): Promise<OperationsView["reviews"][number]> {
  const { reviews } = await loadOperations(await operator(world), "");
  const review = reviews.find((one) => one.organizationId === organizationId);
  if (!review) throw new Error("The organization has no open review.");
  return review;
}

/** Decides the open review of an organization on what stands now. */
export async function decide(
  world: World,
  organizationId: string,
  outcome: "verified" | "refused",
  reason = "The register agrees.",
): Promise<void> {
  const { id, shown } = await openReview(world, organizationId);
  await decideReview(await operator(world), { reviewId: id, shown, outcome, reason });
}
