// @ts-check
const headers = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  { key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=(), payment=()" },
];

/**
 * In plain JavaScript: Next would first compile it at every start, and say so.
 *
 * @type {import("next").NextConfig}
 */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  // Titles and links stand in the head for every reader: public pages carry no script that could move them there.
  htmlLimitedBots: /.*/,
  // They load files of their own at run time, or must be the very copy that the server around the pages has.
  serverExternalPackages: ["pg", "@prisma/client", "@prisma/adapter-pg", "yjs"],
  // `npm run check` judges types, once; a build on a machine of a user need not.
  typescript: { ignoreBuildErrors: true },
  // The largest form is an uploaded text of 1 MiB; the listener holds all others to less.
  experimental: { serverActions: { bodySizeLimit: "1200kb" } },
  headers: async () => [{ source: "/:path*", headers }],
};

export default config;
