import { appointOperator } from "#lib/commands/appoint-operator.ts";
import { openStore } from "#lib/data/store.ts";
import { Refusal } from "#lib/domain/refusal.ts";

/**
 * `npm run operator -- <mail>`: makes the first operator of an installation. `databaseUrl` is that of the running database.
 * Answers the exit code.
 */
export async function runOperator(databaseUrl: string, args: readonly string[]): Promise<number> {
  const [address, ...rest] = args;
  if (!address || rest.length > 0) {
    console.error("Say for whom: npm run operator -- name@example.org");
    return 2;
  }
  const store = openStore(databaseUrl, 1);
  try {
    const { email, isNew } = await appointOperator(store.db, address, new Date());
    console.log(isNew ? `${email} is an operator from the next sign-in on.` : `${email} is an operator already.`);
    return 0;
  } catch (error) {
    console.error(error instanceof Refusal ? error.message : "The database did not answer; is Concordat running?");
    return 1;
  } finally {
    await store.close();
  }
}
