import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { VirtualClock } from '../../support/clock/virtual-clock.ts';
import type { ProtocolServer } from '../../support/http/json-protocol.ts';
import { createWorkplace, type Workplace } from '../../support/process/tailrace-process.ts';
import { STREAM_ARN } from '../../support/stream/record.ts';
import { ScriptedStreams } from '../../support/stream/scripted-streams.ts';
import { startStreamServer } from '../../support/stream/stream-server.ts';

let server: ProtocolServer;
let guarded: AsyncDisposable & { readonly url: string };
let workplace: Workplace;
beforeAll(async () => {
  const streams = new ScriptedStreams(new VirtualClock(Date.now() - 60_000));
  streams.shard('shard-1', { records: ['100', '101', '102'].map((number) => [number, 'a'] as const) });
  [server, guarded, workplace] = await Promise.all([
    startStreamServer(streams),
    startGuarded(),
    createWorkplace({ inProcess: true }),
  ]);
});
afterAll(() => Promise.all([server, guarded, workplace].map((it) => it[Symbol.asyncDispose]())));

// They run side by side, each a process.
vi.setConfig({ testTimeout: 90_000 });

const shard = (...args: readonly string[]) => ['--shard', 'shard-1', ...args];

test.concurrent.each([
  ['a range that starts after its end', shard('--from', '102', '--to', '100'), /starts at 102, after its end 100/],
  ['a range above the shard', shard('--from', '900', '--to', '901'), /starts at 900, after shard shard-1 ends at 102/],
  ['a range below the shard', shard('--from', '1', '--to', '9'), /ends at 9, before shard shard-1 starts at 100/],
  ['a range that starts below the shard', shard('--from', '1'), /starts at 1, before shard shard-1 does at 100/],
  ['what is no sequence number', shard('--from', 'x'), /"x" is not a sequence number/],
  ['a shard of another stream', ['--shard', 'shard-2'], /has no shard shard-2, or no longer has it/],
  [
    "another table's stream",
    ['--stream', '--stream-arn', STREAM_ARN.replace('/Orders/', '/Customers/')],
    /is of arn:aws:dynamodb:eu-central-1:123456789012:table\/Customers/,
  ],
  ['a bucket that may not be listed', ['--s3', 's3://guarded/aws/lambda/'], /s3:ListBucket.*bucket guarded/],
  ['a queue that may not be received from', ['--queue', 'QUEUE'], /sqs:ReceiveMessage.*queue http/],
])('a replay of %s is refused by name before anything is written', async (_, args, message) => {
  const url = `${guarded.url}/123456789012/failures`;
  const ended = await workplace.tailrace(
    [
      ...['replay', 'Orders', ...args.map((arg) => (arg === 'QUEUE' ? url : arg))],
      ...['--destination', 'duckdb:shop.duckdb', '--endpoint-url', server.endpointUrl],
    ],
    { env: { AWS_ENDPOINT_URL_S3: guarded.url, AWS_ENDPOINT_URL_SQS: guarded.url, AWS_REGION: 'eu-central-1' } },
  );

  expect([ended.code, ended.stdout, ended.stderr]).toEqual([2, '', expect.stringMatching(message)]);
  expect(ended.stderr).toMatch(/^tailrace: [^\n]+\n$/);
  expect(await workplace.files()).toEqual([]);
});

/** A server of S3 and SQS that permits nothing. */
async function startGuarded() {
  const http = createServer((request, response) => {
    request.resume();
    const isSqs = String(request.headers['x-amz-target']).startsWith('AmazonSQS');
    response.writeHead(403, { 'Content-Type': isSqs ? 'application/x-amz-json-1.0' : 'application/xml' });
    response.end(
      isSqs
        ? JSON.stringify({ __type: 'com.amazonaws.sqs#AccessDeniedException', message: 'No' })
        : '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
    );
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
