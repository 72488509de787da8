import type pg from "pg";
import { sessionTokenIn } from "#lib/auth/cookies.ts";
import { type RoomSeat, roomSeats, roomSeatsNow } from "#lib/auth/room-seat.ts";
import type { Site } from "#lib/config/site.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import type { Access } from "./access.ts";
import type { RealtimeDeps } from "./deps.ts";
import { Together } from "./together.ts";

/** Who may come in and who may stay, by the sessions and the table of rights that hold for pages too. */
export function seating(
  pool: Pick<pg.Pool, "query">,
  site: Pick<Site, "publicUrl">,
): Pick<RealtimeDeps, "authorize" | "sessionOf" | "accessNow"> {
  const seats = new Together((asked: readonly { sessionToken: string | undefined; roomId: string }[]) =>
    roomSeats(pool, asked, new Date()),
  );
  const sessionOf: RealtimeDeps["sessionOf"] = (request) => sessionTokenIn(request.headers.cookie, site);
  return {
    authorize: async (request, roomId) => {
      const seat = await seats.ask({ sessionToken: sessionOf(request), roomId });
      return seat instanceof Refusal ? seat : accessOf(seat);
    },
    sessionOf,
    accessNow: async (held) => (await roomSeatsNow(pool, held, new Date())).map((seat) => seat && accessOf(seat)),
  };
}

function accessOf(seat: RoomSeat): Access {
  const { userId, sessionId, name, organizationId, organizationName, mode, reason } = seat;
  const actor = { userId, name, organizationId, organizationName };
  return { actor, sessionId, mode, ...(reason === null ? {} : { reason }) };
}
