import { z } from "zod";
import { contextFor } from "#app/_server/context.ts";
import { asFormResponse, isDemoRequest, nextAuthCall, readForm } from "#app/_server/door.ts";
import { problem } from "#app/_server/http.ts";
import { finishMailSignIn } from "#lib/auth/next-auth.ts";
import { RowId } from "#lib/domain/ids.ts";
import { loadDemoAddress } from "#lib/queries/load-demo-address.ts";

const Input = z.strictObject({ userId: RowId, next: z.string().max(500).default("") });

/** Signs in as somebody of the demo world, with one click. Does not exist anywhere else. */
export async function POST(request: Request): Promise<Response> {
  if (!(await isDemoRequest())) return problem(404, "not-found", "There is no such page.");
  return asFormResponse(request, "/signin", async () => {
    const input = await readForm(request, Input);
    const email = await loadDemoAddress(contextFor({ kind: "visitor" }), input.userId);
    return finishMailSignIn(await nextAuthCall(request), email, input.next);
  });
}
