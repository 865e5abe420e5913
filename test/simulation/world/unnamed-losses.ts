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
  /** The shards that it knew, now or earlier: of others it can't say how many came and went. */
  readonly known: ReadonlySet<string>;
  /** The losses that it named. */
  readonly lost: readonly Loss[];
};

/**
 * The changes that were promised to a reader and that it passed, that are neither durable nor set aside, and that it
 * didn't name as lost. There may be none.
 */
export function unnamedLosses({ stream, firstAt, isPassed, known, lost }: Account): readonly Change[] {
  return stream.shards.flatMap((shard) =>
    shard.records
      .filter((record) => {
        const { change, number } = record;
        if (change.visibleAt !== null || change.isStoredLate || change.isDeadLettered) return false;
        if (change.at <= firstAt + BEGUN_WITHIN_MS - KEPT_MS || !isPassed(record, shard)) return false;
        return !isNamed(number, shard, stream, known, lost);
      })
      .map(({ change }) => change),
  );
}

/**
 * Whether a loss covers a record. It is of its shard, or of all that followed an ancestor whose child came and went; or of a
 * shard that came and went unseen, as this one had before it.
 */
function isNamed(
  number: string,
  shard: ModelShard,
  { shards }: ModelStream,
  known: ReadonlySet<string>,
  lost: readonly Loss[],
): boolean {
  if (lost.some((loss) => loss.shardId === shard.id && isWithin(number, loss))) return true;
  const isWhole = (id: string) => lost.some(({ shardId, before }) => shardId === id && before === null);
  if (ancestorsOf(shard, shards).some(({ id }) => isWhole(id))) return true;
  if (known.has(shard.id)) return false;
  return shards.some(
    (other) =>
      !known.has(other.id) && isWhole(other.id) && ancestorsOf(other, shards).some(({ id }) => id === shard.id),
  );
}

function ancestorsOf(shard: ModelShard, shards: readonly ModelShard[]): readonly ModelShard[] {
  const parent = shards.find(({ id }) => id === shard.parentId);
  return parent ? [parent, ...ancestorsOf(parent, shards)] : [];
}

function isWithin(number: string, { start, before }: Loss): boolean {
  if (before !== null && compareSequenceNumbers(number, before) >= 0) return false;
  if (start.at === 'TRIM_HORIZON') return true;
  return compareSequenceNumbers(number, start.sequenceNumber) >= (start.at === 'AT_SEQUENCE_NUMBER' ? 0 : 1);
}
