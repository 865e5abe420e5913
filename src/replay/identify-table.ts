import { TailraceError } from '../errors.ts';
import { parseStreamArn, type StreamArn } from '../order/stream-arn.ts';
import { checkItem, type Expected } from './check-item.ts';
import type { FailedBatch, FailedBatches } from './failed-batch.ts';
import { readFailedBatch, refusal } from './read-failed-batch.ts';
import { streamOf } from './record-stream.ts';
import type { ReplayItem } from './replay-item.ts';

export type IdentifyOptions = Pick<Expected, 'stream'> & {
  /** Name of the table that the batches must be of. */
  readonly table: string;
  /** Whether a batch that can't be replayed is passed over, to be named when it is delivered; otherwise it is refused. */
  readonly isLenient: boolean;
  /** Called with the number of records read so far. */
  readonly onRecords?: (count: number) => void;
  readonly signal: AbortSignal;
};

/**
 * Identifies the table of failed batches by the ARNs in their records, before any batch is delivered.
 *
 * @returns the ARNs of tables of that name; none if there are no records, more than one if they are of several accounts
 *   or regions.
 * @throws {TailraceError} `event-invalid` if there are records and none names its stream. Unless lenient, also if a batch
 *   isn't recognised, or whatever {@link checkItem} throws: if it resolves, no batch will be refused.
 */
export async function identifyTable(batches: FailedBatches, options: IdentifyOptions): Promise<readonly string[]> {
  const tableArns = new Set<string>();
  let count = 0;
  for await (const batch of batches.all(options.signal)) {
    try {
      options.onRecords?.(count);
      const found = await identified(batch, count, options);
      count += found.count;
      if (found.tableArn !== null) tableArns.add(found.tableArn);
    } catch (error) {
      if (!options.isLenient) throw error;
      refusal(error);
    }
  }
  if (count > 0 && tableArns.size === 0) throw nameless(batches.name, options);
  return [...tableArns];
}

async function identified(
  batch: FailedBatch,
  before: number,
  { table, stream, onRecords, signal }: IdentifyOptions,
): Promise<{ readonly tableArn: string | null; readonly count: number }> {
  let tableArn: string | null = null;
  let count = 0;
  for await (const found of readFailedBatch(batch, signal)) {
    onRecords?.(before + count);
    for (const { item, name } of found) {
      for (const part of partsOf(item)) {
        checkItem(
          part,
          { known: { source: { name: table, arn: tableArn ?? '', tableId: null }, seen: null }, stream },
          name,
        );
        tableArn ??= tableOf(part, stream);
        count++;
      }
    }
  }
  return { tableArn, count };
}

/** Each record alone: the table that the first one names holds for the next. */
function partsOf(item: ReplayItem): readonly ReplayItem[] {
  return item.of === 'range' ? [item] : item.records.map((record) => ({ ...item, records: [record] }));
}

function tableOf(part: ReplayItem, stream: StreamArn | null): string | null {
  const arn = part.of === 'range' ? parseStreamArn(part.streamArn) : streamOf(part.records[0], stream);
  return arn?.tableArn ?? null;
}

function nameless(name: string, { stream, table }: IdentifyOptions): TailraceError {
  const arn = stream?.text ?? 'ARN';
  const file = name === 'standard input' ? 'FILE' : name;
  return new TailraceError(
    'event-invalid',
    `${name}: no record has the ARN of a DynamoDB stream as its eventSourceARN, but something else`,
    {
      context: { name },
      remedy: `Take it out, and name the stream: \`jq 'del(.Records[].eventSourceARN)' ${file} | tailrace replay ${table} --file - --stream-arn ${arn}\`.`,
    },
  );
}
