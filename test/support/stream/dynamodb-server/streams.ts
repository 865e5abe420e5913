import { createHash } from 'node:crypto';
import type { Clock } from '../../../../src/clock.ts';
import type { ModelDynamoDb } from '../../../model/dynamodb.ts';
import { wireRecord } from '../../../model/record.ts';
import type { ModelShard, ModelStream } from '../../../model/stream.ts';
import type { ReadOffset } from '../../../model/stream-reads.ts';
import type { TableChange } from '../../../model/table-change.ts';
import type { Operation } from '../../http/json-protocol.ts';
import { numberIn, textIn } from './input.ts';

export type StreamsOptions = {
  readonly clock: Pick<Clock, 'now'>;
  /** Shards that a page of a description has. AWS: 100. */
  readonly pageShards: number;
  /** Records that a page of a shard has at most. AWS: 1,000. */
  readonly pageRecords: number;
  /** The unit to which times are rounded down, in milliseconds. AWS: a second. */
  readonly grainMs: number;
  /** Waits until a page has records, where the server waits. */
  readonly wait: (offset: ReadOffset<TableChange>) => Promise<void>;
};

/** The operations on streams. */
export function streamOperations(
  dynamodb: ModelDynamoDb,
  options: StreamsOptions,
): Readonly<Record<string, Operation>> {
  const { clock, pageShards, pageRecords, grainMs, wait } = options;
  const { reads } = dynamodb;
  const onWire = (stream: ModelStream) => {
    const { keyNames: keys } = dynamodb.tableOf(stream);
    const { region } = dynamodb;
    return (record: Parameters<typeof wireRecord>[0]) => {
      const eventId = createHash('md5').update(`${stream.arn} ${record.change.shardId} ${record.number}`).digest('hex');
      return wireRecord(record, { keys, viewType: stream.viewType, region, grainMs, eventId });
    };
  };
  return {
    ListStreams(input) {
      const name = textIn(input, 'TableName');
      const tables = dynamodb.everyTable.filter((table) => name === '' || table.name === name);
      const now = clock.now();
      return {
        Streams: tables.flatMap((table) =>
          table.streams
            .filter((stream) => !stream.isGone(now))
            .map(({ arn, label }) => ({ StreamArn: arn, StreamLabel: label, TableName: table.name })),
        ),
      };
    },
    DescribeStream(input) {
      const stream = reads.find(textIn(input, 'StreamArn'));
      const shards = reads.listed(stream);
      const after = textIn(input, 'ExclusiveStartShardId');
      const from = after === '' ? 0 : shards.findIndex(({ id }) => id === after) + 1;
      const page = shards.slice(from, from + Math.min(pageShards, numberIn(input, 'Limit') ?? pageShards));
      return {
        StreamDescription: {
          StreamArn: stream.arn,
          StreamLabel: stream.label,
          StreamStatus: stream.statusAt(clock.now()),
          StreamViewType: stream.viewType,
          CreationRequestDateTime: stream.createdAt / 1000,
          TableName: dynamodb.tableOf(stream).name,
          Shards: page.map((shard) => describeShard(stream, shard)),
          ...(from + page.length < shards.length && { LastEvaluatedShardId: page.at(-1)?.id }),
        },
      };
    },
    GetShardIterator(input) {
      const sequenceNumber = textIn(input, 'SequenceNumber');
      const start = { at: textIn(input, 'ShardIteratorType'), ...(sequenceNumber !== '' && { sequenceNumber }) };
      return { ShardIterator: reads.iterator(textIn(input, 'StreamArn'), textIn(input, 'ShardId'), start) };
    },
    async GetRecords(input) {
      const offset = reads.offset(textIn(input, 'ShardIterator'));
      await wait(offset);
      const limit = Math.min(pageRecords, numberIn(input, 'Limit') ?? pageRecords);
      const { records, nextIterator } = reads.page(offset, limit);
      return {
        Records: records.map(onWire(offset.stream)),
        ...(nextIterator !== null && { NextShardIterator: nextIterator }),
      };
    },
  };
}

function describeShard(
  stream: ModelStream,
  { id, parentId, firstNumber, lastNumber, closedAt }: ModelShard<TableChange>,
) {
  return {
    ShardId: id,
    ...(parentId !== null && { ParentShardId: parentId }),
    SequenceNumberRange: {
      StartingSequenceNumber: stream.numberText(firstNumber),
      ...(closedAt !== null && { EndingSequenceNumber: stream.numberText(lastNumber) }),
    },
  };
}
