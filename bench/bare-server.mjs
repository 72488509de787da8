// @ts-check
/**
 * What there is to beat: Node's own http server answering the same bytes from memory. Pairs of files in argv, a body and
 * its headers as JSON: path "/0" answers the first pair with those headers, "/0/short" with three headers only.
 */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

/** @type {Map<string, { headers: Record<string, string>, body: Buffer }>} */
const answers = new Map();
const files = process.argv.slice(2);
for (let at = 0; at < files.length; at += 2) {
  const body = readFileSync(files[at] ?? "");
  /** @type {Record<string, string>} */
  const headers = JSON.parse(readFileSync(files[at + 1] ?? "", "utf8"));
  const { "content-type": type = "", "content-encoding": encoding = "", "content-length": length = "" } = headers;
  answers.set(`/${at / 2}`, { headers, body });
  const short = { "content-type": type, "content-encoding": encoding, "content-length": length };
  answers.set(`/${at / 2}/short`, { headers: short, body });
}
const server = createServer((request, response) => {
  const answer = answers.get(request.url ?? "");
  if (!answer) return response.writeHead(404).end();
  response.writeHead(200, answer.headers);
  response.end(answer.body);
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  console.log(typeof address === "object" ? address?.port : address);
});
