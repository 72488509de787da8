import { type ChildProcess, fork } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import type { WriterOrder, WriterReport } from "./writer.ts";

const folder = join("dist", "chaos");

/** Bundles the server and the writer once, so that each of hundreds of starts costs a fraction of a second. */
export async function bundleProcesses(): Promise<void> {
  await mkdir(folder, { recursive: true });
  await build({
    entryPoints: ["room-server", "writer"].map((name) => join("tests", "chaos", `${name}.ts`)),
    outdir: folder,
    bundle: true,
    format: "esm",
    outExtension: { ".js": ".mjs" },
    platform: "node",
    target: "node20",
    packages: "external",
    logLevel: "error",
  });
}

/** A realtime server in a process of its own. It comes back on the port it had. */
export class ServerProcess {
  readonly url: string;
  readonly port: number;
  readonly #databaseUrl: string;
  readonly #variables: Readonly<Record<string, string>>;
  #child: ChildProcess;

  private constructor(
    databaseUrl: string,
    variables: Readonly<Record<string, string>>,
    child: ChildProcess,
    port: number,
  ) {
    this.#databaseUrl = databaseUrl;
    this.#variables = variables;
    this.#child = child;
    this.port = port;
    this.url = `ws://127.0.0.1:${port}/realtime`;
  }

  static async start(databaseUrl: string, variables: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
    const { child, port } = await launch(databaseUrl, variables, 0);
    return new ServerProcess(databaseUrl, variables, child, port);
  }

  /** Sends a signal. After one that ends it, wait for `ended`. */
  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Resolves once the process is gone, with its exit code; null when a signal ended it. */
  ended(): Promise<number | null> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
    return new Promise((resolve) => child.once("exit", (code) => resolve(code)));
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async kill(): Promise<void> {
    this.signal("SIGKILL");
    await this.ended();
  }

  async restart(): Promise<void> {
    this.#child = (await launch(this.#databaseUrl, this.#variables, this.port)).child;
  }
}

async function launch(databaseUrl: string, variables: Readonly<Record<string, string>>, port: number) {
  const child = fork(join(folder, "room-server.mjs"), {
    execArgv: ["--enable-source-maps"],
    env: { ...process.env, ...variables, DATABASE_URL: databaseUrl, PORT: String(port) },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const listening = await new Promise<number>((resolve, reject) => {
    child.once("message", (message) => resolve(Number(message)));
    child.once("exit", (code) => reject(new Error(`The server ended with ${code} instead of starting.`)));
  });
  return { child, port: listening };
}

/** A writer in a process of its own. */
export class WriterProcess {
  readonly #child: ChildProcess;
  /** Who waits for an answer; a writer answers in the order it is asked. */
  readonly #asking: ((report: WriterReport) => void)[] = [];

  constructor(order: WriterOrder) {
    this.#child = fork(join(folder, "writer.mjs"), {
      execArgv: [],
      env: { ...process.env, WRITER: JSON.stringify(order) },
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    // Both ends are ours: what a writer sends is a report.
    this.#child.on("message", (message) => this.#asking.shift()?.(message as WriterReport));
  }

  ask(what: "write" | "pause" | "report"): Promise<WriterReport> {
    return new Promise((resolve) => {
      this.#asking.push(resolve);
      this.#child.send(what);
    });
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGKILL");
    await ended;
  }
}
