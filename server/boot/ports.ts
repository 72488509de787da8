import { createServer, type Server } from "node:net";

/**
 * Makes sure that we will be able to listen, before the long steps of the boot. Port 0 becomes a free one.
 *
 * @throws {Error} in one sentence, when the port is taken or the address is not this machine's.
 */
export async function requirePort(host: string, port: number): Promise<number> {
  const server = createServer();
  await listen(server, host, port);
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return address && typeof address === "object" ? address.port : port;
}

/**
 * Listens, or says in one sentence why not.
 *
 * @throws {Error} that sentence.
 */
export async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(new Error(sentence(error, host, port), { cause: error })),
    );
    server.listen(port, host, resolve);
  });
}

function sentence(error: NodeJS.ErrnoException, host: string, port: number): string {
  if (error.code === "EADDRINUSE")
    return `Port ${port} is in use; stop what listens there, or set PORT to another one.`;
  if (error.code === "EACCES") return `Port ${port} needs rights this user does not have; set PORT to one above 1023.`;
  if (error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND")
    return `HOST ${host} is not an address of this machine.`;
  return `It is not possible to listen on ${host}:${port} (${error.code ?? error.message}).`;
}
