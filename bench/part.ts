/** Options of the whole run. */
export type BenchOptions = {
  /** Items of the tables to backfill. */
  readonly sizes: readonly number[];
};

/** A part of the benchmark: what it found, for people and for a script. */
export type Part = (options: BenchOptions) => Promise<Findings>;

export type Findings = {
  /** Paragraphs and tables of a section of bench/results.md. */
  readonly paragraphs: readonly string[];
  /** Ratios between the figures of one run. */
  readonly ratios: Readonly<Record<string, unknown>>;
};

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---:'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

export function fixed(value: number): string {
  return value.toFixed(1);
}

export function whole(value: number): string {
  return String(Math.round(value));
}

export function ratio(a: number, b: number): number {
  return Number((a / b).toFixed(2));
}
