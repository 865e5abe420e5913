import { toRow } from '../../src/changelog/row.ts';
import { readEvent } from '../../src/delivery/event.ts';
import { isKind, TailraceError } from '../../src/errors.ts';
import { parseStreamArn } from '../../src/order/stream-arn.ts';
import { identity } from '../../src/privacy/transform.ts';
import { decode, earliestTime } from '../../src/record/decode.ts';
import type { RecordSource } from '../../src/stream/record-source.ts';
import { isObject } from '../../src/value/is-object.ts';

/** What records turned out to be, before anything is done with them. */
export type Survey = {
  readonly records: number;
  /** How many of them can never be written, and will be set aside. */
  readonly unusable: number;
  /** The table that they are of, by their own word; `undefined` if there are no records. */
  readonly source: { readonly name: string; readonly arn: string; readonly tableId: null } | undefined;
};

/**
 * Looks at every record before the first of them is written.
 *
 * @throws {TailraceError} `event-invalid` if they aren't a DynamoDB stream's or none of them names its stream,
 *   `record-foreign` if one is of another table, account or region than the rest, `stream-view-type` if they have no images.
 */
export async function surveyRecords(records: RecordSource, table: string, signal: AbortSignal): Promise<Survey> {
  const tableArns = new Set<string>();
  let recordCount = 0;
  let unusable = 0;
  for await (const page of records.pages(signal)) {
    const changedAt = page.firstArrivalAt ?? earliestTime(page.records);
    for (const record of readEvent({ Records: page.records })) {
      recordCount++;
      const arn = parseStreamArn(isObject(record) ? record['eventSourceARN'] : undefined);
      if (arn && arn.tableName !== table) throw foreign(`Record ${recordCount} is of table ${arn.tableName}`, table);
      if (arn) tableArns.add(arn.tableArn);
      if (!isUsable(record, changedAt)) unusable++;
    }
  }
  const [arn, other] = tableArns;
  if (other !== undefined) throw foreign(`The records are of ${arn} and of ${other}`, table);
  if (recordCount > 0 && arn === undefined) {
    throw new TailraceError(
      'event-invalid',
      "No record has the ARN of a DynamoDB table's stream as its eventSourceARN",
    );
  }
  return {
    records: recordCount,
    unusable,
    source: arn === undefined ? undefined : { name: table, arn, tableId: null },
  };
}

function isUsable(record: unknown, changedAt: number | null): boolean {
  try {
    // Encoding finds what decoding doesn't look at: the values.
    toRow(decode(record, { changedAt }), { transform: identity, origin: 'replay', ingestedAt: 0 });
    return true;
  } catch (error) {
    if (isKind(error, 'record-invalid')) return false;
    throw error;
  }
}

function foreign(what: string, table: string): TailraceError {
  return new TailraceError('record-foreign', `${what}, not all of ${table}: nothing was written`, {
    context: { table },
    remedy: "Replay each table's records into that table alone.",
  });
}
