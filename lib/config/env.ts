import type { BlockList } from "node:net";
import { resolve } from "node:path";
import { z } from "zod";
import type { SignInProvider } from "./site.ts";
import { loopbackRanges, parseProxies } from "./trusted-proxies.ts";

/** What this process does: pages, drafting sockets, the log's signature, and what runs by the clock. */
export const roles = ["web", "realtime", "signer", "jobs"] as const;
export type Role = (typeof roles)[number];

/** A variable is wrong or missing. The message is one sentence that names it and says what to do; it is for the operator. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
}

/** The environment as the rest of the program knows it: parsed, completed with defaults, checked for contradictions. */
export type Env = {
  /** 0 lets the system choose; the boot replaces it by the port it got. */
  readonly port: number;
  readonly host: string;
  /** Whose `X-Forwarded-For` is believed: the proxies in front. */
  readonly trustedProxies: BlockList;
  readonly dataFolder: string;
  /** Undefined: the embedded PostgreSQL under the data folder. */
  readonly databaseUrl: string | undefined;
  /** The role that owns the tables, where the program's own role does not. */
  readonly migrationDatabaseUrl: string | undefined;
  readonly isDemo: boolean;
  /** Undefined: http://localhost and the port, which the loopback address is reached by. */
  readonly publicUrl: string | undefined;
  /** Undefined in the demo world, whose mail goes to a page in the app. */
  readonly smtpUrl: string | undefined;
  readonly mailFrom: string;
  readonly roles: readonly Role[];
  /** Undefined: made on first start and kept in the data folder. */
  readonly secret: string | undefined;
  readonly logKeyFile: string;
  readonly signOrigin: string | undefined;
  /** Undefined: the name servers of the machine. */
  readonly nameServer: string | undefined;
  readonly logLevel: "debug" | "info" | "warn" | "error" | "silent";
  /** Undefined: `/metrics` answers this machine only. */
  readonly metricsToken: string | undefined;
  readonly providers: readonly SignInProvider[];
};

const text = z.string().trim();
const origin = (name: string) =>
  text.refine(
    (value) => isOrigin(value),
    `${name} must be an address without path, such as https://charters.example.org.`,
  );

const wrongProxies =
  "TRUSTED_PROXIES must be a list of addresses and ranges by number, separated by commas, such as 127.0.0.1,10.0.0.0/8.";

/** Every variable there is, with its one sentence. `.env.example` lists the same; a test holds the two together. */
const Variables = z.object({
  PORT: text
    .regex(/^\d{1,5}$/, "PORT must be a number from 0 to 65535.")
    .transform(Number)
    .refine((port) => port <= 65_535, "PORT must be a number from 0 to 65535.")
    .default(3000),
  HOST: text
    .regex(/^[0-9A-Za-z.:_-]+$/, "HOST must be an address to listen on, such as 127.0.0.1 or 0.0.0.0.")
    .default("127.0.0.1"),
  TRUSTED_PROXIES: text
    .default(loopbackRanges)
    .transform((value, ctx) => parseProxies(value) ?? refuse(ctx, wrongProxies)),
  CONCORDAT_DATA: text.default(".data"),
  CONCORDAT_ROLES: text
    .transform((value) => value.split(",").map((role) => role.trim()))
    .pipe(z.array(z.enum(roles, `CONCORDAT_ROLES must be a list of ${roles.join(", ")}, separated by commas.`)).min(1))
    .default([...roles]),
  CONCORDAT_SECRET: text.min(32, "CONCORDAT_SECRET must have at least 32 characters.").optional(),
  DATABASE_URL: text
    .regex(/^postgres(ql)?:\/\/[^\s]+$/, "DATABASE_URL must start with postgresql:// and name a server and a database.")
    .optional(),
  MIGRATION_DATABASE_URL: text
    .regex(
      /^postgres(ql)?:\/\/[^\s]+$/,
      "MIGRATION_DATABASE_URL must start with postgresql:// and name a server and a database.",
    )
    .optional(),
  DEMO: z.enum(["0", "1"], "DEMO must be 0 or 1.").optional(),
  PUBLIC_URL: origin("PUBLIC_URL").optional(),
  SMTP_URL: text
    .regex(/^smtps?:\/\/[^\s/]+/, "SMTP_URL must look like smtp://user:password@mail.example.org:587.")
    .optional(),
  MAIL_FROM: text
    .regex(/^(?:[^<>"\r\n]+<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/, "MAIL_FROM must be one mail address.")
    .optional(),
  LOG_KEY_FILE: text.optional(),
  LOG_LEVEL: z
    .enum(["debug", "info", "warn", "error", "silent"], "LOG_LEVEL must be debug, info, warn, error or silent.")
    .default("info"),
  METRICS_TOKEN: text.min(24, "METRICS_TOKEN must have at least 24 characters.").optional(),
  SIGN_ORIGIN: origin("SIGN_ORIGIN").optional(),
  NAME_SERVER: text
    .regex(
      /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9A-Fa-f:]+\])(?::\d{1,5})?$/,
      "NAME_SERVER must be an address by number, such as 192.0.2.53 or 192.0.2.53:5353.",
    )
    .optional(),
  OIDC_ISSUER: text
    .regex(/^https?:\/\/[^\s]+$/, "OIDC_ISSUER must be the https address of the identity provider.")
    .optional(),
  OIDC_NAME: text.optional(),
  OIDC_CLIENT_ID: text.optional(),
  OIDC_CLIENT_SECRET: text.optional(),
  GITHUB_CLIENT_ID: text.optional(),
  GITHUB_CLIENT_SECRET: text.optional(),
  GOOGLE_CLIENT_ID: text.optional(),
  GOOGLE_CLIENT_SECRET: text.optional(),
});
type Variables = z.infer<typeof Variables>;

/** The names of all variables, in the order of `.env.example`. */
export const variableNames: readonly string[] = Object.keys(Variables.shape);

/**
 * The environment of this process.
 *
 * @throws {ConfigurationError} on the first variable that is wrong, missing, unknown or at odds with another.
 */
export function readEnv(): Env {
  return parseEnv(process.env);
}

/**
 * Where the data lie, for commands that need to know nothing else of the installation.
 *
 * @throws {ConfigurationError} on a variable that is wrong or unknown; none is missing here.
 */
export function readPlace(): Pick<Env, "dataFolder" | "databaseUrl" | "migrationDatabaseUrl"> {
  const variables = parseVariables(process.env);
  return { ...placeOf(variables), migrationDatabaseUrl: variables.MIGRATION_DATABASE_URL };
}

/** The same as `readEnv` for a given set of variables; an empty one counts as not given. */
export function parseEnv(source: Readonly<Record<string, string | undefined>>): Env {
  const variables = parseVariables(source);
  const { dataFolder, databaseUrl } = placeOf(variables);
  const env: Env = {
    port: variables.PORT,
    host: variables.HOST,
    trustedProxies: variables.TRUSTED_PROXIES,
    dataFolder,
    databaseUrl,
    migrationDatabaseUrl: variables.MIGRATION_DATABASE_URL,
    isDemo: decideDemo(variables),
    publicUrl: variables.PUBLIC_URL && new URL(variables.PUBLIC_URL).origin,
    smtpUrl: variables.SMTP_URL,
    mailFrom: variables.MAIL_FROM ?? `Concordat <no-reply@${hostOf(variables.PUBLIC_URL)}>`,
    roles: [...new Set(variables.CONCORDAT_ROLES)],
    secret: variables.CONCORDAT_SECRET,
    logKeyFile: resolve(/*turbopackIgnore: true*/ variables.LOG_KEY_FILE ?? `${dataFolder}/log.key`),
    signOrigin: variables.SIGN_ORIGIN && new URL(variables.SIGN_ORIGIN).origin,
    nameServer: variables.NAME_SERVER,
    logLevel: variables.LOG_LEVEL,
    metricsToken: variables.METRICS_TOKEN,
    providers: providersOf(variables),
  };
  requirePublicAddress(env);
  return env;
}

/** The address people use, once the port is known. */
export function publicUrlOf(env: Env): string {
  return env.publicUrl ?? `http://localhost${env.port === 80 ? "" : `:${env.port}`}`;
}

/** Whether a listener on `host` can only be reached from this machine. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** next-auth reads its address from the environment, once, when it is first imported: call this before the pages are loaded. */
export function tellNextAuth(publicUrl: string): void {
  process.env.NEXTAUTH_URL = publicUrl;
}

function parseVariables(source: Readonly<Record<string, string | undefined>>): Variables {
  refuseUnknown(source);
  const given = Object.fromEntries(
    variableNames.flatMap((name) => (source[name]?.trim() ? [[name, source[name]]] : [])),
  );
  const result = Variables.safeParse(given);
  if (!result.success) throw new ConfigurationError(result.error.issues[0]?.message ?? "A variable is wrong.");
  return result.data;
}

function refuse(ctx: z.RefinementCtx, message: string): never {
  ctx.addIssue({ code: "custom", message });
  return z.NEVER;
}

function placeOf({ CONCORDAT_DATA, DATABASE_URL }: Variables): Pick<Env, "dataFolder" | "databaseUrl"> {
  return { dataFolder: resolve(/*turbopackIgnore: true*/ CONCORDAT_DATA), databaseUrl: DATABASE_URL };
}

/** Under our own prefix a name we do not know is a slip, and its value would silently not count. */
function refuseUnknown(source: Readonly<Record<string, string | undefined>>): void {
  const slip = Object.keys(source).find((name) => name.startsWith("CONCORDAT_") && !variableNames.includes(name));
  if (slip) throw new ConfigurationError(`${slip} is not a variable of Concordat; .env.example lists them all.`);
}

function decideDemo({ DEMO, DATABASE_URL, HOST }: Variables): boolean {
  if (DEMO === "1" && !isLoopback(HOST)) {
    throw new ConfigurationError(
      `DEMO=1 lets anybody sign in with one click, so it needs HOST on this machine alone, not ${HOST}.`,
    );
  }
  return DEMO ? DEMO === "1" : DATABASE_URL === undefined && isLoopback(HOST);
}

function requirePublicAddress(env: Env): void {
  if (!env.publicUrl && !isLoopback(env.host)) {
    throw new ConfigurationError(
      `PUBLIC_URL is missing: HOST is ${env.host}, so say under which https address people reach this installation.`,
    );
  }
  for (const [name, value] of Object.entries({ PUBLIC_URL: env.publicUrl, SIGN_ORIGIN: env.signOrigin })) {
    const host = value ? new URL(value).hostname : "localhost";
    if (value && !value.startsWith("https://") && !isLoopback(host) && !host.endsWith(".localhost")) {
      throw new ConfigurationError(`${name} must start with https:// beyond this machine.`);
    }
  }
  if (!env.isDemo && !env.smtpUrl) {
    throw new ConfigurationError(
      "SMTP_URL is missing: without the demo world people sign in by mail, so name a mail server, such as smtp://mail.example.org:587.",
    );
  }
}

function providersOf(variables: Variables): SignInProvider[] {
  const pair = (prefix: "OIDC" | "GITHUB" | "GOOGLE") => {
    const [clientId, clientSecret] = [variables[`${prefix}_CLIENT_ID`], variables[`${prefix}_CLIENT_SECRET`]];
    if (clientId && clientSecret) return { clientId, clientSecret };
    if (!clientId && !clientSecret) return undefined;
    throw new ConfigurationError(`${prefix}_CLIENT_${clientId ? "SECRET" : "ID"} is missing: the two belong together.`);
  };
  const [oidc, github, google] = [pair("OIDC"), pair("GITHUB"), pair("GOOGLE")];
  if ((oidc === undefined) !== (variables.OIDC_ISSUER === undefined)) {
    throw new ConfigurationError(
      "OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET belong together: give all three or none.",
    );
  }
  return [
    ...(oidc && variables.OIDC_ISSUER
      ? [{ id: "oidc" as const, name: variables.OIDC_NAME ?? "Single sign-on", issuer: variables.OIDC_ISSUER, ...oidc }]
      : []),
    ...(github ? [{ id: "github" as const, name: "GitHub", ...github }] : []),
    ...(google ? [{ id: "google" as const, name: "Google", ...google }] : []),
  ];
}

function isOrigin(value: string): boolean {
  try {
    const url = new URL(value);
    return /^https?:$/.test(url.protocol) && url.pathname === "/" && !url.search && !url.hash && !url.username;
  } catch {
    return false;
  }
}

function hostOf(publicUrl: string | undefined): string {
  return publicUrl ? new URL(publicUrl).hostname : "localhost";
}
