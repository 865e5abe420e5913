import { readEvent } from '../delivery/event.ts';
import { refuseOtherStream } from '../destination/known-stream.ts';
import type { KnownTable } from '../destination/known-table.ts';
import { isKind, TailraceError } from '../errors.ts';
import { parseStreamArn, type StreamArn } from '../order/stream-arn.ts';
import { decode, sequenceNumberOf } from '../record/decode.ts';
import { isObject } from '../value/is-object.ts';
import { streamOf, tableArnOf, withStreamOf } from './record-stream.ts';
import type { ReplayItem } from './replay-item.ts';

/** What things that failures left behind must be of. */
export type Expected = {
  /**
   * The table; what was seen of it tells its streams from those of an earlier table of its name. With an empty ARN, as
   * long as nothing says it, the name alone counts.
   */
  readonly known: KnownTable;
  /** The stream of records that don't name it; `null` if none is given. */
  readonly stream: StreamArn | null;
};

/**
 * Makes sure that what a failure left behind is of a table, before any of it is written. Records that are broken in
 * another way pass: who delivers them sets them aside.
 *
 * @param name Names where it is from, in messages.
 * @returns the item, its records with the stream's ARN.
 * @throws {TailraceError} `event-invalid` if they aren't a DynamoDB stream's or don't say of which; `record-foreign` if
 *   one is of another table, account or region, or of an earlier table; `stream-view-type` if they have no images.
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

/** As {@link readEvent}, with the name. */
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

/** The stream that a record is of; `undefined` of a record that is broken there, beside others that aren't. */
function ownerOf(record: unknown, name: string, expected: Expected): StreamArn | undefined {
  const stream = streamOf(record, expected.stream);
  if (stream) return stream;
  const table = tableArnOf(record);
  const arn = isObject(record) ? record['eventSourceARN'] : undefined;
  if (table === undefined && arn !== undefined) return undefined;
  throw namelessRecord(name, table, expected);
}

/**
 * That a record doesn't name its stream, and what can be done about it.
 *
 * @param tableArn What it names instead, if it names its table.
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
