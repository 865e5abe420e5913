import type { KnownTable } from '../../src/destination/known-table.ts';
import { refuseOtherSource } from '../../src/destination/source-conflict.ts';
import { TailraceError } from '../../src/errors.ts';
import { interruptible } from '../../src/interruptible.ts';
import { type StreamArn, streamArn } from '../../src/order/stream-arn.ts';
import { identifyTable } from '../../src/replay/identify-table.ts';
import type { SourceTable } from '../../src/source/source-table.ts';
import type { ReplayLocation } from './location.ts';
import type { ReplayReport } from './replay-report.ts';

/** The table and the stream that were given on the command line. */
type Asked = {
  readonly table: string;
  /** The stream of records that don't name it. */
  readonly stream: StreamArn | null;
};

/**
 * Parses `--stream-arn`.
 *
 * @throws {TailraceError} `record-foreign` if it is another table's.
 */
export function givenStream(table: string, text: string | undefined): StreamArn | null {
  if (text === undefined) return null;
  const stream = streamArn(text);
  if (stream.tableName === table) return stream;
  throw new TailraceError('record-foreign', `Stream ${text} is of ${stream.tableArn}, not of table ${table}`, {
    context: { table },
    remedy: `Name a stream of ${table} with --stream-arn, or run \`tailrace replay ${stream.tableName}\`.`,
  });
}

/** The ARNs of tables of that name in the files' records, without AWS; none if they hold no such records. */
export function tablesIn(
  location: ReplayLocation,
  { table, stream }: Asked,
  report: Pick<ReplayReport, 'checked'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { isLenient } = location;
  const found = identifyTable(location, { table, stream, isLenient, onRecords: report.checked, signal });
  return interruptible('The reading', signal, found);
}

/**
 * The table that files are replayed into. In a directory, files of other tables are left by name, as in a bucket: there the
 * table that the destination knows counts, or that of `--stream-arn`.
 *
 * @param arns The tables' ARNs in the files, at least one.
 * @throws {TailraceError} `destination-conflict` if the destination has another table under the name; `record-foreign`
 *   if the files are of several tables and neither of these decides.
 */
export function tableOfFiles(
  arns: readonly string[],
  { table, stream }: Asked,
  known: KnownTable | null,
  isLenient: boolean,
): SourceTable {
  if (known && isLenient) return known.source;
  const [arn = '', other] = stream ? [stream.tableArn] : arns;
  if (other !== undefined) {
    throw new TailraceError('record-foreign', `The records are of ${arn} and of ${other}: nothing was written`, {
      context: { table },
      remedy: 'Name a stream of the table you mean with --stream-arn: the records of the other are then left.',
    });
  }
  const found = { name: table, arn, tableId: null };
  if (known) refuseOtherSource(found, known.source);
  return found;
}
