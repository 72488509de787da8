import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { RowId } from "#lib/domain/ids.ts";

/** Where a browser wants to go, parsed from the address of its upgrade. */
export type Destination = {
  readonly roomId: string;
  readonly clientId: number;
  readonly generation: number | undefined;
};

/** An upgrade that is answered with an HTTP status, before any socket exists. */
export type Rejected = { readonly status: 400 | 403 | 404 | 429; readonly reason: string };

const Query = z.object({
  clientId: z
    .string()
    .regex(/^\d{1,10}$/)
    .transform(Number)
    .pipe(z.int().min(0).max(0xffff_ffff)),
  generation: z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .optional(),
});

/** Whether this upgrade is ours to answer. */
export function isRealtime(request: IncomingMessage): boolean {
  return (request.url ?? "").startsWith("/realtime/");
}

/**
 * Reads the destination and checks the Origin, exactly. Browsers send Origin with every upgrade; one without it does
 * not come from a page of ours.
 */
export function parseUpgrade(request: IncomingMessage, allowedOrigins: readonly string[]): Destination | Rejected {
  const target = request.url ?? "";
  // An absolute target is meant for a proxy, which we are not.
  if (!target.startsWith("/")) return { status: 400, reason: "bad-target" };
  const origin = request.headers.origin;
  if (origin === undefined || !allowedOrigins.includes(origin)) return { status: 403, reason: "bad-origin" };
  const [path = "", query = ""] = target.split("?", 2);
  const roomId = RowId.safeParse(path.slice("/realtime/".length));
  const parsed = Query.safeParse(Object.fromEntries(new URLSearchParams(query)));
  if (!roomId.success || path !== `/realtime/${roomId.data}`) return { status: 404, reason: "bad-room" };
  if (!parsed.success) return { status: 400, reason: "bad-query" };
  return { roomId: roomId.data, clientId: parsed.data.clientId, generation: parsed.data.generation };
}
