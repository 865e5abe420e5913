import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, onTestFinished, test } from 'vitest';
import { DeadLetterBucket } from '../../../src/delivery/dead-letter-bucket.ts';
import { TailraceError } from '../../../src/errors.ts';
import { openFailedBatches } from '../../../src/replay/open-failed-batches.ts';
import { createClient } from '../../../src/source/aws-client.ts';
import { createAwsClients } from '../../../src/source/aws-clients.ts';
import { AwsTableReader } from '../../../src/source/aws-table-reader.ts';
import { countMappings } from '../../../src/source/stream-readers.ts';
import { AwsStreamClient } from '../../../src/stream/aws-stream-client.ts';
import { hurriedClock } from '../../support/clock/simple-clocks.ts';
import { startUntrustedHttps } from '../../support/http/untrusted-https.ts';
import { RecordingLog } from '../../support/memory/recording-log.ts';
import { STREAM_ARN } from '../../support/stream/record.ts';

type Body = { readonly type: string; readonly text: string | Buffer };

/** A server that gives one answer to everything. */
async function serverOf(status: number, { type, text }: Body): Promise<string> {
  const server = createServer((request, response) => {
    // Without a length, so that nothing but the body itself says that it is empty.
    request.resume().on('end', () => response.writeHead(status, { 'content-type': type }).end(text));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const BODIES = {
  'an HTML page': { type: 'text/html', text: '<!DOCTYPE html><html>the value is "secret"</html>' },
  'an empty body': { type: 'text/plain', text: '' },
  'JSON that names no error': { type: 'application/json', text: '{"error":"secret"}' },
  text: { type: 'text/plain', text: 'secret Error' },
} as const;

const SERVICES: Readonly<Record<string, (endpoint: string) => Promise<unknown>>> = {
  async 'dynamodb:DescribeTable'(endpointUrl) {
    using clients = await createAwsClients({ endpointUrl }, {});
    await new AwsTableReader(clients.dynamodb, clients.endpoint).describe('orders');
  },
  async 'dynamodb:BatchGetItem'(endpointUrl) {
    using clients = await createAwsClients({ endpointUrl }, {});
    const retry = { retries: 1, firstMs: 1, maxMs: 1 };
    const reader = new AwsTableReader(clients.dynamodb, clients.endpoint, { retry });
    await reader.get({ table: 'orders', keys: [{ id: { S: 'a' } }] });
  },
  async 'dynamodb:DescribeStream'(endpointUrl) {
    using clients = await createAwsClients({ endpointUrl }, {});
    await new AwsStreamClient(clients.streams, clients.streamsEndpoint).describe(STREAM_ARN);
  },
  async 's3:ListBucket'(endpoint) {
    using bucket = await openFailedBatches(
      { bucket: { bucket: 'failures', prefix: '' } },
      {},
      {
        AWS_ENDPOINT_URL_S3: endpoint,
      },
    );
    for await (const _ of bucket.all(new AbortController().signal)) expect.unreachable('there is nothing');
  },
  async 'sqs:ReceiveMessage'(endpoint) {
    using queue = await openFailedBatches({ queue: `${endpoint}/1/q` }, {}, { AWS_ENDPOINT_URL_SQS: endpoint });
    for await (const _ of queue.all(new AbortController().signal)) expect.unreachable('there is nothing');
  },
  async 'lambda:ListEventSourceMappings'(endpoint) {
    await countMappings(STREAM_ARN, { isLocal: true, settings: {} }, { AWS_ENDPOINT_URL_LAMBDA: endpoint });
  },
};

async function failure(attempt: Promise<unknown>): Promise<TailraceError> {
  const error = await attempt.then(
    () => expect.unreachable('it worked'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof TailraceError)) throw error;
  return error;
}

const CASES = Object.keys(SERVICES).flatMap((action) =>
  Object.entries(BODIES).flatMap(([kind, body]) => [500, 404].map((status) => ({ action, status, kind, body }))),
);

test.each(CASES)(
  'HTTP $status and $kind to $action are named, without a word of the body',
  async ({ action, status, kind, body }) => {
    const endpoint = await serverOf(status, body);

    const error = await failure(SERVICES[action]?.(endpoint) ?? Promise.resolve());

    expect(error.kind).toBe(status === 500 ? 'source-unavailable' : 'source-invalid');
    expect(error.message).toContain(`answers ${action} on `);
    expect(error.message).toContain(`with HTTP ${status} and ${kind}`);
    expect(`${error.message} ${error.remedy} ${JSON.stringify(error.context)}`).not.toMatch(
      /secret|check the network/i,
    );
  },
);

const UNREADABLE = {
  'an HTML page': BODIES['an HTML page'],
  'an empty body': BODIES['an empty body'],
  text: BODIES.text,
  'broken JSON': { type: 'application/x-amz-json-1.0', text: '{"Items":[{"id":{"S":"secret' },
  'JSON that is no object': { type: 'application/x-amz-json-1.0', text: '["secret"]' },
  'a compressed body': { type: 'application/x-amz-json-1.0', text: gzipSync('{"secret":1}') },
} as const;

const PAGES: Readonly<Record<string, (endpoint: string) => Promise<unknown>>> = {
  async 'dynamodb:Scan'(endpointUrl) {
    using clients = await createAwsClients({ endpointUrl }, {});
    const reader = new AwsTableReader(clients.dynamodb, clients.endpoint);
    await reader.scan({ table: 'orders', segment: 0, totalSegments: 1, startKey: null });
  },
  async 'dynamodb:GetRecords'(endpointUrl) {
    using clients = await createAwsClients({ endpointUrl }, {});
    await new AwsStreamClient(clients.streams, clients.streamsEndpoint).records('iterator');
  },
};

test.each(
  Object.keys(PAGES).flatMap((action) => Object.entries(UNREADABLE).map(([kind, body]) => ({ action, kind, body }))),
)('$kind in a successful answer to $action is named, without a word of the body', async ({ action, kind, body }) => {
  const endpoint = await serverOf(200, body);

  const error = await failure(PAGES[action]?.(endpoint) ?? Promise.resolve());

  expect(error.kind).toBe('source-invalid');
  expect(error.message).toContain(`answers ${action} on `);
  expect(error.message).toMatch(new RegExp(`with HTTP 200 and ${kind}$`));
  expect(`${error.message} ${error.remedy} ${JSON.stringify(error.context)}`).not.toMatch(/secret|SyntaxError/);
});

test('dead letters say it too', async () => {
  const endpoint = await serverOf(500, BODIES['an HTML page']);
  const { S3Client } = await import('@aws-sdk/client-s3');
  const client = await createClient((options) => new S3Client(options), { endpointUrl: endpoint }, 'S3', {});
  onTestFinished(() => client.destroy());

  const error = await failure(new DeadLetterBucket({ bucket: '127.0.0.1', owner: null, client }).list('orders'));

  expect(error.message).toContain('HTTP 500 and an HTML page');
});

test('a table that is read is warned about at the first retry, and once for all its segments', async () => {
  const endpointUrl = await serverOf(500, BODIES['an HTML page']);
  using clients = await createAwsClients({ endpointUrl }, {});
  const log = new RecordingLog();
  const reader = new AwsTableReader(clients.dynamodb, clients.endpoint, {
    log,
    clock: hurriedClock(0),
    retry: { retries: 2, firstMs: 1, maxMs: 1 },
  });
  const scan = (segment: number) => reader.scan({ table: 'orders', segment, totalSegments: 4, startKey: null });

  await Promise.all([0, 1, 2, 3].map((segment) => failure(scan(segment))));

  const why = `${endpointUrl} answers dynamodb:Scan on table orders with HTTP 500 and an HTML page`;
  expect(log.lines).toEqual([{ level: 'warn', message: 'DynamoDB request failed, retrying', fields: { why } }]);
});

test('a server that takes a request and says nothing is warned about while the SDK still tries by itself', async () => {
  const server = createServer((request) => void request.resume());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 2,
    requestHandler: { requestTimeout: 50, throwOnRequestTimeout: true },
  });
  onTestFinished(() => client.destroy());
  const log = new RecordingLog();

  await failure(new AwsTableReader(client, endpoint, { log, clock: hurriedClock(0) }).describe('orders'));

  const why = `${endpoint} gives no answer in time (ETIMEDOUT)`;
  expect(log.lines).toEqual([{ level: 'warn', message: 'DynamoDB request failed, retrying', fields: { why } }]);
});

test('https to a server without TLS: the URL that works is given', async () => {
  const http = await serverOf(200, BODIES.text);
  const https = http.replace('http:', 'https:');

  expect(await failure(SERVICES['dynamodb:DescribeTable']?.(https) ?? Promise.resolve())).toMatchObject({
    message: `${https} speaks no TLS`,
    remedy: `Give ${http} in place of it.`,
  });
});

test('http to a server that speaks TLS: the URL that may work is given', async () => {
  await using server = await startUntrustedHttps();
  const http = server.endpoint.replace('https:', 'http:');

  expect(await failure(SERVICES['dynamodb:DescribeTable']?.(http) ?? Promise.resolve())).toMatchObject({
    message: `${http} closes the connection without an answer (ECONNRESET)`,
    remedy: expect.stringContaining(`If it speaks TLS: give ${server.endpoint} in place of it.`),
  });
});

test('http to a server that says that it wants TLS: the URL that works is given', async () => {
  const text = '<html><h1>400 Bad Request</h1>The plain HTTP request was sent to HTTPS port</html>';
  const http = await serverOf(400, { type: 'text/html', text });

  expect(await failure(SERVICES['dynamodb:DescribeTable']?.(http) ?? Promise.resolve())).toMatchObject({
    message: `${http} takes TLS only`,
    remedy: `Give ${http.replace('http:', 'https:')} in place of it.`,
  });
});

test('a certificate of no known authority is named', async () => {
  await using server = await startUntrustedHttps();

  expect(await failure(SERVICES['dynamodb:DescribeTable']?.(server.endpoint) ?? Promise.resolve())).toMatchObject({
    kind: 'source-invalid',
    message: expect.stringContaining('no certificate to be trusted'),
    remedy: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
  });
});
