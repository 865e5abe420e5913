import type { LimitFunction } from 'p-limit';
import type { Clock } from '../clock.ts';
import type { ShardEnd, ShardWorker, Turn } from './shard-worker.ts';

/** The wait before a shard that seems gone is asked for again. */
const GONE_AGAIN_MS = 1_000;

export type TurnsOptions = {
  /** The queue in which shards wait for their turns. */
  readonly limit: LimitFunction;
  readonly clock: Clock;
  /** Called with the outcome of each turn. */
  readonly onTurn: (turn: Turn) => void;
  /** Whether the stream itself is still there: only then is a missing shard gone. */
  readonly isStreamThere: () => Promise<boolean>;
};

/**
 * Takes turn after turn, in the queue with other shards, until the shard's end. A shard with a prefetched page takes its next
 * turn at once.
 *
 * @returns how it ended; `null` if the signal came first.
 */
export async function takeTurns(
  worker: ShardWorker,
  { limit, clock, onTurn, isStreamThere }: TurnsOptions,
  signal: AbortSignal,
): Promise<ShardEnd | null> {
  while (!signal.aborted) {
    const turn = await limit(async () => {
      for (;;) {
        if (signal.aborted) return null;
        const turn = await worker.turn(signal);
        onTurn(turn);
        if (!worker.hasPrefetched) return turn;
      }
    });
    if (!turn) return null;
    const { end, waitMs } = turn;
    const isMissing = end === 'missing' || (end === 'gone' && !(await isStreamThere()));
    if (end === 'gone' && !isMissing) worker.giveUp();
    if (end !== null && !isMissing) return end;
    await clock.sleep(isMissing ? GONE_AGAIN_MS : waitMs, signal);
  }
  return null;
}
