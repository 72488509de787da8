import { type ServerName, serverNames } from "./servers.ts";

type Row = { readonly digits: number; readonly goal: string; readonly values: Map<ServerName, number[]> };

/** What was measured: a line for each figure, a column for each server, the median where it was measured more than once. */
export class Table {
  readonly #rows = new Map<string, Row>();

  /** One more measurement of a figure; `goal` is what we aim at, in words. */
  note(what: string, name: ServerName, value: number, { digits = 0, goal = "" } = {}): void {
    const row = this.#rows.get(what) ?? { digits, goal, values: new Map() };
    this.#rows.set(what, row);
    row.values.set(name, [...(row.values.get(name) ?? []), value]);
    console.error(`${name.padEnd(12)} ${what}: ${format(value, digits)}`);
  }

  /** The table as text; the last columns say how many times the others' figure ours is. */
  text(): string {
    const others = serverNames.filter((name) => name !== "concordat");
    const head = ["median", ...serverNames, ...others.map((name) => `÷ ${name}`), "goal"];
    const lines = [...this.#rows].map(([what, { digits, goal, values }]) => {
      const medians = new Map([...values].map(([name, all]) => [name, median(all)]));
      const ours = medians.get("concordat");
      const ratios = others.map((name) => {
        const theirs = medians.get(name);
        return ours === undefined || !theirs ? "–" : (ours / theirs).toFixed(2);
      });
      const cells = serverNames.map((name) => {
        const value = medians.get(name);
        return value === undefined ? "–" : format(value, digits);
      });
      return [what, ...cells, ...ratios, goal];
    });
    return [head, ...lines]
      .map(([what = "", ...cells]) => `${what.padEnd(48)}${cells.map((cell) => cell.padStart(15)).join("")}`)
      .join("\n");
  }
}

/** The value in the middle; the mean of the two in the middle of an even number. */
export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}

function format(value: number, digits: number): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
