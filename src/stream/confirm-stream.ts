import type { StreamClient } from './stream-client.ts';

/** Between an ARN and an iterator: neither has one. */
const SEPARATOR = ' ';

/**
 * Gives records only of the stream that an iterator was asked for: behind each page that has some, the stream is described
 * once more, and must be there still.
 *
 * For servers on this machine. One that keeps its tables in memory and is started again may take the iterators of before,
 * and answer with records of another table of the name. AWS's iterators are its stream's alone, and need no such question.
 *
 * @returns a client whose iterators are its own.
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
