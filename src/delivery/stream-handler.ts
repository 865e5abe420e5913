import type { Origin, RowContext } from '../changelog/row.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { AppendOptions, ChangelogAppender } from '../destination/destination.ts';
import { isKind, TailraceError } from '../errors.ts';
import { type Log, silentLog } from '../log.ts';
import { identity, type Transform } from '../privacy/transform.ts';
import { decode, earliestTime, type RecordDefaults, sequenceNumberOf } from '../record/decode.ts';
import type { SourceTable } from '../source/source-table.ts';
import type { DeadLetters } from './dead-letter.ts';
import { type BatchResponse, readEvent } from './event.ts';
import { type Decoded, rowSlices } from './row-slices.ts';
import { type Refused, setAside } from './set-aside.ts';

/** What a handler needs to know and to reach. */
export type StreamHandlerOptions = {
  /** The table whose records these are; another's are refused. */
  readonly source: SourceTable;
  readonly destination: ChangelogAppender;
  readonly deadLetters: DeadLetters;
  /** @default no rules */
  readonly transform?: Transform;
  /** @default 'stream' */
  readonly origin?: Origin;
  readonly clock?: Clock;
  readonly log?: Log;
};

/** What the caller knows besides the event. Lambda's own context fits. */
export type DeliveryContext = {
  /** Milliseconds until the caller gives up; without it there is no limit. */
  readonly getRemainingTimeInMillis?: () => number;
  /** Not part of Lambda's event. */
  readonly shardId?: string | null;
  /** When the first record arrived, in milliseconds since the epoch: the time of records that have none. */
  readonly firstArrivalAt?: number | null;
};

export type StreamHandler = (event: unknown, context?: DeliveryContext) => Promise<BatchResponse>;

/** Reserved behind the destination's retries, so that the records that it refused can still be set aside. */
const SET_ASIDE_MARGIN_MS = 2_000;

/** Reserved behind everything, so that the answer is out before Lambda cuts the function off. */
const ANSWER_MARGIN_MS = 300;

/**
 * Creates the handler of one table's stream: decode all, append, answer.
 *
 * When it resolves, every record of the event is durable in the changelog, or stored as a dead letter with its reason, or
 * its sequence number is reported; there is no fourth fate. When it rejects, the caller delivers the whole event again;
 * rows that were written by then are written twice, which the views are built for.
 *
 * @returns a function that rejects with a {@link TailraceError}: `event-invalid`, `record-foreign` or
 *   `stream-view-type` before anything is written, `destination-…` when the rows could not be written.
 */
export function createStreamHandler(options: StreamHandlerOptions): StreamHandler {
  const { source, deadLetters } = options;
  const { transform = identity, origin = 'stream', clock = systemClock, log = silentLog } = options;

  return async (event, context = {}) => {
    const records = readEvent(event);
    const end = clock.now() + (context.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY);
    const changedAt = context.firstArrivalAt ?? earliestTime(records);
    const shardId = context.shardId ?? null;

    const decoded = decodeAll(records, source, { changedAt });
    const rowContext = { transform, origin };
    const appended = await appendAll(decoded.changes, rowContext, options, deadlineBefore(end));
    const refused = decoded.refused.concat(appended.refused);

    const until = end - ANSWER_MARGIN_MS;
    const letterContext = { table: source.name, shardId, changedAt, rules: transform.rules, clock, until };
    const unstored = await setAside(deadLetters, refused, letterContext, log);
    log.info('batch delivered', {
      table: source.name,
      shard_id: shardId,
      records: records.length,
      rows: appended.rows,
      set_aside: refused.length - unstored.length,
      reported: unstored.length,
    });
    return { batchItemFailures: unstored.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

/** Decodes every record before the first is written, so that an event that is wrong as a whole is found in time. */
function decodeAll(
  records: readonly unknown[],
  source: SourceTable,
  defaults: RecordDefaults,
): { readonly changes: readonly Decoded[]; readonly refused: readonly Refused[] } {
  const changes: Decoded[] = [];
  const refused: Refused[] = [];
  for (const record of records) {
    try {
      const change = decode(record, defaults);
      if (change.stream.tableArn !== source.arn) throw foreign(source, change.stream.tableArn, change.sequenceNumber);
      changes.push({ record, change });
    } catch (error) {
      if (!isKind(error, 'record-invalid')) throw error;
      refused.push({ record, error });
    }
  }
  return { changes, refused };
}

/** Appends changes as rows, and gives how many rows are durable and which records were refused. */
async function appendAll(
  changes: readonly Decoded[],
  context: RowContext,
  { source, destination }: StreamHandlerOptions,
  deadline: AppendOptions,
): Promise<{ readonly rows: number; readonly refused: readonly Refused[] }> {
  let durable = 0;
  const refused: (readonly Refused[])[] = [];
  for (const { rows, records, refused: unencodable } of rowSlices(changes, context)) {
    refused.push(unencodable);
    if (rows.length === 0) continue;
    const rejections = await destination.append(source, rows, deadline);
    refused.push(
      rejections.map(({ index, kind, reason }) => {
        const record = records[index];
        return {
          record,
          error: new TailraceError(kind, reason, { context: { sequence_number: sequenceNumberOf(record) } }),
        };
      }),
    );
    durable += rows.length - rejections.length;
  }
  return { rows: durable, refused: refused.flat() };
}

function deadlineBefore(end: number): AppendOptions {
  return Number.isFinite(end) ? { deadline: end - SET_ASIDE_MARGIN_MS } : {};
}

function foreign(source: SourceTable, tableArn: string, sequenceNumber: string): TailraceError {
  return new TailraceError('record-foreign', `Record is of ${tableArn}, not of ${source.arn}`, {
    context: { table: source.name, sequence_number: sequenceNumber },
  });
}
