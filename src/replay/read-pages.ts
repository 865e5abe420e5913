import { TailraceError } from '../errors.ts';
import type { RecordPage } from '../stream/record-source.ts';
import { Channel } from './channel.ts';

/** Takes a page of a shard; resolves when it is acknowledged. */
export type TakePage = (shardId: string, records: readonly unknown[]) => Promise<void>;

/**
 * Gives what a reading has taken from it, as pages to be acknowledged. Several shards' pages may be in hand at once.
 *
 * Throws what the reading rejects with, and `interrupted` if `signal` aborts while a page is in hand. When it ends, so has
 * the reading.
 *
 * @param read Reads until its signal aborts; it has each page taken, and what it keeps of its progress is durable at its
 *   end.
 */
export async function* readPages(
  read: (take: TakePage, signal: AbortSignal) => Promise<unknown>,
  signal: AbortSignal,
): AsyncGenerator<RecordPage> {
  const stopping = new AbortController();
  const either = AbortSignal.any([signal, stopping.signal]);
  const handover = new Channel<RecordPage>();
  const take = (shardId: string, records: readonly unknown[]) =>
    new Promise<void>((resolve, reject) => {
      const stop = () => reject(interrupted());
      if (either.aborted) return stop();
      either.addEventListener('abort', stop, { once: true });
      const acknowledge = async () => {
        either.removeEventListener('abort', stop);
        resolve();
      };
      handover.put({ records, shardId, firstArrivalAt: null, rules: null, acknowledge });
    });
  const reading = read(take, either).then(
    () => handover.end(),
    (error: unknown) => handover.end({ error }),
  );
  try {
    yield* handover.things();
  } finally {
    stopping.abort();
    await reading;
  }
}

function interrupted(): TailraceError {
  return new TailraceError('interrupted', 'The reading of the stream was stopped before its end');
}
