import type { Clock } from '../../../src/clock.ts';
import { TailraceError } from '../../../src/errors.ts';
import type { ScanPage, ScanRequest, TableReader } from '../../../src/source/table-reader.ts';
import type { AttributeMap } from '../../../src/value/attribute-value.ts';
import type { Story } from '../history/story.ts';
import type { Process } from './process.ts';
import { type SimulatedTable, TABLE } from './table.ts';

export type ScanManner = {
  /** The most items of a page; every fourth page is empty. */
  readonly pageItems: number;
  /** How long a page takes. */
  readonly pageMs: number;
  /** Read capacity units that a page costs. @default 0.5 */
  readonly pageUnits?: number;
};

/** How far behind the table a read may be that isn't strongly consistent. */
const STALE_MS = 1_500;

export type TableClientOptions = {
  readonly scheduler: Clock;
  readonly story: Story;
  readonly manner: ScanManner;
  /** Called for each page, even if its answer is lost: what it cost, and whether it is the last of its segment. */
  readonly onPage?: (page: { readonly segment: number; readonly units: number; readonly isEnd: boolean }) => void;
  /** Called with the cost of a read by key, likewise. */
  readonly onGet?: (units: number) => void;
};

/** The table as one process reads it. */
export function tableClient(
  table: SimulatedTable,
  process: Process,
  { scheduler, story, manner, onPage, onGet }: TableClientOptions,
): TableReader {
  let pages = 0;
  const answer = <T>(work: () => T, ms = 10): Promise<T> =>
    process.reach(async () => {
      await scheduler.sleep(ms);
      return work();
    });

  function scan({ segment, totalSegments, startKey, signal }: ScanRequest): ScanPage {
    if (signal?.aborted) throw new TailraceError('interrupted', 'Reading was interrupted');
    const asOf = scheduler.now() - Math.floor(process.random.next() * STALE_MS);
    const from = startKey === null ? '' : String(startKey['id']?.['S']);
    const names = table.namesBehind({ segment, totalSegments, after: from });
    const isEmpty = ++pages % 4 === 3;
    const page = isEmpty ? [] : names.slice(0, manner.pageItems);
    const items = page.flatMap((name): AttributeMap[] => {
      const item = table.itemAt(name, asOf);
      return item === null ? [] : [item];
    });
    const last = isEmpty ? from : page.at(-1);
    const isEnd = !isEmpty && page.length === names.length;
    if (isEmpty) story.trouble('empty scan page', process.name, `reads an empty page of segment ${segment}`);
    else story.tell(process.name, `scans ${page.join(' ') || 'nothing'} as of ${scheduler.now() - asOf} ms ago`);
    const consumedUnits = manner.pageUnits ?? 0.5;
    const lastKey = isEnd || last === undefined ? null : { id: { S: last } };
    onPage?.({ segment, units: consumedUnits, isEnd: lastKey === null });
    return { items, lastKey, consumedUnits };
  }

  return {
    describe: () =>
      answer(() => ({
        table: TABLE,
        createdAt: null,
        keys: [{ name: 'id', type: 'S' }],
        itemCount: 0,
        sizeBytes: 0,
        readCapacity: null,
        isInfrequentAccess: false,
        isGlobal: false,
        stream: table.stream ? { arn: table.stream.arn, viewType: 'NEW_AND_OLD_IMAGES' } : null,
      })),
    enableStream: () => Promise.reject(new Error('enableStream was not expected')),
    scan: (request) => answer(() => scan(request), manner.pageMs),
    get: ({ keys }) =>
      answer(() => {
        onGet?.(keys.length);
        return {
          items: keys.map((key) => table.items.get(String(key['id']?.['S']))).filter((item) => item !== undefined),
          unprocessed: [],
          consumedUnits: keys.length,
        };
      }),
    serverTime: () =>
      answer(() => {
        // The header that carries it has whole seconds.
        return Math.floor(scheduler.now() / 1000) * 1000;
      }),
  };
}
