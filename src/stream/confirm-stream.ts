import type { StreamClient } from './stream-client.ts';

/** Stands between an ARN and an iterator: neither contains a space. */
const SEPARATOR = ' ';

/**
 * Makes sure that records are of the stream that an iterator was asked for: after each page with records the stream is
 * described again, and must still be there.
 *
 * For servers on this machine. A server that holds its tables in memory may take earlier iterators after a restart, and answer
 * with records of another table of the same name. AWS's iterators belong to one stream, and need no such check.
 *
 * @returns a client that takes only its own iterators.
 */
export function confirmStream(client: StreamClient): StreamClient {
  return {
    describe: (streamArn, signal) => client.describe(streamArn, signal),
    async iterator(streamArn, shardId, start, signal) {
      return `${streamArn}${SEPARATOR}${await client.iterator(streamArn, shardId, start, signal)}`;
    },
    async records(iterator, signal) {
      const end = iterator.indexOf(SEPARATOR);
      const streamArn = iterator.slice(0, end);
      const page = await client.records(iterator.slice(end + SEPARATOR.length), signal);
      // Rejects where another stream is in its place.
      if (page.records.length > 0) await client.describe(streamArn, signal);
      const { nextIterator } = page;
      return { ...page, nextIterator: nextIterator === null ? null : `${streamArn}${SEPARATOR}${nextIterator}` };
    },
  };
}
