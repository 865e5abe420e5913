import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TailraceError } from '../../src/errors.ts';
import type { IteratorStart } from '../../src/stream/stream-client.ts';
import { isObject } from '../../src/value/is-object.ts';
import type { ScriptedStreams } from './scripted-streams.ts';
import { TABLE_ARN } from './stream-record.ts';

/** A server of DynamoDB's API, for real clients, of one table and its scripted stream. */
export interface StreamServer extends AsyncDisposable {
  readonly endpointUrl: string;
}

/** Shards to a page of a description. */
const PAGE_SHARDS = 2;

/** Starts a server on a free port. What a scripted call rejects with becomes DynamoDB's own error of that meaning. */
export async function startStreamServer(streams: ScriptedStreams): Promise<StreamServer> {
  const server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).replace(/^.*\./, '');
    const input: unknown = JSON.parse(await textOf(request));
    const answer = await answerOf(streams, operation, isObject(input) ? input : {}).catch(errorOf);
    response.writeHead('__type' in answer ? 400 : 200, { 'Content-Type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpointUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answerOf(streams: ScriptedStreams, operation: string, input: Record<string, unknown>): Promise<object> {
  switch (operation) {
    case 'DescribeTable':
      return { Table: tableOf(streams) };
    case 'DescribeStream':
      return { StreamDescription: await pageOf(streams, input['ExclusiveStartShardId']) };
    case 'GetShardIterator': {
      const { ShardId, ShardIteratorType: at, SequenceNumber: sequenceNumber } = input;
      const start = { at, ...(sequenceNumber !== undefined && { sequenceNumber }) } as IteratorStart;
      return { ShardIterator: await streams.iterator(streams.arn, String(ShardId), start) };
    }
    case 'GetRecords': {
      const { records, nextIterator } = await streams.records(String(input['ShardIterator']));
      return { Records: records.map(onWire), ...(nextIterator !== null && { NextShardIterator: nextIterator }) };
    }
    default:
      throw new Error(`${operation} was not expected`);
  }
}

function tableOf({ arn, status }: ScriptedStreams) {
  return {
    TableName: 'Orders',
    TableArn: TABLE_ARN,
    TableStatus: 'ACTIVE',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    // A stream that has been switched off is the table's for as long as a test wants to read it.
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

function errorOf(error: unknown): object {
  const type = error instanceof TailraceError ? ERRORS[error.kind] : undefined;
  // Anything else is the test's own mistake, and must not look like an answer that passes.
  return { __type: `com.amazonaws.dynamodb.v20120810#${type ?? 'ValidationException'}`, message: String(error) };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
