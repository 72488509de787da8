import { defineConfig } from "vitest/config";

const ours = (name: string) => ({ name, include: [`tests/${name}/**/*.test.{ts,tsx}`] });
const withDatabase = { globalSetup: ["tests/support/cluster.ts"] };

/** One project per part of the suite; `npm test` runs them one after the other. */
export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: { ...ours("unit"), setupFiles: ["tests/support/seed-properties.ts"], testTimeout: 60_000 },
      },
      { extends: true, test: { ...ours("architecture"), testTimeout: 120_000 } },
      { extends: true, test: { ...ours("integration"), ...withDatabase, testTimeout: 30_000, hookTimeout: 60_000 } },
      { extends: true, test: { ...ours("realtime"), ...withDatabase, testTimeout: 60_000, hookTimeout: 60_000 } },
      // Each journey has a server and a Chromium of its own.
      {
        extends: true,
        test: {
          ...ours("e2e"),
          globalSetup: ["tests/support/demo-world.ts"],
          testTimeout: 480_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
