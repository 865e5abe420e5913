import type { ReadingOptions } from '../../src/stream/reading-options.ts';
import type { Source } from '../dependencies.ts';

/** What a reading needs besides the stream. */
export type Reading = Pick<ReadingOptions, 'clock' | 'random' | 'log'>;

/** Empty pages in a row that mean that an open shard holds no more, on AWS and at a server on the same machine. */
const QUIET_PAGES = { remote: 25, local: 3 };

/** How a table's stream is read up to what it holds now. */
export async function readingOf(
  table: string,
  { tables, streams, isLocal }: Source,
  reading: Reading,
): Promise<Omit<ReadingOptions, 'streamArn'>> {
  return {
    ...reading,
    client: streams,
    startedAt: await tables.serverTime(table),
    quietPages: isLocal ? QUIET_PAGES.local : QUIET_PAGES.remote,
  };
}

/** A connection that is made when it is first asked for, and closed if it was made. */
export function lazily(connect: () => Promise<Source>): (() => Promise<Source>) & AsyncDisposable {
  let connection: Promise<Source> | undefined;
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
