// @ts-check
/** Loaded into each measured server alike: on SIGUSR2 it collects garbage and writes down what is left. */
import { writeFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");
process.on("SIGUSR2", () => {
  collect();
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  writeFileSync(process.env.BENCH_MEMORY_FILE ?? "", JSON.stringify({ heap: heapUsed + external, rss }));
});
