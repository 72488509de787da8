import { existsSync } from "node:fs";
import { loadEnvFile } from "node:process";
import { appointOperator } from "#lib/commands/appoint-operator.ts";
import { type Env, readEnv } from "#lib/config/env.ts";
import { openStore } from "#lib/data/store.ts";
import { startCluster } from "../database/embedded.ts";
import { sendTestMail } from "../jobs/outbox.ts";

/** `npm run operator -- <mail>`: makes whoever signs in with this address an operator, on the database that `npm start` uses. */
async function main(args: readonly string[]): Promise<void> {
  const [address, ...rest] = args;
  if (!address || rest.length > 0) throw new Error("Say for whom: npm run operator -- name@example.org");
  if (existsSync(".env")) loadEnvFile(".env");
  const env = readEnv();
  const database = await reach(env);
  const store = openStore(database.url, 1);
  try {
    const { email, isNew } = await appointOperator(store.db, address, new Date());
    console.log(isNew ? `${email} is an operator from now on.` : `${email} is an operator already.`);
    if (env.smtpUrl) console.log(await testMail(env, env.smtpUrl, email));
  } finally {
    await store.close();
    await database.close();
  }
}

/** The database of the installation, whether it runs now or not. One that runs is left running. */
async function reach(env: Env): Promise<{ url: string; close(): Promise<void> }> {
  if (env.databaseUrl !== undefined) return { url: env.databaseUrl, close: async () => {} };
  if (!existsSync(env.dataFolder))
    throw new Error(`There is nothing in ${env.dataFolder} yet; start Concordat once first.`);
  const cluster = await startCluster(env.dataFolder);
  const url = await cluster.database("concordat");
  return { url, close: async () => (cluster.adopted ? undefined : cluster.stop()) };
}

/** Operators sign in by mail, so this is the moment to see whether mail leaves. */
async function testMail(env: Env, smtpUrl: string, to: string): Promise<string> {
  return sendTestMail(env, smtpUrl, to).then(
    () => `A test mail to ${to} was taken by the mail server.`,
    (error: unknown) =>
      `The mail server did not take a test mail: ${error instanceof Error ? error.message : String(error)}`,
  );
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const isOurs = error instanceof Error && !("clientVersion" in error);
  console.error(
    isOurs ? error.message : "The database did not answer, or has no tables yet; start Concordat once first.",
  );
  process.exitCode = 1;
});
