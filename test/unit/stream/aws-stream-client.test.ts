import { DynamoDBStreamsClient, type DynamoDBStreamsClientConfig } from '@aws-sdk/client-dynamodb-streams';
import { expect, test } from 'vitest';
import { nameOf } from '../../../src/errors.ts';
import { AwsStreamClient } from '../../../src/stream/aws-stream-client.ts';
import { type ScriptedAnswer, startScriptedHttp } from '../../support/http/scripted-http.ts';
import { STREAM_ARN } from '../../support/stream/record.ts';

type Credentials = NonNullable<DynamoDBStreamsClientConfig['credentials']>;

const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

function connected(endpoint: string, credentials: Credentials = CREDENTIALS): AwsStreamClient {
  const client = new DynamoDBStreamsClient({ endpoint, region: 'us-east-1', maxAttempts: 1, credentials });
  return new AwsStreamClient(client, endpoint);
}

async function answered(...answers: readonly ScriptedAnswer[]) {
  const server = await startScriptedHttp(answers);
  return { server, streams: connected(server.endpointUrl) };
}

const description = (shards: readonly object[], more?: string) => ({
  body: {
    StreamDescription: {
      StreamArn: STREAM_ARN,
      StreamLabel: '2026-01-02T03:04:05.678',
      StreamStatus: 'ENABLED',
      StreamViewType: 'NEW_IMAGE',
      CreationRequestDateTime: 1_767_323_045.678,
      Shards: shards,
      ...(more && { LastEvaluatedShardId: more }),
    },
  },
});

test('a stream is described with all pages of its shards', async () => {
  const { server, streams } = await answered(
    description(
      [{ ShardId: 'a', SequenceNumberRange: { StartingSequenceNumber: '1', EndingSequenceNumber: '9' } }],
      'a',
    ),
    // A page may be empty and not the last.
    description([], 'a2'),
    description([{ ShardId: 'b', ParentShardId: 'a', SequenceNumberRange: { StartingSequenceNumber: '10' } }]),
  );
  await using _server = server;
  expect(await streams.describe(STREAM_ARN)).toEqual({
    arn: STREAM_ARN,
    label: '2026-01-02T03:04:05.678',
    status: 'ENABLED',
    viewType: 'NEW_IMAGE',
    createdAt: 1_767_323_045_678,
    shards: [
      { id: 'a', parentId: null, startingSequenceNumber: '1', endingSequenceNumber: '9' },
      { id: 'b', parentId: 'a', startingSequenceNumber: '10', endingSequenceNumber: null },
    ],
  });
  expect(server.requests.map(({ body }) => body)).toEqual([
    { StreamArn: STREAM_ARN },
    { StreamArn: STREAM_ARN, ExclusiveStartShardId: 'a' },
    { StreamArn: STREAM_ARN, ExclusiveStartShardId: 'a2' },
  ]);
});

test('a server that answers for the stream’s successor is not believed', async () => {
  const { StreamDescription } = description([]).body;
  const successor = { StreamDescription: { ...StreamDescription, StreamLabel: '2026-02-02T03:04:05.678' } };
  const { server, streams } = await answered({ body: successor });
  await using _server = server;
  await expect(streams.describe(STREAM_ARN)).rejects.toMatchObject({ kind: 'stream-changed' });
});

test('pages of shards that go round in a circle are refused', async () => {
  const { server, streams } = await answered(description([], 'a'), description([], 'b'), description([], 'a'));
  await using _server = server;
  await expect(streams.describe(STREAM_ARN)).rejects.toMatchObject({ kind: 'source-invalid' });
});

test.each([
  [{ at: 'TRIM_HORIZON' }, {}],
  [{ at: 'AT_SEQUENCE_NUMBER', sequenceNumber: '7' }, { SequenceNumber: '7' }],
  [{ at: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: '7' }, { SequenceNumber: '7' }],
] as const)('an iterator is asked for at %j', async (start, more) => {
  const { server, streams } = await answered({ body: { ShardIterator: 'it' } });
  await using _server = server;
  expect(await streams.iterator(STREAM_ARN, 'a', start)).toBe('it');
  expect(server.requests).toEqual([
    {
      operation: 'GetShardIterator',
      body: { StreamArn: STREAM_ARN, ShardId: 'a', ShardIteratorType: start.at, ...more },
    },
  ]);
});

test('records come a thousand at a time, and only the last page of a closed shard has no next iterator', async () => {
  const { server, streams } = await answered(
    { body: { Records: [{ eventID: '1' }], NextShardIterator: 'next' } },
    { body: { Records: [] } },
  );
  await using _server = server;
  expect(await streams.records('it')).toEqual({ records: [{ eventID: '1' }], nextIterator: 'next' });
  expect(await streams.records('next')).toEqual({ records: [], nextIterator: null });
  expect(server.requests[0]?.body).toEqual({ ShardIterator: 'it', Limit: 1_000 });
});

test('records come as they are on the wire, with attributes that a deserializer would drop', async () => {
  const record = '{"dynamodb":{"ApproximateCreationDateTime":1767323045,"NewImage":{"__proto__":{"B":"AQI="}}}}';
  const { server, streams } = await answered({ body: `{"Records":[${record}],"NextShardIterator":null}` });
  await using _server = server;
  const { records } = await streams.records('it');
  expect(JSON.stringify(records[0])).toBe(record);
});

test.each([
  ['no list of records', { body: { NextShardIterator: 'next' } }],
  ['records that are no list', { body: { Records: {} } }],
  ['an iterator that is no text', { body: { Records: [], NextShardIterator: 7 } }],
  ['something else than an object', { body: '[]' }],
  ['something else than JSON', { body: '<html>' }],
])('an answer with %s is not taken for the end of a shard', async (_case, answer) => {
  const { server, streams } = await answered(answer);
  await using _server = server;
  await expect(streams.records('it')).rejects.toMatchObject({ kind: 'source-invalid' });
});

test.each([
  ['TrimmedDataAccessException', 'stream-trimmed'],
  ['ExpiredIteratorException', 'iterator-expired'],
  ['ResourceNotFoundException', 'stream-missing'],
  ['LimitExceededException', 'source-throttled'],
  ['ProvisionedThroughputExceededException', 'source-throttled'],
  ['ThrottlingException', 'source-throttled'],
  ['InternalServerError', 'source-unavailable'],
  ['AccessDeniedException', 'source-denied'],
  ['UnrecognizedClientException', 'source-denied'],
  ['ExpiredTokenException', 'source-denied'],
  ['ValidationException', 'source-invalid'],
])('%s is named %s', async (type, kind) => {
  const body = { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: 'with 4111111111111111 in it' };
  const { server, streams } = await answered({ status: 400, body });
  await using _server = server;
  const error: unknown = await streams.records('it').catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ kind, context: { action: 'dynamodb:GetRecords' } });
  expect(String(error)).not.toContain('4111');
});

test.each([
  ['DescribeStream', `stream ${STREAM_ARN}`, (streams: AwsStreamClient) => streams.describe(STREAM_ARN)],
  [
    'GetShardIterator',
    'shard b',
    (streams: AwsStreamClient) => streams.iterator(STREAM_ARN, 'b', { at: 'TRIM_HORIZON' }),
  ],
  ['GetRecords', 'a shard', (streams: AwsStreamClient) => streams.records(`${STREAM_ARN}|1|AAAAA`)],
])(
  'a refusal of %s names the permission that is missing, and the stream that it is allowed on',
  async (name, on, work) => {
    const { server, streams } = await answered({ status: 400, body: { __type: 'AccessDeniedException' } });
    await using _server = server;
    await expect(work(streams)).rejects.toMatchObject({
      kind: 'source-denied',
      message: `These credentials may not dynamodb:${name} on ${on}`,
      remedy: expect.stringContaining(`Allow dynamodb:${name} on ${STREAM_ARN}, or`),
    });
  },
);

test.each([
  ['a page that is no DynamoDB', { body: '<html>' }, 'source-invalid'],
  ['a page of a proxy', { status: 503, body: '<html>' }, 'source-unavailable'],
  ['an answer without a description', { body: {} }, 'source-invalid'],
  ['a description without a label', { body: { StreamDescription: { Shards: [] } } }, 'source-invalid'],
  ['a shard without an id', description([{}]), 'source-invalid'],
])('%s is %s', async (_case, answer, kind) => {
  const { server, streams } = await answered(answer);
  await using _server = server;
  await expect(streams.describe(STREAM_ARN)).rejects.toMatchObject({ kind });
});

test('an endpoint that refuses connections is named', async () => {
  await using server = await startScriptedHttp([]);
  await server[Symbol.asyncDispose]();
  const streams = connected(server.endpointUrl);
  await expect(streams.describe(STREAM_ARN)).rejects.toMatchObject({
    kind: 'source-unavailable',
    message: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+ can't be reached \(ECONNREFUSED\)$/),
  });
});

test('a host that does not resolve is named', async () => {
  const streams = connected('http://no-such-host.invalid');
  await expect(streams.describe(STREAM_ARN)).rejects.toMatchObject({
    kind: 'source-unavailable',
    message: expect.stringContaining('no-such-host.invalid'),
  });
});

test('missing credentials are a refusal', async () => {
  const credentials = () => Promise.reject(Object.assign(new Error('None'), { name: 'CredentialsProviderError' }));
  const streams = connected('http://127.0.0.1:9', credentials);
  await expect(streams.describe(STREAM_ARN)).rejects.toMatchObject({ kind: 'source-denied' });
});

test('a call is ended by its signal', async () => {
  await using server = await startScriptedHttp([]);
  const streams = connected(server.endpointUrl);
  const error: unknown = await streams.describe(STREAM_ARN, AbortSignal.abort()).catch((thrown: unknown) => thrown);
  expect(nameOf(error)).toBe('interrupted');
  expect(server.requests).toEqual([]);
});
