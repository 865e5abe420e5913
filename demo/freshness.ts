import type { Clock } from '../src/clock.ts';
import type { LatestReader } from '../src/destination/destination.ts';
import type { SourceTable } from '../src/source/source-table.ts';
import type { Write } from './shop-writer.ts';

/** Time between two looks at the latest views: the most that a measurement is too long, on a machine with time to spare. */
const LOOK_EVERY_MS = 100;

/** Most keys that one look asks for. */
const MAX_KEYS = 1_000;

export type Percentiles = { readonly p50: number; readonly p99: number };

/** Measures how long it takes from a write's acknowledgement until the latest view of a table shows it, write by write. */
export class Freshness {
  readonly #latest: LatestReader;
  readonly #table: SourceTable;
  readonly #clock: Clock;
  /** By key. A later write of a key replaces the earlier one, which may never be visible. */
  readonly #pending = new Map<string, Write>();
  readonly #measured: number[] = [];

  constructor(latest: LatestReader, table: SourceTable, clock: Clock) {
    this.#latest = latest;
    this.#table = table;
    this.#clock = clock;
  }

  /** Expects a write to become visible. */
  expect(write: Write): void {
    if (this.#pending.size < MAX_KEYS || this.#pending.has(write.key)) this.#pending.set(write.key, write);
  }

  /** Writes that are expected and not visible yet. */
  get waiting(): number {
    return this.#pending.size;
  }

  /** Milliseconds from write to visible, of each write that was seen. */
  get measured(): readonly number[] {
    return this.#measured;
  }

  /** Looks which of the expected writes are visible by now. */
  async look(): Promise<void> {
    if (this.#pending.size === 0) return;
    const asked = [...this.#pending.values()];
    const rows = await this.#latest.lookup(
      this.#table,
      asked.map(({ key }) => key),
    );
    const now = this.#clock.now();
    for (const write of asked) {
      if (this.#pending.get(write.key) !== write || !shows(rows.get(write.key)?.item, write)) continue;
      this.#pending.delete(write.key);
      this.#measured.push(now - write.at);
    }
  }
}

/** Looks until the signal aborts, at most half of the time: what it measures shall not wait for the measuring. */
export async function watch(all: readonly Pick<Freshness, 'look'>[], clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const began = clock.now();
    for (const freshness of all) await freshness.look();
    await clock.sleep(Math.max(LOOK_EVERY_MS, clock.now() - began), signal);
  }
}

/** Percentiles of milliseconds, rounded; `null` as long as nothing was measured. */
export function percentilesOf(measured: readonly number[]): Percentiles | null {
  const sorted = measured.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN);
  return sorted.length === 0 ? null : { p50: at(0.5), p99: at(0.99) };
}

/** Whether the latest view, which has `item` for the key, shows the write. */
function shows(item: string | undefined, { revision }: Write): boolean {
  if (item === undefined || revision === null) return item === undefined && revision === null;
  const { revision: shown } = JSON.parse(item) as { revision: number };
  return shown >= revision;
}
