import { systemClock } from '../../../src/clock.ts';
import { TailraceError } from '../../../src/errors.ts';
import type { IteratorStart } from '../../../src/stream/stream-client.ts';
import { type ProtocolError, type ProtocolServer, startProtocolServer } from '../http/json-protocol.ts';
import { TABLE_ARN } from './record.ts';
import type { ScriptedStreams } from './scripted-streams.ts';

// A server of DynamoDB's API, for real clients, of one table and its scripted stream.

/** Shards to a page of a description. */
const PAGE_SHARDS = 2;

/** Starts a server on a free port. An error of a scripted call becomes DynamoDB's own error of the same meaning. */
export function startStreamServer(streams: ScriptedStreams): Promise<ProtocolServer> {
  return startProtocolServer({
    clock: systemClock,
    errorOf,
    operations: {
      DescribeTable: () => ({ Table: tableOf(streams) }),
      DescribeStream: async (input) => ({ StreamDescription: await pageOf(streams, input['ExclusiveStartShardId']) }),
      async GetShardIterator({ ShardId, ShardIteratorType: at, SequenceNumber: sequenceNumber }) {
        const start = { at, ...(sequenceNumber !== undefined && { sequenceNumber }) } as IteratorStart;
        return { ShardIterator: await streams.iterator(streams.arn, String(ShardId), start) };
      },
      async GetRecords(input) {
        const { records, nextIterator } = await streams.records(String(input['ShardIterator']));
        return { Records: records.map(onWire), ...(nextIterator !== null && { NextShardIterator: nextIterator }) };
      },
    },
  });
}

function tableOf({ arn, status }: ScriptedStreams) {
  return {
    TableName: 'Orders',
    TableArn: TABLE_ARN,
    TableStatus: 'ACTIVE',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    // A stream that is off still counts as the table's, so that tests can read it.
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    LatestStreamArn: arn,
    LatestStreamLabel: status,
  };
}

async function pageOf(streams: ScriptedStreams, after: unknown) {
  const { arn, label, status, viewType, createdAt, shards } = await streams.describe(streams.arn);
  const from = after === undefined ? 0 : shards.findIndex(({ id }) => id === after) + 1;
  const page = shards.slice(from, from + PAGE_SHARDS);
  return {
    StreamArn: arn,
    StreamLabel: label,
    StreamStatus: status,
    StreamViewType: viewType,
    CreationRequestDateTime: createdAt / 1_000,
    Shards: page.map(({ id, parentId, startingSequenceNumber, endingSequenceNumber }) => ({
      ShardId: id,
      ...(parentId !== null && { ParentShardId: parentId }),
      SequenceNumberRange: {
        ...(startingSequenceNumber !== null && { StartingSequenceNumber: startingSequenceNumber }),
        ...(endingSequenceNumber !== null && { EndingSequenceNumber: endingSequenceNumber }),
      },
    })),
    ...(from + PAGE_SHARDS < shards.length && { LastEvaluatedShardId: page.at(-1)?.id }),
  };
}

/** Times are seconds on the wire. */
function onWire(record: unknown): unknown {
  return JSON.parse(JSON.stringify(record), (name, value) =>
    name === 'ApproximateCreationDateTime' && typeof value === 'string' ? Date.parse(value) / 1_000 : value,
  );
}

const ERRORS: Readonly<Record<string, string>> = {
  'stream-trimmed': 'TrimmedDataAccessException',
  'iterator-expired': 'ExpiredIteratorException',
  'stream-missing': 'ResourceNotFoundException',
  'source-throttled': 'ProvisionedThroughputExceededException',
};

function errorOf(error: unknown): ProtocolError | undefined {
  const type = error instanceof TailraceError ? ERRORS[error.kind] : undefined;
  return type === undefined ? undefined : { type, message: String(error) };
}
