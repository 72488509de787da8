import { appendFileSync, closeSync, fdatasyncSync, openSync, readSync, writeSync } from "node:fs";

/**
 * A writer's ledger: a line when it does something and another when the server has acknowledged that. Lines of acknowledgement are on the
 * disk before anything else happens, since what was called saved must be there whoever dies next.
 *
 *     sent insert|delete <token> <time> · acked insert|delete <token> <time sent> <time acknowledged>
 */
export class LedgerWriter {
  readonly #fd: number;

  constructor(path: string) {
    this.#fd = openSync(path, "a");
  }

  sent(deed: Deed, token: string, at: number): void {
    writeSync(this.#fd, `sent ${deed} ${token} ${at}\n`);
  }

  acked(acts: readonly Act[], at: number): void {
    if (acts.length === 0) return;
    writeSync(this.#fd, acts.map((act) => `acked ${act.deed} ${act.token} ${act.at} ${at}\n`).join(""));
    fdatasyncSync(this.#fd);
  }

  close(): void {
    closeSync(this.#fd);
  }
}

export type Deed = "insert" | "delete";
/** Something a writer did, and when it left. */
export type Act = { readonly deed: Deed; readonly token: string; readonly at: number };

/** All ledgers of a run together, read on from where the last reading ended. */
export class Ledgers {
  readonly inserted = new Set<string>();
  readonly deleted = new Set<string>();
  readonly savedInserts = new Set<string>();
  readonly savedDeletes = new Set<string>();
  /** Milliseconds from sent to acknowledged. */
  readonly latencies: number[] = [];
  readonly #files: { readonly fd: number; rest: string }[] = [];
  readonly #chunk = Buffer.alloc(64 * 1024);

  open(path: string): void {
    appendFileSync(path, "");
    this.#files.push({ fd: openSync(path, "r"), rest: "" });
  }

  read(): void {
    for (const file of this.#files) {
      for (let count = readSync(file.fd, this.#chunk); count > 0; count = readSync(file.fd, this.#chunk))
        file.rest += this.#chunk.toString("latin1", 0, count);
      const lines = file.rest.split("\n");
      file.rest = lines.pop() ?? "";
      for (const line of lines) this.#take(line.split(" "));
    }
  }

  close(): void {
    for (const { fd } of this.#files) closeSync(fd);
  }

  #take([kind, deed, token = "", sentAt, ackedAt]: string[]): void {
    if (kind === "sent") (deed === "insert" ? this.inserted : this.deleted).add(token);
    else {
      (deed === "insert" ? this.savedInserts : this.savedDeletes).add(token);
      this.latencies.push(Number(ackedAt) - Number(sentAt));
    }
  }
}
