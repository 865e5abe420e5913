import type { StreamHandler } from '../delivery/stream-handler.ts';
import { TailraceError } from '../errors.ts';
import type { Loss } from '../stream/loss.ts';
import type { RecordPage, RecordSource } from '../stream/record-source.ts';

/** Pages that are written at once: those of several shards don't wait for each other. */
const CONCURRENCY = 4;

export type DeliverOptions = {
  /** The handler for records that have been through these rules of a transform; `null` are raw. */
  readonly handlerFor: (rules: string | null) => StreamHandler;
  /** Stops, cleanly. */
  readonly signal: AbortSignal;
  /** Called for each page when it is durable and acknowledged. */
  readonly onPage: (page: RecordPage) => void;
};

/** What a replay reports of records that it can't deliver. Called as it happens, so that memory stays flat. */
export type ReplayEvents = {
  /** The stream has dropped these records: only a backfill brings the items right again. */
  lost(loss: Loss): void;
  /** A failed batch was left as it was, because it can't be replayed here. */
  refused(name: string, error: TailraceError): void;
};

/**
 * Delivers all of a source's pages through the stream handler. A page is acknowledged when all of its records are
 * durable or set aside, and not before.
 *
 * Resolves when the source is at its end, or `signal` aborts. Memory holds a few pages, however many there are.
 *
 * @throws {TailraceError} what the handler or the source rejects with; `dead-letter-failed` if a record could neither be
 *   written nor set aside. Before it throws, it waits for the pages that are being written and closes the source.
 */
export async function deliver(source: RecordSource, { handlerFor, signal, onPage }: DeliverOptions): Promise<void> {
  const failing = new AbortController();
  const writing = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  const fail = (error: unknown) => {
    failure ??= { error };
    failing.abort();
  };
  const take = async (page: RecordPage) => {
    const { batchItemFailures } = await handlerFor(page.rules)({ Records: page.records }, page);
    const [first] = batchItemFailures;
    if (first) throw undelivered(batchItemFailures.length, first.itemIdentifier);
    await page.acknowledge();
    onPage(page);
  };
  try {
    for await (const page of source.pages(AbortSignal.any([signal, failing.signal]))) {
      if (signal.aborted || failure) break;
      const task: Promise<void> = take(page)
        .catch(fail)
        .finally(() => writing.delete(task));
      writing.add(task);
      if (writing.size >= CONCURRENCY) await Promise.race(writing);
    }
  } catch (error) {
    fail(error);
  }
  await Promise.all(writing);
  await source.close?.().catch(fail);
  if (failure) throw failure.error;
}

function undelivered(count: number, sequenceNumber: string): TailraceError {
  return new TailraceError(
    'dead-letter-failed',
    `${count} of a page's records could neither be written nor set aside`,
    {
      context: { records: count, sequence_number: sequenceNumber },
    },
  );
}
