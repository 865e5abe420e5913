import { TailraceError } from '../errors.ts';
import { parseStreamArn } from '../order/stream-arn.ts';
import { isObject } from '../value/is-object.ts';
import { checkItem } from './check-item.ts';
import type { Leftovers } from './leftover.ts';
import { recogniseText } from './recognise.ts';
import type { ReplayItem } from './replay-item.ts';
import { unrecognised } from './unrecognised.ts';

export type SurveyOptions = {
  /** Name of the table that they must be of. */
  readonly table: string;
  /** The stream of records that don't name it; `null` if none is given. */
  readonly streamArn: string | null;
  /** Whether what isn't recognised is passed over, to be named when it is delivered; otherwise it is refused. */
  readonly isLenient: boolean;
  readonly signal: AbortSignal;
};

/**
 * Finds out which table things that failures left behind are of, by their own word, before any of them is delivered.
 *
 * @returns the table's ARN; `undefined` if there are no records.
 * @throws {TailraceError} `record-foreign` if a record is of another table, or of two accounts or regions;
 *   `event-invalid` if no record names its stream; unless
 *   lenient, whatever `checkItem` refuses, and what isn't recognised.
 */
export async function surveyTable(
  leftovers: Leftovers,
  { table, streamArn, isLenient, signal }: SurveyOptions,
): Promise<string | undefined> {
  const tableArns = new Set<string>();
  let count = 0;
  for await (const leftover of leftovers.all(signal)) {
    const found = recogniseText(await leftover.text());
    if ('problem' in found) {
      if (isLenient) continue;
      throw unrecognised(leftover.name, found.problem);
    }
    for (const arn of found.items.flatMap(streamsOf)) {
      count++;
      const stream = parseStreamArn(arn === undefined ? (streamArn ?? undefined) : arn);
      if (stream && stream.tableName !== table) {
        throw foreign(`${leftover.name} has a record of table ${stream.tableName}`, table);
      }
      if (stream) tableArns.add(stream.tableArn);
    }
  }
  const [arn, other] = tableArns;
  if (other !== undefined) throw foreign(`The records are of ${arn} and of ${other}`, table);
  if (count > 0 && arn === undefined) {
    const problem = `${leftovers.name}: no record has the ARN of a DynamoDB stream as its eventSourceARN`;
    throw new TailraceError('event-invalid', `${problem}; output of get-records has none`, {
      context: { name: leftovers.name },
      remedy: 'Name the stream with --stream-arn.',
    });
  }
  if (arn !== undefined && !isLenient) await checkAll(leftovers, table, arn, streamArn, signal);
  return arn;
}

/** What is all that there is is refused as a whole: nothing else would go on. */
async function checkAll(
  leftovers: Leftovers,
  name: string,
  tableArn: string,
  streamArn: string | null,
  signal: AbortSignal,
): Promise<void> {
  const known = { source: { name, arn: tableArn, tableId: null }, seen: null };
  for await (const leftover of leftovers.all(signal)) {
    const found = recogniseText(await leftover.text());
    for (const item of 'problem' in found ? [] : found.items) checkItem(item, known, streamArn, leftover.name);
  }
}

function streamsOf(item: ReplayItem): readonly unknown[] {
  if (item.of === 'range') return [item.streamArn];
  return item.records.map((record) => (isObject(record) ? record['eventSourceARN'] : null));
}

function foreign(what: string, table: string): TailraceError {
  return new TailraceError('record-foreign', `${what}, not all are of ${table}: nothing was written`, {
    context: { table },
    remedy: "Replay each table's records into that table alone.",
  });
}
