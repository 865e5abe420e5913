import type { GapRange } from '../destination/gap-finder.ts';
import type { ReadingOptions } from '../stream/reading-options.ts';
import type { RecordSource } from '../stream/record-source.ts';
import type { ReplayEvents } from './deliver.ts';
import { readRange } from './read-range.ts';

/** The records of missing ranges, read from the stream again. Ranges of another status are passed over. */
export function gapSource(
  ranges: AsyncIterable<GapRange>,
  options: ReadingOptions,
  events: Pick<ReplayEvents, 'lost'>,
): RecordSource {
  const { streamArn } = options;
  return {
    async *pages(signal) {
      for await (const { status, shardId, from, to, records: batchSize } of ranges) {
        if (status !== 'missing') continue;
        const range = { of: 'range', streamArn, shardId, from, to, batchSize, firstArrivalAt: null } as const;
        for await (const { records, loss } of readRange(range, options, signal)) {
          if (loss) events.lost(loss);
          if (records.length === 0) continue;
          yield { records, shardId, firstArrivalAt: null, rules: null, acknowledge: async () => {} };
        }
      }
    },
  };
}
