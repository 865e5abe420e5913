import type { Clock } from '../src/clock.ts';
import { OTHER_TABLE_REMEDY } from '../src/destination/source-conflict.ts';
import { isKind, TailraceError } from '../src/errors.ts';
import type { TableDescription, TableReader } from '../src/source/table-reader.ts';
import { requireStream, type UsableStream } from '../src/source/usable-stream.ts';
import type { StreamClient, StreamDescription } from '../src/stream/stream-client.ts';

/** A stream this old surely records every change, so there is nothing to wait for. */
const MATURE_AGE_MS = 10 * 60 * 1000;

const POLL_MS = 1000;
const ENABLING_TIMEOUT_MS = 10 * 60 * 1000;

export type StreamWait = {
  readonly reader: Pick<TableReader, 'serverTime'>;
  readonly streams: Pick<StreamClient, 'describe'>;
  readonly clock: Clock;
  /** How long a young stream must have been seen ENABLED. */
  readonly minStreamAgeMs: number;
  readonly signal: AbortSignal;
  /** Reports how long the wait is, if there is one. */
  readonly onWait: (ms: number) => void;
};

/**
 * Waits until the stream surely records every change. Changes that it misses while it is being switched on must be
 * made before the scan begins.
 *
 * @throws {TailraceError} `stream-missing` if it is off, `interrupted` if `signal` aborts.
 */
export async function awaitStream(table: string, stream: UsableStream, wait: StreamWait): Promise<void> {
  const { reader, streams, clock, minStreamAgeMs, signal, onWait } = wait;
  const description = await whenEnabled(table, stream, wait);
  if (minStreamAgeMs <= 0) return;
  if ((await reader.serverTime(table)) - description.createdAt > MATURE_AGE_MS) return;
  onWait(minStreamAgeMs);
  await clock.sleep(minStreamAgeMs, signal);
  throwIfInterrupted(table, signal);
  await assertEnabled(table, stream.arn, streams, signal);
}

async function whenEnabled(
  table: string,
  stream: UsableStream,
  { streams, clock, signal }: StreamWait,
): Promise<StreamDescription> {
  const giveUpAt = clock.now() + ENABLING_TIMEOUT_MS;
  for (;;) {
    const description = await streams.describe(stream.arn, signal);
    if (description.status === 'ENABLED') return description;
    if (description.status !== 'ENABLING' || clock.now() > giveUpAt) {
      throw new TailraceError('stream-missing', `The stream of ${table} is ${description.status}`, {
        context: { table, stream_arn: stream.arn },
      });
    }
    await clock.sleep(POLL_MS, signal);
    throwIfInterrupted(table, signal);
  }
}

/**
 * Makes sure that the table and its stream are still those of `before`, so that no change since then is lost.
 *
 * @throws {TailraceError} `stream-changed` if either was deleted, switched off or replaced.
 */
export async function assertSameStream(
  before: TableDescription,
  reader: Pick<TableReader, 'describe'>,
  streams: Pick<StreamClient, 'describe'>,
): Promise<void> {
  const { name, tableId } = before.table;
  const after = await reader.describe(name).catch((cause: unknown) => {
    if (!isKind(cause, 'source-table-missing')) throw cause;
    throw changed(name, `Table ${name} was deleted meanwhile`, { cause });
  });
  if (after.table.tableId !== tableId) {
    // The destination still has the earlier table, so the next backfill would be refused.
    throw changed(name, `Table ${name} was deleted and created again meanwhile`, { remedy: OTHER_TABLE_REMEDY });
  }
  const { arn } = requireStream(before);
  if (after.stream?.arn !== arn) throw changed(name, `The stream of ${name} was switched off meanwhile`);
  await assertEnabled(name, arn, streams);
}

async function assertEnabled(
  table: string,
  arn: string,
  streams: Pick<StreamClient, 'describe'>,
  signal?: AbortSignal,
): Promise<void> {
  const status = await streams.describe(arn, signal).then(
    (description) => description.status,
    (error: unknown) => {
      if (isKind(error, 'stream-missing')) return 'gone';
      throw error;
    },
  );
  if (status !== 'ENABLED') throw changed(table, `The stream of ${table} is ${status}`);
}

function changed(table: string, message: string, more: { cause?: unknown; remedy?: string } = {}): TailraceError {
  const context = { table };
  return new TailraceError('stream-changed', `${message}: what was read is discarded`, { context, ...more });
}

/** @throws {TailraceError} `interrupted` if `signal` has aborted. */
export function throwIfInterrupted(table: string, signal: AbortSignal): void {
  if (signal.aborted) {
    throw new TailraceError('interrupted', `Reading ${table} was interrupted`, { context: { table } });
  }
}
