import type { LimitFunction } from 'p-limit';
import type { Clock } from '../clock.ts';
import type { ShardEnd, ShardWorker, Turn } from './shard-worker.ts';

/** How far apart a shard is asked for that seems gone. */
const GONE_AGAIN_MS = 1_000;

export type TurnsOptions = {
  /** The line in which the shards wait for their turns. */
  readonly limit: LimitFunction;
  readonly clock: Clock;
  /** Told what each turn came to. */
  readonly onTurn: (turn: Turn) => void;
  /** Whether the stream itself is still there: gone is only what such a stream says is gone. */
  readonly isStreamThere: () => Promise<boolean>;
};

/**
 * Takes turn after turn, in line with other shards, until the shard's end. A shard that reads ahead stays in hand until
 * it holds no page.
 *
 * @returns how it ended; `null` if the signal came before.
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
