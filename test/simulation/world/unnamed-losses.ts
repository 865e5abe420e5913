import { compareSequenceNumbers } from '../../../src/order/position.ts';
import type { Loss } from '../../../src/stream/loss.ts';
import { KEPT_MS } from '../../model/stream.ts';
import type { Change, ModelRecord, ModelShard, ModelStream } from './change.ts';

/** A stream trims all the time: a reader is promised only what is still there this long after its first look. */
const BEGUN_WITHIN_MS = 5 * 60_000;

/** A reader's way through a stream. */
export type Account = {
  readonly stream: ModelStream;
  /** When it first looked at the stream. */
  readonly firstAt: number;
  /** Whether it has passed a record, or should have. */
  readonly isPassed: (record: ModelRecord, shard: ModelShard) => boolean;
  /** The losses that it named. */
  readonly lost: readonly Loss[];
};

/**
 * The changes that were promised to a reader and that it passed, that are neither durable nor set aside, and that it
 * didn't name as lost. There may be none.
 */
export function unnamedLosses({ stream, firstAt, isPassed, lost }: Account): readonly Change[] {
  return stream.shards.flatMap((shard) =>
    shard.records
      .filter((record) => {
        const { change, number } = record;
        if (change.visibleAt !== null || change.isStoredLate || change.isDeadLettered) return false;
        if (change.at <= firstAt + BEGUN_WITHIN_MS - KEPT_MS || !isPassed(record, shard)) return false;
        return !isNamed(number, shard, stream, lost);
      })
      .map(({ change }) => change),
  );
}

/** Whether a loss covers a record: it is of its shard, or of all that followed an ancestor whose child came and went. */
function isNamed(number: string, shard: ModelShard, { shards }: ModelStream, lost: readonly Loss[]): boolean {
  if (lost.some((loss) => loss.shardId === shard.id && isWithin(number, loss))) return true;
  for (let above = parentOf(shard, shards); above; above = parentOf(above, shards)) {
    const { id } = above;
    if (lost.some(({ shardId, before }) => shardId === id && before === null)) return true;
  }
  return false;
}

function parentOf({ parentId }: ModelShard, shards: readonly ModelShard[]): ModelShard | undefined {
  return shards.find(({ id }) => id === parentId);
}

function isWithin(number: string, { start, before }: Loss): boolean {
  if (before !== null && compareSequenceNumbers(number, before) >= 0) return false;
  if (start.at === 'TRIM_HORIZON') return true;
  return compareSequenceNumbers(number, start.sequenceNumber) >= (start.at === 'AT_SEQUENCE_NUMBER' ? 0 : 1);
}
