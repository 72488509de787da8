// @ts-check
/** What there is to beat: Node's own http server answering the same bytes from memory. Files in argv, paths "/0", "/1", … */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const bodies = process.argv.slice(2).map((file) => readFileSync(file));
const server = createServer((request, response) => {
  const body = bodies[Number(request.url?.slice(1))];
  if (!body) return response.writeHead(404).end();
  response.writeHead(200, { "content-type": "text/html", "content-encoding": "gzip", "content-length": body.length });
  response.end(body);
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  console.log(typeof address === "object" ? address?.port : address);
});
