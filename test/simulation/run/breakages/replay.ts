// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are texts of source files.
import type { Breakage } from '../breakage.ts';

/** In replays, and in the search for gaps. */
export const REPLAY_BREAKAGES: readonly Breakage[] = [
  {
    name: 'replayed batch removed before it is durable',
    file: 'src/replay/deliver.ts',
    find: 'const { batchItemFailures } = await handlerFor(',
    replace: 'await page.acknowledge(); const { batchItemFailures } = await handlerFor(',
  },
  {
    name: 'lost range acknowledged',
    file: 'src/replay/failed-batch-source.ts',
    find: 'progress.partLost();',
    replace: '',
  },
  {
    name: 'range begun after its first record',
    file: 'src/replay/read-range.ts',
    find: 'const named = namedShard(from);',
    replace:
      "const named = { ...namedShard(from), resume: { at: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: from } as const };",
  },
  {
    name: 'only the first page of a bucket read',
    file: 'src/replay/failure-bucket.ts',
    find: 'while (token !== undefined && !signal.aborted)',
    replace: 'while (false)',
  },
  {
    name: 'only the first messages of a queue read',
    file: 'src/replay/failure-queue.ts',
    find: 'empty < EMPTY_ANSWERS && !signal.aborted',
    replace: 'empty < EMPTY_ANSWERS && this.#inFlight.size === 0',
  },
  {
    name: 'dead letter read as empty',
    file: 'src/replay/shapes.ts',
    find: "{ of: 'records', records: [record], shardId,",
    replace: "{ of: 'records', records: [], shardId,",
  },
  {
    name: 'last page of a replay dropped',
    file: 'src/replay/stream-source.ts',
    find: 'all(records, take(shardId, records))',
    replace: 'all(records, records.length > 1 ? take(shardId, records) : Promise.resolve())',
  },
  {
    name: 'first record of a page skipped by a shard replay',
    file: 'src/replay/stream-source.ts',
    find: 'take(range.shardId, records)',
    replace: 'take(range.shardId, records.slice(1))',
  },
  {
    name: 'gaps searched for without the key',
    file: 'src/views/gaps.ts',
    find: " AND ${held}.${q('key')} = ${kept}.${q('key')}`",
    replace: '`',
  },
  {
    name: 'gaps never old enough to be missing',
    file: 'src/views/gaps.ts',
    find: '> ${dialect.timestamp(lagCutoff)} THEN',
    replace: '> ${dialect.timestamp(0)} THEN',
  },
  {
    name: 'gaps filled with all but the missing changes',
    file: 'src/replay/gap-source.ts',
    find: "if (status !== 'missing') continue;",
    replace: "if (status === 'missing') continue;",
  },
];
