import { isKind, TailraceError } from '../../src/errors.ts';
import type { ScanPage, ScanRequest, TableReader } from '../../src/source/table-reader.ts';
import { budgetedRequest } from '../cost/budgeted-request.ts';
import type { ReadBudget } from '../cost/read-budget.ts';
import { MAX_PAGE_UNITS } from '../cost/request-cost.ts';
import { PageSize } from './page-size.ts';

export type ScanOptions = {
  readonly reader: Pick<TableReader, 'scan'>;
  /** Name of the table. */
  readonly table: string;
  /** Into how many parts the table is cut. */
  readonly segments: number;
  /** The parts that are read; by default all. */
  readonly only?: readonly number[] | undefined;
  /** How many of them are read at once; by default all. */
  readonly atOnce?: number | undefined;
  /** Where each segment goes on; by default all start at their beginning. */
  readonly starts?: readonly SegmentStart[];
  readonly signal: AbortSignal;
  /** Asked before each attempt to read a page, and told what became of it. */
  readonly budget?: ReadBudget | undefined;
};

/** Where the reading of a segment goes on: before the page at `startKey`, or not at all. */
export type SegmentStart = { readonly startKey: ScanPage['lastKey']; readonly done: boolean };

export type SegmentPage = ScanPage & { readonly segment: number };

/**
 * Reads a whole table, all its segments at once unless `atOnce` says else, and gives each page to `take`.
 *
 * A segment's next page is asked for when `take` has resolved for its last one, so a slow taker slows the reading, and
 * no more than one page of each that is being read is ever held. Pages of one segment come in order; its last has no
 * `lastKey`. Where there is a budget, pages that are on their way when reading is to stop are taken, too.
 *
 * @throws {TailraceError} `interrupted` when `signal` aborts; otherwise the first failure of a segment or of `take`,
 *   once every other segment has stopped.
 */
export async function scanTable(
  { reader, table, segments, only, atOnce, starts, signal, budget }: ScanOptions,
  take: (page: SegmentPage) => Promise<void>,
): Promise<void> {
  const failure = new AbortController();
  const stop = AbortSignal.any([signal, failure.signal]);
  const errors: unknown[] = [];
  const size = new PageSize(budget?.unitsPerSecond);

  const waiting = [...(only ?? Array.from({ length: segments }, (_, segment) => segment))];
  const read = async (segment: number) => {
    const { startKey, done } = starts?.[segment] ?? { startKey: null, done: false };
    if (done) return;
    try {
      const request = { table, segment, totalSegments: segments, startKey, signal: stop };
      await scanSegment(reader, request, take, size, budget);
    } catch (error) {
      errors.push(error);
      failure.abort();
    }
  };
  const lanes = Array.from({ length: Math.min(atOnce ?? waiting.length, waiting.length) }, async () => {
    for (let segment = waiting.shift(); segment !== undefined; segment = waiting.shift()) await read(segment);
  });
  await Promise.all(lanes);

  if (signal.aborted)
    throw new TailraceError('interrupted', `Reading ${table} was interrupted`, { context: { table } });
  // The first is the cause; those that it interrupted come after it.
  if (errors.length > 0) throw errors.find((error) => !isKind(error, 'interrupted')) ?? errors[0];
}

type Segment = ScanRequest & { readonly signal: AbortSignal };

async function scanSegment(
  reader: Pick<TableReader, 'scan'>,
  request: Segment,
  take: (page: SegmentPage) => Promise<void>,
  size: PageSize,
  budget: ReadBudget | undefined,
): Promise<void> {
  let { startKey } = request;
  do {
    if (request.signal.aborted) return;
    const page: ScanPage = await scanPage(reader, { ...request, startKey, limit: size.limit }, budget);
    size.cost(page.items.length, page.consumedUnits);
    await take({ ...page, segment: request.segment });
    startKey = page.lastKey;
  } while (startKey !== null);
}

function scanPage(
  reader: Pick<TableReader, 'scan'>,
  request: Segment,
  budget: ReadBudget | undefined,
): Promise<ScanPage> {
  if (!budget) return reader.scan(request);
  return budgetedRequest(budget, MAX_PAGE_UNITS, request.signal, (onRetry, signal) =>
    reader.scan({ ...request, onRetry, signal }),
  );
}
