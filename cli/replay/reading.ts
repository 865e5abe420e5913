import { isKind } from '../../src/errors.ts';
import type { ReadingOptions } from '../../src/stream/reading-options.ts';
import type { Connection } from '../dependencies.ts';

/** What a reading needs besides the stream. */
export type Reading = Pick<ReadingOptions, 'clock' | 'random' | 'log'>;

/** Empty pages in a row that mean that an open shard holds no more, on AWS and at a server on the same machine. */
const QUIET_PAGES = { remote: 25, local: 3 };

/** How a table's stream is read up to what it holds now. */
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
 * As {@link readingOf}, for ranges that failure records name. Nothing but the stream is needed for them: it outlives its
 * table by a day, and who may read it may not be allowed more.
 */
export function readingOfRanges(
  table: string,
  source: Connection,
  reading: Reading,
): Promise<Omit<ReadingOptions, 'streamArn'>> {
  const serverTime = (name: string) =>
    source.tables.serverTime(name).catch((error: unknown) => {
      // A range has an end: the time only ends the waiting for what isn't there.
      if (isKind(error, 'source-table-missing', 'source-denied')) return reading.clock.now();
      throw error;
    });
  return readingOf(table, { ...source, tables: { serverTime } }, reading);
}

/** A connection that is made when it is first asked for, and closed if it was made. */
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
