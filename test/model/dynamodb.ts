import type { Clock } from '../../src/clock.ts';
import type { Random } from '../../src/random.ts';
import type { KeyAttribute } from '../../src/value/key-attribute.ts';
import { KeyedTable } from './keyed-table.ts';
import { ModelError } from './model-error.ts';
import type { ModelStream, StreamManner } from './stream.ts';
import { StreamReads } from './stream-reads.ts';
import type { TableChange } from './table-change.ts';

export type ModelDynamoDbOptions = {
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly random: Random;
  readonly region?: string;
  /** Shards that a stream begins with. @default 1 */
  readonly shardCount?: number;
  readonly streams?: StreamManner;
};

/** The first of numbers as long as AWS's: 21 digits and more. */
const FIRST_NUMBER = 100_000_000_000_000_000_000n;

/** The tables of an account in a region, with the streams of deleted tables too. */
export class ModelDynamoDb {
  readonly region: string;
  readonly reads: StreamReads<TableChange>;
  readonly #options: ModelDynamoDbOptions;
  readonly #tables = new Map<string, KeyedTable>();
  readonly #everyTable: KeyedTable[] = [];

  constructor(options: ModelDynamoDbOptions) {
    this.#options = options;
    this.region = options.region ?? 'eu-central-1';
    this.reads = new StreamReads({
      streams: () => this.#everyTable.flatMap(({ streams }) => streams),
      clock: options.clock,
      news: (stream) => this.tableOf(stream).news,
    });
  }

  get tables(): readonly KeyedTable[] {
    return [...this.#tables.values()];
  }

  /** All tables, deleted ones too: their streams stay for a day. */
  get everyTable(): readonly KeyedTable[] {
    return this.#everyTable;
  }

  createTable(name: string, keys: readonly KeyAttribute[]): KeyedTable {
    if (this.#tables.has(name)) throw new ModelError('ResourceInUseException', `Table already exists: ${name}`);
    const { clock, random, shardCount = 1, streams } = this.#options;
    const [a, b, c, d, e] = [8, 4, 4, 4, 12].map((digits) => random.hex(digits));
    const table = new KeyedTable({
      name,
      arn: `arn:aws:dynamodb:${this.region}:123456789012:table/${name}`,
      tableId: `${a}-${b}-${c}-${d}-${e}`,
      keys,
      clock,
      random,
      shardCount,
      // Padded numbers count from the beginning.
      firstNumber: streams?.digits ? 0n : FIRST_NUMBER,
      ...(streams && { manner: streams }),
    });
    this.#tables.set(name, table);
    this.#everyTable.push(table);
    return table;
  }

  /** Deletes a table. Its stream stays readable for a day, DISABLED. */
  deleteTable(name: string): KeyedTable {
    const table = this.table(name);
    table.disableStream();
    this.#tables.delete(name);
    return table;
  }

  /** @throws {ModelError} if there is none. */
  table(name: string): KeyedTable {
    const table = this.#tables.get(name);
    if (table) return table;
    throw new ModelError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
  }

  tableOf(stream: ModelStream<TableChange>): KeyedTable {
    const table = this.#everyTable.find(({ streams }) => streams.includes(stream));
    if (table) return table;
    throw new Error(`No table has the stream ${stream.arn}`);
  }
}
