import type { StreamClient } from '../../../src/stream/stream-client.ts';

const SHARD = 'shardId-00000001';

/** A stream of one shard: these pages, then its end if it is closed, otherwise empty pages for ever. */
export function oneShardStream(
  arn: string,
  pages: readonly (readonly unknown[])[],
  { closed }: { readonly closed: boolean },
): StreamClient {
  return {
    describe: async () => ({
      arn,
      label: arn.slice(arn.lastIndexOf('/') + 1),
      status: closed ? 'DISABLED' : 'ENABLED',
      viewType: 'NEW_AND_OLD_IMAGES',
      createdAt: 0,
      shards: [{ id: SHARD, parentId: null, startingSequenceNumber: '1', endingSequenceNumber: null }],
    }),
    iterator: async (_arn, _shard, start) => (start.at === 'TRIM_HORIZON' ? '0' : String(pages.length)),
    async records(iterator) {
      const index = Number(iterator);
      const isLast = index >= pages.length - 1;
      return { records: pages[index] ?? [], nextIterator: closed && isLast ? null : String(index + 1) };
    },
  };
}
