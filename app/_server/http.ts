import type { RefusalCode } from "#lib/domain/refusal.ts";

/** How each refusal is answered over HTTP; the compiler keeps it complete. */
export const STATUS = {
  malformed: 400,
  "not-signed-in": 401,
  "not-permitted": 403,
  "not-found": 404,
  conflict: 409,
  "too-large": 413,
  "too-many": 429,
  expired: 410,
  "wrong-code": 403,
  "not-verified": 403,
  "not-acknowledged": 409,
  "not-drafting": 409,
  frozen: 409,
  blocked: 409,
  "not-adopted": 409,
  "version-closed": 409,
  "text-changed": 409,
  "already-signed": 409,
  "mandate-missing": 403,
  "mandate-expired": 403,
  "evidence-invalid": 400,
  "not-available": 409,
  unavailable: 503,
} as const satisfies Record<RefusalCode, number>;

/** An error of the API as RFC 9457 writes it. Never cached, never with a stack. */
export function problem(status: number, code: string, detail: string, more: Record<string, unknown> = {}): Response {
  const body = { type: "about:blank", title: titles[status] ?? "Error", status, code, detail, ...more };
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/problem+json; charset=utf-8", "cache-control": "private, no-store" },
  });
}

const titles: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  410: "Gone",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
};
