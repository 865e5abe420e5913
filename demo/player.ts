import { runBackfill } from '../backfill/backfill.ts';
import { type CollectedVerify, collectFindings } from '../backfill/verify/verify.ts';
import type { Clock } from '../src/clock.ts';
import { DeadLetterDirectory } from '../src/delivery/dead-letter-directory.ts';
import { createStreamHandler } from '../src/delivery/stream-handler.ts';
import type { Destination } from '../src/destination/destination.ts';
import { silentLog } from '../src/log.ts';
import { objectNames } from '../src/names/object-names.ts';
import { identity } from '../src/privacy/transform.ts';
import type { Random } from '../src/random.ts';
import type { TableDescription, TableReader } from '../src/source/table-reader.ts';
import { requireStream } from '../src/source/usable-stream.ts';
import { newCheckpoint } from '../src/stream/checkpoint.ts';
import { followStream } from '../src/stream/follow.ts';
import type { StreamClient } from '../src/stream/stream-client.ts';
import { duckdb } from '../src/views/duckdb.ts';
import { Freshness } from './freshness.ts';
import type { ShopWriter, Write } from './shop-writer.ts';

/** Both ends, and what lies between them. */
export type Ends = {
  readonly reader: TableReader;
  readonly streams: StreamClient;
  readonly destination: Destination;
  /** Directory of the dead letters. */
  readonly deadLetters: string;
  /** Directory of the rows that a backfill has read and not loaded yet. */
  readonly spool: string;
  readonly clock: Clock;
  readonly random: Random;
};

/** An embedded server's stream has a change at once, and it is read within a second. */
const STREAM_LAG_MS = 1_500;
const SEGMENTS = 4;

/** What one table does in the play: it is written to, backfilled, followed and compared. */
export class Player {
  readonly #ends: Ends;
  readonly #described: TableDescription;
  readonly #writer: ShopWriter;
  readonly #freshness: Freshness;
  #written = 0;

  constructor(ends: Ends, described: TableDescription, writer: ShopWriter) {
    this.#ends = ends;
    this.#described = described;
    this.#writer = writer;
    this.#freshness = new Freshness(ends.destination, described.table, ends.clock);
  }

  get table(): string {
    return this.#described.table.name;
  }

  /** Writes to DynamoDB since the play began. */
  get written(): number {
    return this.#written;
  }

  /** Writes that the latest view doesn't show yet. */
  get waiting(): number {
    return this.#freshness.waiting;
  }

  /** Milliseconds from write to visible, of each write that was seen. */
  get measured(): readonly number[] {
    return this.#freshness.measured;
  }

  /** Writes to the table until the signal aborts. */
  async write(perSecond: number, signal: AbortSignal): Promise<void> {
    const onWrite = (write: Write) => {
      this.#written++;
      this.#freshness.expect(write);
    };
    await this.#writer.write(perSecond, signal, onWrite);
  }

  /** Looks which writes the latest view shows by now. */
  look(): Promise<void> {
    return this.#freshness.look();
  }

  /** Follows the stream as `tailrace tail` does. The checkpoint stays in memory: it is of no use after the demo. */
  async tail(signal: AbortSignal): Promise<void> {
    const { destination, deadLetters, streams, clock, random } = this.#ends;
    await followStream({
      client: streams,
      checkpoint: newCheckpoint(requireStream(this.#described).arn, destination.name),
      save: async () => {},
      handler: createStreamHandler({
        source: this.#described.table,
        destination,
        deadLetters: new DeadLetterDirectory(deadLetters),
        transform: identity,
        origin: 'tail',
        clock,
      }),
      clock,
      random,
      log: silentLog,
      signal,
    });
  }

  /** Backfills as `tailrace backfill` does. */
  backfill(signal: AbortSignal): ReturnType<typeof runBackfill> {
    return runBackfill({
      ...this.#ends,
      table: this.table,
      deadLetters: new DeadLetterDirectory(this.#ends.deadLetters),
      transform: identity,
      log: silentLog,
      segments: SEGMENTS,
      minStreamAgeMs: 0,
      actor: 'demo',
      signal,
    });
  }

  /** Distinct changes that came through the stream. */
  async followed(): Promise<number> {
    const { changelog } = objectNames(this.table);
    const sql = `SELECT count(DISTINCT (position, key)) FROM ${duckdb.table(changelog)}`;
    const { rows } = await this.#ends.destination.execute(sql);
    return Number(rows[0]?.[0]);
  }

  /** Compares as `tailrace verify` does. */
  verify(signal: AbortSignal): Promise<CollectedVerify> {
    return collectFindings({
      ...this.#ends,
      table: this.table,
      transform: identity,
      segments: SEGMENTS,
      lagMs: STREAM_LAG_MS,
      signal,
    });
  }
}
