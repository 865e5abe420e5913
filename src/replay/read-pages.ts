import { TailraceError } from '../errors.ts';
import type { RecordPage } from '../stream/record-source.ts';
import { Channel } from './channel.ts';

/** Takes a page of a shard; resolves when it is acknowledged. */
export type TakePage = (shardId: string, records: readonly unknown[]) => Promise<void>;

/**
 * Turns a reading that pushes pages into pages that the caller pulls and acknowledges. Pages of several shards may be open
 * at once.
 *
 * Throws what the reading rejects with, and `interrupted` if `signal` aborts while a page is open. When it ends, so has the
 * reading.
 *
 * @param read Reads until its signal aborts. It passes each page to `take`; the progress that it saves is durable when it
 *   resolves.
 */
export async function* readPages(
  read: (take: TakePage, signal: AbortSignal) => Promise<unknown>,
  signal: AbortSignal,
): AsyncGenerator<RecordPage> {
  const stopping = new AbortController();
  const either = AbortSignal.any([signal, stopping.signal]);
  const channel = new Channel<RecordPage>();
  const take = (shardId: string, records: readonly unknown[]) =>
    new Promise<void>((resolve, reject) => {
      const stop = () => reject(interrupted());
      if (either.aborted) return stop();
      either.addEventListener('abort', stop, { once: true });
      const acknowledge = async () => {
        either.removeEventListener('abort', stop);
        resolve();
      };
      channel.put({ records, shardId, firstArrivalAt: null, rules: null, acknowledge });
    });
  const reading = read(take, either).then(
    () => channel.end(),
    (error: unknown) => channel.end({ error }),
  );
  try {
    yield* channel.values();
  } finally {
    stopping.abort();
    await reading;
  }
}

function interrupted(): TailraceError {
  return new TailraceError('interrupted', 'The reading of the stream was stopped before its end');
}
