import { budgetedRequest } from '../../../../backfill/cost/budgeted-request.ts';
import { ReadBudget } from '../../../../backfill/cost/read-budget.ts';
import { MAX_PAGE_UNITS } from '../../../../backfill/cost/request-cost.ts';
import type { Clock } from '../../../../src/clock.ts';
import { isKind, TailraceError } from '../../../../src/errors.ts';
import type { ItemFacts } from '../../../../src/schema/infer/item-facts.ts';
import type { ScanPage, TableReader } from '../../../../src/source/table-reader.ts';

/**
 * Parts of the table, by a hash of the partition key, that are read in turn, a page of each: so few partitions with most of
 * the items don't fill the sample alone.
 */
const PARTS = 16;

/** Items of a page, so that each part has several turns. */
const PAGES_OF_PART = 4;

export type TableReading = {
  readonly tables: Pick<TableReader, 'scan'>;
  /** Name of the table. */
  readonly table: string;
  readonly facts: ItemFacts;
  readonly maxItems: number;
  readonly maxReadUnits: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onProgress: (units: number) => void;
};

/** What reading a table cost, and how much of it was read: `capped` at the read units, or else `enough` items or `all`. */
export type TableRead = { readonly units: number; readonly read: 'all' | 'enough' | 'capped' };

/**
 * Reads a sample of a table's items, or all of a small one: pages of many parts in turn, until there are enough items or the
 * next page could pass the cap.
 */
export async function readTableItems(reading: TableReading): Promise<TableRead> {
  const { table, facts, maxItems, maxReadUnits, clock, signal, onProgress } = reading;
  const budget = new ReadBudget({ clock, signal, maxUnits: maxReadUnits });
  const limit = Math.max(1, Math.ceil(maxItems / (PARTS * PAGES_OF_PART)));
  let open = Array.from({ length: PARTS }, (_, segment) => ({ segment, startKey: null as ScanPage['lastKey'] }));
  while (open.length > 0) {
    const next: typeof open = [];
    for (const part of open) {
      if (facts.items >= maxItems) return { units: budget.used, read: 'enough' };
      const page = await pageOf(reading, budget, part, Math.min(limit, maxItems - facts.items));
      if (page === 'capped') return { units: budget.used, read: 'capped' };
      for (const item of page.items) facts.addAttributes(item);
      onProgress(budget.used);
      if (page.lastKey !== null) next.push({ ...part, startKey: page.lastKey });
      if (signal.aborted) throw new TailraceError('interrupted', `Reading ${table} was interrupted`);
    }
    open = next;
  }
  return { units: budget.used, read: 'all' };
}

async function pageOf(
  { tables, table, signal }: TableReading,
  budget: ReadBudget,
  part: { readonly segment: number; readonly startKey: ScanPage['lastKey'] },
  limit: number,
): Promise<ScanPage | 'capped'> {
  try {
    return await budgetedRequest(budget, MAX_PAGE_UNITS, signal, (onRetry, late) =>
      tables.scan({ table, ...part, totalSegments: PARTS, limit, onRetry, signal: late }),
    );
  } catch (error) {
    if (isKind(error, 'read-cap-reached')) return 'capped';
    throw error;
  }
}
