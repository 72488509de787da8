import type { IncomingMessage } from "node:http";

/** What becomes of a request because of the host it came to; undefined where it goes on as usual. */
export type Elsewhere =
  | { readonly location: string }
  | { readonly status: 404; readonly text: string }
  | { readonly status: 403; readonly text: string };

/** The host on which keys sign, where it is one of its own. */
export type SignHost = {
  readonly origin: string;
  /** Whether a request came to it. */
  isAsked(request: IncomingMessage): boolean;
  /** Where a request belongs when it came to the wrong one of the two hosts. */
  elsewhere(request: IncomingMessage): Elsewhere | undefined;
};

/** Pages on which keys are made and used. They stand on the signing host alone, because a passkey works on the host it was made for. */
const ceremony = /^\/(?:sign|keys)\/[^/]+$|^\/receipts\/[^/]+\/(?:withdraw|narrow|reaffirm|endorse)$/;
/** What those pages load beside themselves: their text, the log that the browser checks, scripts and styles, and the way in. */
const beside = /^\/sign\/[^/]+\/|^\/log\/|^\/_next\/|^\/icon\.svg$|^\/api\/auth\/(?:handover|signout)$/;

/**
 * The signing host of an installation, undefined without one of its own. Which host was asked decides by itself: nothing that is
 * read, drafted or published runs beside the keys, so that a script smuggled into a draft can not reach them.
 */
export function signHostOf(publicUrl: string, signOrigin: string): SignHost | undefined {
  const [main, sign] = [new URL(publicUrl), new URL(signOrigin)];
  if (main.origin === sign.origin) return undefined;
  const isAsked = ({ headers }: IncomingMessage): boolean => headers.host?.toLowerCase() === sign.host;
  return {
    origin: sign.origin,
    isAsked,
    elsewhere(request) {
      const target = request.url ?? "/";
      const path = target.split("?", 1)[0] ?? "/";
      const isRead = request.method === "GET" || request.method === "HEAD";
      if (isAsked(request)) {
        if (ceremony.test(path) || beside.test(path)) return undefined;
        // Who has no session here is handed over from the other host, where people sign in.
        if (isRead && path === "/signin") return { location: `${sign.origin}/api/auth/handover${target.slice(7)}` };
        if (isRead) return { location: `${main.origin}${target}` };
        return { status: 404, text: `This is done on ${main.origin}.` };
      }
      if (!ceremony.test(path)) return undefined;
      if (isRead) return { location: `${sign.origin}${target}` };
      return { status: 403, text: `Keys sign on ${sign.origin}; open it there and try again.` };
    },
  };
}
