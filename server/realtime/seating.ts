import type pg from "pg";
import { sessionTokenIn } from "#lib/auth/cookies.ts";
import { type RoomSeat, roomSeat, roomSeatsNow } from "#lib/auth/room-seat.ts";
import type { Site } from "#lib/config/site.ts";
import type { Access } from "./access.ts";
import type { RealtimeDeps } from "./deps.ts";

/** Who may come in and who may stay, by the sessions and the table of rights that hold for pages too. */
export function seating(
  pool: Pick<pg.Pool, "query">,
  site: Pick<Site, "publicUrl">,
): Pick<RealtimeDeps, "authorize" | "accessNow"> {
  return {
    authorize: async (request, roomId) => {
      const token = sessionTokenIn(request.headers.cookie, site);
      return accessOf(await roomSeat(pool, token, roomId, new Date()));
    },
    accessNow: async (held) => (await roomSeatsNow(pool, held, new Date())).map((seat) => seat && accessOf(seat)),
  };
}

function accessOf(seat: RoomSeat): Access {
  const { userId, sessionId, name, organizationId, organizationName, mode, reason } = seat;
  const actor = { userId, name, organizationId, organizationName };
  return { actor, sessionId, mode, ...(reason === null ? {} : { reason }) };
}
