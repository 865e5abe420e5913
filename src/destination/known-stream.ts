import { TailraceError } from '../errors.ts';
import type { StreamArn } from '../order/stream-arn.ts';
import type { KnownTable } from './known-table.ts';

/**
 * A table's creation time may be cut to the second, as dynoxide's is, and its first stream be dated a moment before. An
 * earlier table may have ended within that second, so a stream that began in it can be either's.
 */
const DOUBT_MS = 1_000;

/**
 * Refuses a stream that can't be shown to belong to the table in a destination. Its ARN alone doesn't show it: an earlier
 * table of the same name had streams under the same ARN, except for the label.
 *
 * A label is the time at which its stream was created. So a stream is the table's if a command saw the table with it, or
 * if it began between the table's creation and the newest stream that a command saw it with. One that began earlier is an
 * earlier table's. A stream that began later, or as the table was created, or whose label is no time, stays unknown until
 * a command sees the table with it.
 *
 * Where no command has seen the table yet, only the table's ARN can be compared.
 *
 * @param where Where the stream is named, such as a file, for messages.
 * @throws {TailraceError} `record-foreign`
 */
export function refuseOtherStream(stream: StreamArn, { source, seen }: KnownTable, where?: string): void {
  const { tableArn, label, text } = stream;
  const context = { table: source.name };
  const what = where === undefined ? `Stream ${text}` : `${where}: stream ${text}`;
  if (tableArn !== source.arn) {
    throw new TailraceError('record-foreign', `${what} is of ${tableArn}, not of ${source.arn}`, { context });
  }
  if (seen === null || seen.streams.includes(label)) return;
  const beganAt = timeOf(label);
  const { createdAt } = seen;
  if (beganAt !== null && createdAt !== null) {
    if (beganAt < createdAt - DOUBT_MS) {
      throw new TailraceError('record-foreign', `${what} is of an earlier table of this name`, {
        context,
        remedy: `Its records belong in a dataset or file of their own: give another --destination.`,
      });
    }
    const isLater = beganAt >= createdAt + DOUBT_MS;
    if (isLater && seen.streams.some((known) => beganAt <= (timeOf(known) ?? 0))) return;
  }
  throw new TailraceError('record-foreign', `${what} isn't known to belong to the table in the destination`, {
    context,
    remedy:
      'Run `tailrace setup TABLE`, which checks whether it is the stream of the same table, then run this again. ' +
      'If that refuses or changes nothing, the records are of an earlier table or stream: give another --destination.',
  });
}

/**
 * When a stream was created, by its label, in milliseconds since the epoch: ISO 8601 in UTC on AWS, seconds on some
 * servers. `null` if the label is neither.
 *
 * Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Stream.html>
 */
function timeOf(label: string): number | null {
  const time = /^\d{10}(\.\d+)?$/.test(label)
    ? Number(label) * 1_000
    : Date.parse(/^\d{4}-\d\d-\d\dT[\d:.]+$/.test(label) ? `${label}Z` : 'none');
  return Number.isNaN(time) ? null : time;
}
