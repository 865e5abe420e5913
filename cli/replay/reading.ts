import { isKind } from '../../src/errors.ts';
import type { ReadingOptions } from '../../src/stream/reading-options.ts';
import type { Connection } from '../dependencies.ts';

/** The options of a reading that don't depend on the stream. */
export type Reading = Pick<ReadingOptions, 'clock' | 'random' | 'log'>;

/** Empty pages in a row after which an open shard holds no more: on AWS, and on a local server. */
const QUIET_PAGES = { remote: 25, local: 3 };

/** The options for reading a table's stream up to its present end. */
export async function readingOf(
  table: string,
  {
    tables,
    streams,
    isLocal,
  }: Pick<Connection, 'streams' | 'isLocal'> & {
    readonly tables: Pick<Connection['tables'], 'serverTime'>;
  },
  reading: Reading,
): Promise<Omit<ReadingOptions, 'streamArn'>> {
  return {
    ...reading,
    client: streams,
    startedAt: await tables.serverTime(table),
    quietPages: isLocal ? QUIET_PAGES.local : QUIET_PAGES.remote,
  };
}

/**
 * As {@link readingOf}, for ranges that failure records name. They need nothing but the stream: it outlives its table by a
 * day, and credentials that may read it may not be allowed more.
 */
export function readingOfRanges(
  table: string,
  connection: Connection,
  reading: Reading,
): Promise<Omit<ReadingOptions, 'streamArn'>> {
  const serverTime = (name: string) =>
    connection.tables.serverTime(name).catch((error: unknown) => {
      // A range has an end: the time only ends the wait for records that aren't there.
      if (isKind(error, 'source-table-missing', 'source-denied')) return reading.clock.now();
      throw error;
    });
  return readingOf(table, { ...connection, tables: { serverTime } }, reading);
}

/** Connects at the first call. Disposing of it closes the connection, if there is one. */
export function lazily(connect: () => Promise<Connection>): (() => Promise<Connection>) & AsyncDisposable {
  let connection: Promise<Connection> | undefined;
  const connected = () => {
    connection ??= connect();
    return connection;
  };
  return Object.assign(connected, {
    async [Symbol.asyncDispose]() {
      (await connection?.catch(() => undefined))?.[Symbol.dispose]();
    },
  });
}
