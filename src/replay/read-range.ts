import { withStreamArn } from '../stream/page-records.ts';
import type { Loss } from './loss.ts';
import { type ReadingOptions, readSpan } from './read-span.ts';
import type { BatchRange } from './replay-item.ts';

/** Records of a range, with the ARN of their stream; with the last page what of the range is lost, if something is. */
export type RangePage = { readonly records: readonly unknown[]; readonly loss: Loss | null };

/**
 * Reads the records that a failure record names from their stream again: from its first to its last inclusive, and none
 * after.
 *
 * A batch's size is held against what was read. More is right, too: a mapping's filter leaves records of the range out.
 * Less means that some can't be had any more, wherever they went.
 */
export async function* readRange(
  range: BatchRange,
  options: ReadingOptions,
  signal: AbortSignal,
): AsyncGenerator<RangePage> {
  const { shardId, from, to, batchSize } = range;
  const start = { at: 'AT_SEQUENCE_NUMBER', sequenceNumber: from } as const;
  const span = readSpan({ shardId, start, to }, options, signal);
  let count = 0;
  let loss: Loss | null = null;
  for (;;) {
    const { done, value } = await span.next();
    if (done) {
      if (value === 'stopped') return;
      loss = lossOf(range, value === 'gone', loss, count);
      break;
    }
    loss = value.loss ?? loss;
    count += value.records.length;
    yield { records: value.records.map((record) => withStreamArn(record, range.streamArn)), loss: null };
  }
  if (loss)
    yield { records: [], loss: { ...loss, records: batchSize === null ? null : Math.max(0, batchSize - count) } };
}

function lossOf(
  { shardId, from, to, batchSize }: BatchRange,
  isGone: boolean,
  noticed: Loss | null,
  count: number,
): Loss | null {
  if (noticed) return noticed;
  const isShort = batchSize === null ? count === 0 : count < batchSize;
  if (!isGone && !isShort) return null;
  return { shardId, start: { at: 'AT_SEQUENCE_NUMBER', sequenceNumber: from }, before: null, to, records: null };
}
