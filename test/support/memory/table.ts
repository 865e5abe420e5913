import { TailraceError } from '../../../src/errors.ts';
import type {
  GetPage,
  GetRequest,
  ScanPage,
  ScanRequest,
  TableDescription,
  TableReader,
} from '../../../src/source/table-reader.ts';
import type { StreamClient, StreamDescription } from '../../../src/stream/stream-client.ts';
import type { AttributeMap } from '../../../src/value/attribute-value.ts';
import { canonicalKey } from '../../../src/value/key.ts';
import { tableDescription } from '../stream/table-description.ts';

/**
 * A DynamoDB table in memory, with its stream's description.
 *
 * Items go to segments in the order in which they were put. A page has two items unless `pageSizes` sets other sizes; 0
 * makes an empty page that isn't the last.
 */
export class MemoryTable implements TableReader, Pick<StreamClient, 'describe'> {
  description: TableDescription;
  readonly streamDescription: { -readonly [Name in keyof StreamDescription]: StreamDescription[Name] };
  /** By DynamoDB's clock. */
  time: number;
  pageSizes: readonly number[] = [2];
  unitsPerPage = 0.5;
  /** Every call, in order, such as `scan 0 from 2`. */
  readonly calls: string[] = [];
  /** Awaited before each page; an error that it throws fails the page. */
  beforePage: (segment: number, page: number) => Promise<void> | void = () => {};
  readonly items = new Map<string, AttributeMap>();
  /** Every key that was ever put, in order, so that an item stays in its segment when others go. */
  readonly #keys = new Set<string>();

  constructor(items: readonly AttributeMap[] = [], { time = Date.UTC(2026, 0, 2, 3, 4, 5) } = {}) {
    this.description = tableDescription();
    this.time = time;
    this.streamDescription = {
      arn: this.description.stream?.arn ?? '',
      label: '2026-01-02T03:04:05.678',
      status: 'ENABLED',
      viewType: 'NEW_AND_OLD_IMAGES',
      createdAt: time - 60 * 60 * 1000,
      shards: [],
    };
    for (const item of items) this.put(item);
  }

  put(item: AttributeMap): void {
    const key = keyTextOf(item, this.description);
    this.items.set(key, item);
    this.#keys.add(key);
  }

  /** Of a table by its name, or of a stream by its ARN. */
  describe(name: string): Promise<TableDescription & StreamDescription> {
    this.calls.push(name.startsWith('arn:') ? 'describe stream' : 'describe');
    return Promise.resolve({ ...this.description, ...this.streamDescription });
  }

  enableStream(): Promise<void> {
    throw new Error('enableStream was not expected');
  }

  serverTime(): Promise<number> {
    this.calls.push('serverTime');
    return Promise.resolve(this.time);
  }

  async scan({ segment, totalSegments, startKey, signal }: ScanRequest): Promise<ScanPage> {
    const at = startKey === null ? { index: 0, page: 0 } : cursorOf(startKey);
    this.calls.push(`scan ${segment} from ${at.index}`);
    await this.beforePage(segment, at.page);
    if (signal?.aborted) throw new TailraceError('interrupted', 'Reading was interrupted');
    for (const key of this.items.keys()) this.#keys.add(key);
    const all = [...this.#keys].filter((_, index) => index % totalSegments === segment);
    const end = at.index + (this.pageSizes[at.page % this.pageSizes.length] ?? 2);
    return {
      items: all
        .slice(at.index, end)
        .map((key) => this.items.get(key))
        .filter((item) => item !== undefined),
      lastKey: end >= all.length ? null : { cursor: { N: `${end}` }, page: { N: `${at.page + 1}` } },
      consumedUnits: this.unitsPerPage,
    };
  }

  async get({ keys }: GetRequest): Promise<GetPage> {
    this.calls.push(`get ${keys.length}`);
    const items = keys.map((key) => this.items.get(canonicalKey(key))).filter((item) => item !== undefined);
    return { items, unprocessed: [], consumedUnits: keys.length };
  }
}

function keyTextOf(item: AttributeMap, { keys }: TableDescription): string {
  return canonicalKey(
    Object.fromEntries(Object.entries(item).filter(([name]) => keys.some((key) => key.name === name))),
  );
}

function cursorOf(startKey: AttributeMap): { index: number; page: number } {
  return { index: Number(startKey['cursor']?.['N']), page: Number(startKey['page']?.['N']) };
}
