import { defineConfig } from "vitest/config";

const ours = (name: string) => ({ name, include: [`tests/${name}/**/*.test.{ts,tsx}`] });
const withDatabase = { globalSetup: ["tests/support/cluster.ts"] };

/** One project per part of the suite; `npm test` runs them one after the other. The bounds are for what hangs: nothing that works comes near them on a machine that is five times slower. */
export default defineConfig({
  test: {
    teardownTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          ...ours("unit"),
          setupFiles: ["tests/support/seed-properties.ts"],
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      { extends: true, test: { ...ours("architecture"), testTimeout: 180_000, hookTimeout: 120_000 } },
      { extends: true, test: { ...ours("integration"), ...withDatabase, testTimeout: 180_000, hookTimeout: 300_000 } },
      { extends: true, test: { ...ours("realtime"), ...withDatabase, testTimeout: 300_000, hookTimeout: 300_000 } },
      // Each journey has a server and a Chromium of its own.
      {
        extends: true,
        test: {
          ...ours("e2e"),
          globalSetup: ["tests/support/demo-world.ts"],
          testTimeout: 900_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
