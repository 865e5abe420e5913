import { readEvent } from '../delivery/event.ts';
import { refuseOtherStream } from '../destination/known-stream.ts';
import type { KnownTable } from '../destination/known-table.ts';
import { isKind, TailraceError } from '../errors.ts';
import { parseStreamArn } from '../order/stream-arn.ts';
import { decode, sequenceNumberOf } from '../record/decode.ts';
import { withStreamArn } from '../stream/page-records.ts';
import { isObject } from '../value/is-object.ts';
import type { ReplayItem } from './replay-item.ts';

/**
 * Makes sure that what a failure left behind is of a table, before any of it is written. Records that are broken in
 * another way pass: who delivers them sets them aside.
 *
 * @param known The table; what was seen of it tells its streams from those of an earlier table of its name.
 * @param streamArn The stream of records that don't name it; `null` if none is given.
 * @param name Names where it is from, in messages.
 * @returns the item, its records with the stream's ARN.
 * @throws {TailraceError} `event-invalid` if they aren't a DynamoDB stream's or don't say of which; `record-foreign` if
 *   one is of another table, account or region, or of an earlier table; `stream-view-type` if they have no images.
 */
export function checkItem(item: ReplayItem, known: KnownTable, streamArn: string | null, name: string): ReplayItem {
  const tableArn = known.source.arn;
  if (item.of === 'range') {
    const stream = parseStreamArn(item.streamArn);
    if (stream?.tableArn !== tableArn) {
      const owner = stream?.tableArn;
      throw new TailraceError('record-foreign', `${name} is of ${owner}, not of ${tableArn}`, { context: { name } });
    }
    refuseOtherStream(stream, known, name);
    return item;
  }
  const records = streamArn === null ? item.records : item.records.map((record) => withStreamArn(record, streamArn));
  checkRecords(records, known, name);
  return { ...item, records };
}

function checkRecords(records: readonly unknown[], known: KnownTable, name: string): void {
  const tableArn = known.source.arn;
  for (const record of readEvent({ Records: records })) {
    const arn = isObject(record) ? record['eventSourceARN'] : undefined;
    const stream = parseStreamArn(arn);
    const owner = stream?.tableArn;
    const context = { name, sequence_number: sequenceNumberOf(record) };
    if (owner === undefined && arn === undefined) {
      throw new TailraceError(
        'event-invalid',
        `${name} has a record without an eventSourceARN: its stream is unknown`,
        {
          context,
          remedy: 'Name the stream with --stream-arn.',
        },
      );
    }
    if (owner !== undefined && owner !== tableArn) {
      throw new TailraceError('record-foreign', `${name} has a record of ${owner}, not of ${tableArn}`, { context });
    }
    if (stream) refuseOtherStream(stream, known, name);
    refuseWithoutImages(record);
  }
}

function refuseWithoutImages(record: unknown): void {
  try {
    decode(record, { changedAt: null });
  } catch (error) {
    if (!isKind(error, 'record-invalid')) throw error;
  }
}
