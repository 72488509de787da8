import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A way to a database that stays where it is while the database moves, and on which answers can get lost. */
export type Detour = {
  readonly port: number;
  /** Where connections are led from now on. */
  target: number;
  /** Called with what the server sends to the database: true lets this statement happen and its answer get lost, with the connection. */
  losesAnswerTo: (statement: Buffer) => boolean;
  /** How many answers got lost. */
  readonly lost: number;
  close(): Promise<void>;
};

export async function openDetour(target: number): Promise<Detour> {
  const sockets = new Set<Socket>();
  let lost = 0;
  const server = createServer((near) => {
    const far = connect(detour.target, "127.0.0.1");
    let isLosing = false;
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      const end = () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      };
      socket.on("error", end);
      socket.on("close", end);
    }
    near.on("data", (bytes) => {
      isLosing ||= detour.losesAnswerTo(bytes);
      far.write(bytes);
    });
    far.on("data", (bytes) => {
      if (!isLosing) {
        near.write(bytes);
        return;
      }
      // The database has answered, so it has committed; nobody will hear of it.
      lost += 1;
      near.destroy();
      far.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const detour: Detour = {
    // A listening TCP server has an address with a port.
    port: (server.address() as AddressInfo).port,
    target,
    losesAnswerTo: () => false,
    get lost() {
      return lost;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return detour;
}

/** Whether bytes on the way to the database append updates to a room. The statement has a name, under which it is repeated. */
export function appendsUpdates(bytes: Buffer): boolean {
  return bytes.includes("append-") || bytes.includes("INSERT INTO room_update");
}
