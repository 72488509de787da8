import type { AuthOptions } from "next-auth";
import type { OAuthConfig } from "next-auth/providers/oauth";
import type { SignInProvider } from "#lib/config/site.ts";

type Provider = AuthOptions["providers"][number];

/** next-auth's name for sign-in by mail. Its own mail is never sent: our challenge comes first and ends in its callback. */
export const emailProviderId = "email";

/** All providers as next-auth wants them: mail always, the others when configured. */
export function providersOf(configured: readonly SignInProvider[]): Provider[] {
  return [mail, ...configured.map((one) => (one.id === "github" ? github(one) : openId(one)))];
}

const mail = {
  id: emailProviderId,
  type: "email",
  name: "Email",
  maxAge: 60,
  from: "",
  server: "",
  options: {} as never,
  async sendVerificationRequest() {
    throw new Error("Sign-in by mail begins with a challenge of our own.");
  },
} satisfies Provider;

type OpenIdProfile = { sub: string; name?: string; email?: string; email_verified?: boolean };

function openId(settings: SignInProvider): OAuthConfig<OpenIdProfile> {
  const issuer = settings.id === "google" ? "https://accounts.google.com" : (settings.issuer ?? "");
  return {
    id: settings.id,
    name: settings.name,
    type: "oauth",
    wellKnown: `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`,
    clientId: settings.clientId,
    clientSecret: settings.clientSecret,
    idToken: true,
    checks: ["pkce", "state", "nonce"],
    authorization: { params: { scope: "openid email profile" } },
    profile: (profile) => ({
      id: profile.sub,
      name: profile.name ?? null,
      // An address that the provider has not verified would open the account of whoever it belongs to.
      email: profile.email_verified === true ? (profile.email?.toLowerCase() ?? null) : null,
      image: null,
    }),
  };
}

type GitHubProfile = { id: number; name: string | null; login: string; email?: string | null };
type GitHubAddress = { email: string; primary: boolean; verified: boolean };

function github(settings: SignInProvider): OAuthConfig<GitHubProfile> {
  return {
    id: settings.id,
    name: settings.name,
    type: "oauth",
    clientId: settings.clientId,
    clientSecret: settings.clientSecret,
    checks: ["pkce", "state"],
    authorization: { url: "https://github.com/login/oauth/authorize", params: { scope: "read:user user:email" } },
    token: "https://github.com/login/oauth/access_token",
    userinfo: {
      url: "https://api.github.com/user",
      async request({ client, tokens }) {
        const profile = await client.userinfo(tokens.access_token ?? "");
        const answer = await fetch("https://api.github.com/user/emails", {
          headers: { authorization: `Bearer ${tokens.access_token}`, "user-agent": "concordat" },
          signal: AbortSignal.timeout(10_000),
        });
        // GitHub's answer, read in full trust of its TLS; only an address it calls verified is taken.
        const addresses = answer.ok ? ((await answer.json()) as GitHubAddress[]) : [];
        return { ...profile, email: addresses.find((one) => one.primary && one.verified)?.email ?? "" };
      },
    },
    profile: (profile) => ({
      id: String(profile.id),
      name: profile.name ?? profile.login,
      email: profile.email?.toLowerCase() ?? null,
      image: null,
    }),
  };
}
