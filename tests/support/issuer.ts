import { createHash, createSign, generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** What the issuer says of the person who signs in there. */
export type Claims = {
  readonly sub: string;
  readonly name?: string;
  readonly email?: string;
  readonly email_verified?: boolean;
};

/** An OpenID Connect issuer on loopback, with as much of OpenID Connect Core 1.0 and RFC 7636 (PKCE) as a client meets. */
export type Issuer = {
  readonly url: string;
  /** Who has signed in at the issuer when a browser comes to its authorization page. */
  person: Claims;
  close(): Promise<void>;
};

type Grant = {
  readonly challenge: string;
  readonly nonce: string;
  readonly redirectUri: string;
  readonly claims: Claims;
};

/** Starts an issuer that knows one client, `clientId` with `clientSecret`, and signs in whoever `person` is. */
export async function openIssuer(client: { clientId: string; clientSecret: string }): Promise<Issuer> {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const grants = new Map<string, Grant>();
  const issuer = { url: "", person: { sub: "nobody" } as Claims };

  const idToken = (grant: Grant): string => {
    const now = Math.floor(Date.now() / 1000);
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const payload = {
      iss: issuer.url,
      aud: client.clientId,
      iat: now,
      exp: now + 60,
      nonce: grant.nonce,
      ...grant.claims,
    };
    const signed = `${part({ alg: "RS256", kid: "one" })}.${part(payload)}`;
    return `${signed}.${createSign("RSA-SHA256").update(signed).sign(privateKey, "base64url")}`;
  };

  const token = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const form = new URLSearchParams(await bodyOf(request));
    const basic = Buffer.from(request.headers.authorization?.replace("Basic ", "") ?? "", "base64").toString();
    const grant = grants.get(form.get("code") ?? "");
    grants.delete(form.get("code") ?? "");
    const challenge = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    const isKnown = basic === `${client.clientId}:${client.clientSecret}`;
    if (!grant || !isKnown || grant.challenge !== challenge || grant.redirectUri !== form.get("redirect_uri"))
      return send(response, 400, { error: "invalid_grant" });
    send(response, 200, {
      access_token: randomBytes(16).toString("hex"),
      token_type: "Bearer",
      expires_in: 60,
      id_token: idToken(grant),
    });
  };

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", issuer.url);
    if (pathname === "/.well-known/openid-configuration") return send(response, 200, configuration(issuer.url));
    if (pathname === "/keys")
      return send(response, 200, {
        keys: [{ ...publicKey.export({ format: "jwk" }), kid: "one", alg: "RS256", use: "sig" }],
      });
    if (pathname === "/token") return void token(request, response);
    const redirectUri = searchParams.get("redirect_uri");
    if (pathname !== "/authorize" || searchParams.get("client_id") !== client.clientId || !redirectUri)
      return send(response, 404, {});
    const code = randomBytes(16).toString("hex");
    grants.set(code, {
      challenge: searchParams.get("code_challenge") ?? "",
      nonce: searchParams.get("nonce") ?? "",
      redirectUri,
      claims: issuer.person,
    });
    const back = new URL(redirectUri);
    back.search = new URLSearchParams({ code, state: searchParams.get("state") ?? "", iss: issuer.url }).toString();
    response.writeHead(302, { location: back.href }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  issuer.url = `http://127.0.0.1:${address && typeof address === "object" ? address.port : 0}`;
  return Object.assign(issuer, {
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

function configuration(url: string) {
  return {
    issuer: url,
    authorization_endpoint: `${url}/authorize`,
    token_endpoint: `${url}/token`,
    jwks_uri: `${url}/keys`,
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
  };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  return body;
}
