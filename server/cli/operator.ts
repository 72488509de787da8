import { appointOperator } from "#lib/commands/appoint-operator.ts";
import { readEnv } from "#lib/config/env.ts";
import { openStore } from "#lib/data/store.ts";
import { reachDatabase } from "./reach-database.ts";
import { trySmtp } from "./try-smtp.ts";

/** `npm run operator -- <mail>`: makes whoever signs in with this address an operator, on the database that `npm start` uses. */
async function main(args: readonly string[]): Promise<void> {
  const [address, ...rest] = args;
  if (!address || rest.length > 0) throw new Error("Say for whom: npm run operator -- name@example.org");
  const env = readEnv();
  const database = await reachDatabase(env);
  const store = openStore(database.url, 1);
  try {
    const { email, isNew } = await appointOperator(store.db, address, new Date());
    console.log(isNew ? `${email} is an operator from now on.` : `${email} is an operator already.`);
    // Operators sign in by mail, so this is the moment to see whether mail leaves.
    if (env.smtpUrl) console.log((await trySmtp(env, env.smtpUrl, email)).sentence);
  } finally {
    await store.close();
    await database.close();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const isOurs = error instanceof Error && !("clientVersion" in error);
  console.error(
    isOurs ? error.message : "The database did not answer, or has no tables yet; start Concordat once first.",
  );
  process.exitCode = 1;
});
