import { readEvent } from '../delivery/event.ts';
import { refuseOtherStream } from '../destination/known-stream.ts';
import type { KnownTable } from '../destination/known-table.ts';
import { isKind, TailraceError } from '../errors.ts';
import { parseStreamArn, type StreamArn } from '../order/stream-arn.ts';
import { decode, sequenceNumberOf } from '../record/decode.ts';
import { isObject } from '../value/is-object.ts';
import { streamOf, tableArnOf, withStreamOf } from './record-stream.ts';
import type { ReplayItem } from './replay-item.ts';

/** The table and the stream that failed batches must be of. */
export type Expected = {
  /**
   * The table; the sighting of it tells its streams from those of an earlier table of its name. While its ARN isn't known,
   * it is empty, and the name alone counts.
   */
  readonly known: KnownTable;
  /** The stream of records that don't name it; `null` if none is given. */
  readonly stream: StreamArn | null;
};

/**
 * Makes sure that an item of a failed batch is of a table, before any of it is written. Records that are broken in another
 * way pass: the stream handler sets them aside.
 *
 * @param name Names the item's origin in messages.
 * @returns the item, its records with the stream's ARN.
 * @throws {TailraceError} `event-invalid` if its records aren't a DynamoDB stream's or don't name their stream;
 *   `record-foreign` if one is of another table, account or region, or of an earlier table; `stream-view-type` if they have
 *   no images.
 */
export function checkItem(item: ReplayItem, expected: Expected, name: string): ReplayItem {
  if (item.of === 'range') {
    requireOwner(parseStreamArn(item.streamArn), `${name} is`, expected, { name });
    return item;
  }
  const records = item.records.map((record) => withStreamOf(record, expected.stream));
  readEvents(records, name);
  for (const record of records) {
    const context = { name, sequence_number: sequenceNumberOf(record) };
    requireOwner(ownerOf(record, name, expected), `${name} has a record`, expected, context);
    refuseWithoutImages(record);
  }
  return { ...item, records };
}

/** As {@link readEvent}, with the name in the message. */
function readEvents(records: readonly unknown[], name: string): void {
  try {
    readEvent({ Records: records });
  } catch (error) {
    if (!isKind(error, 'event-invalid')) throw error;
    throw new TailraceError('event-invalid', `${name} has a record that is not of a DynamoDB stream`, {
      context: { name },
      remedy: 'Take it out: only records of DynamoDB streams can be replayed.',
    });
  }
}

/** The stream of a record; `undefined` if its `eventSourceARN` is broken: the stream handler sets such a record aside. */
function ownerOf(record: unknown, name: string, expected: Expected): StreamArn | undefined {
  const stream = streamOf(record, expected.stream);
  if (stream) return stream;
  const table = tableArnOf(record);
  const arn = isObject(record) ? record['eventSourceARN'] : undefined;
  if (table === undefined && arn !== undefined) return undefined;
  throw namelessRecord(name, table, expected);
}

/**
 * The error for a record that doesn't name its stream, with the remedy.
 *
 * @param tableArn The table's ARN, if the record names that instead.
 */
export function namelessRecord(name: string, tableArn: string | undefined, { stream }: Expected): TailraceError {
  const problem =
    tableArn === undefined
      ? 'has a record without an eventSourceARN: its stream is unknown'
      : `has a record whose eventSourceARN is the ARN of table ${tableArn}, and not of one of its streams`;
  const remedy =
    stream === null
      ? 'Name the stream with --stream-arn: `aws dynamodbstreams list-streams` shows it.'
      : `--stream-arn is of ${stream.tableArn}: give it a stream of that table, or take the record out.`;
  return new TailraceError('event-invalid', `${name} ${problem}`, { context: { name }, remedy });
}

function requireOwner(
  owner: StreamArn | undefined,
  begin: string,
  { known }: Expected,
  context: { readonly name: string; readonly sequence_number?: string | null },
): void {
  if (owner === undefined) return;
  const { name, arn } = known.source;
  if (arn === '' ? owner.tableName === name : owner.tableArn === arn) {
    if (arn !== '') refuseOtherStream(owner, known, context.name);
    return;
  }
  throw new TailraceError(
    'record-foreign',
    `${begin} of ${owner.tableArn}, not of ${arn === '' ? `table ${name}` : arn}`,
    {
      context,
      remedy: `Replay it into its own table: \`tailrace replay ${owner.tableName}\` with the same options.`,
    },
  );
}

function refuseWithoutImages(record: unknown): void {
  try {
    decode(record, { changedAt: null });
  } catch (error) {
    if (!isKind(error, 'record-invalid')) throw error;
  }
}
