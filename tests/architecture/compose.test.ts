import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);

/** The command as this machine has it: the plugin of Docker, or the program of its own; undefined where there is neither. */
async function composeCommand(): Promise<readonly [string, ...string[]] | undefined> {
  for (const command of [["docker", "compose"], ["docker-compose"]] as const) {
    const [program, ...first] = command;
    const answers = await run(program, [...first, "version"]).then(
      () => true,
      () => false,
    );
    if (answers) return command;
  }
  return undefined;
}

const command = await composeCommand();
const reason = command ? "" : " (SKIPPED: neither docker compose nor docker-compose is here)";

test.skipIf(!command)(
  `whoever starts with docker compose gets the app, its database and a mail catcher, each with a health check${reason}`,
  async () => {
    const [program = "", ...first] = command ?? [];
    const { stdout } = await run(program, [...first, "config"]);
    expect(stdout).toMatch(/^services:\n {2}app:/m);
    for (const service of ["app", "postgres", "mailpit"]) expect(stdout).toContain(`\n  ${service}:\n`);
    // The app waits until the two others are healthy, and its image brings a check of its own.
    expect(stdout.match(/condition: service_healthy/g)).toHaveLength(2);
  },
);
