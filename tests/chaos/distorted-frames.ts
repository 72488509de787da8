import type { WebsocketProvider } from "y-websocket";

type Frame = Parameters<WebSocket["send"]>[0];

/**
 * A socket on which some frames leave late, or after the next one. Below the client's count, which is in the order in which it wrote.
 */
export function distort(Socket: typeof globalThis.WebSocket, random: () => number): typeof globalThis.WebSocket {
  return class DistortedSocket extends Socket {
    #held: Frame[] = [];

    override send(data: Frame): void {
      this.#held.push(data);
      if (this.#held.length === 1) setTimeout(() => this.#release(), random() < 0.1 ? 30 + random() * 200 : 0);
    }

    #release(): void {
      const frames = this.#held.splice(0);
      if (frames.length > 1 && random() < 0.5) frames.reverse();
      if (this.readyState === Socket.OPEN) for (const frame of frames) super.send(frame);
    }
  };
}

/** Sends some frames of a provider twice. Above the count, since the server's acknowledgement counts both. */
export function doubleFrames(provider: WebsocketProvider, random: () => number): void {
  provider.on("status", ({ status }) => {
    const socket = provider.ws;
    if (status !== "connected" || !socket) return;
    const send = socket.send.bind(socket);
    socket.send = (data: Frame) => {
      send(data);
      if (random() < 0.1) send(data);
    };
  });
}
