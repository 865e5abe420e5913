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
  /** Where each segment resumes; by default all start at their beginning. */
  readonly starts?: readonly SegmentStart[];
  readonly signal: AbortSignal;
  /** Admits each attempt to read a page, and learns its cost. */
  readonly budget?: ReadBudget | undefined;
};

/** Where a segment resumes: at the page that starts after `startKey`, or nowhere if it is done. */
export type SegmentStart = { readonly startKey: ScanPage['lastKey']; readonly done: boolean };

export type SegmentPage = ScanPage & { readonly segment: number };

/**
 * Reads a whole table, `atOnce` segments at a time, and passes each page to `take`.
 *
 * A segment's next page is requested once `take` has resolved for the page before, so a slow taker slows the reading, and
 * memory holds one page of each segment that is being read. Pages of one segment come in order; the last one has no
 * `lastKey`. With a budget, pages in flight when the reading is stopped are taken, too.
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
  // The first error is the cause; it interrupted the other segments.
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
