import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type DenyingProxy, PRINCIPAL, startDenyingProxy } from '../../support/http/denying-proxy.ts';
import { createWorkplace, type Workplace } from '../../support/process/tailrace-process.ts';
import { type Dynoxide, startDynoxide } from '../../support/stream/dynoxide.ts';
import { failureRecord } from '../../support/stream/failure-record.ts';
import { type Fauxqs, startFauxqs } from '../../support/stream/fauxqs.ts';

let server: Dynoxide;
let s3AndSqs: Fauxqs;
let proxy: DenyingProxy;
let workplace: Workplace;
/** The values of the placeholders below. */
let names: Readonly<Record<string, string>>;

beforeAll(async () => {
  [server, s3AndSqs, workplace] = await Promise.all([
    startDynoxide(),
    startFauxqs(),
    createWorkplace({ inProcess: true }),
  ]);
  proxy = await startDenyingProxy({ dynamodb: server.endpointUrl, others: s3AndSqs.env['AWS_ENDPOINT_URL_S3'] ?? '' });
  const { name, arn, streamArn } = await server.createTable();
  const off = await server.createTable({ stream: null });
  await server.client.send(new PutItemCommand({ TableName: name, Item: { pk: { S: 'planted' } } }));
  s3AndSqs.createBucket('failures');
  await s3AndSqs.put('failures', 'one', failureRecord({ streamArn: streamArn ?? '' }));
  const queue = await s3AndSqs.createQueue('failures');
  names = { TABLE: name, TABLE_ARN: arn, STREAM: streamArn ?? '', OFF: off.name, OFF_ARN: off.arn, QUEUE: queue };
  expect(await run('backfill TABLE --min-stream-age 0')).toMatchObject({ code: 0 });
});
afterEach(() => proxy.deny(undefined));
afterAll(async () => {
  await workplace[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  await s3AndSqs[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const filled = (text: string) => text.replaceAll(/\b[A-Z_]{3,}\b/g, (name) => names[name] ?? name);

function run(command: string) {
  const args = [...filled(command).split(' '), '--destination', 'duckdb:shop.duckdb'];
  return workplace.tailrace(args, { env: proxy.env });
}

/** A command, the action that is denied, and the resource: as the message names it, and as IAM does. */
const REFUSED: readonly (readonly [command: string, action: string, subject: string, resource: string])[] = [
  ['setup TABLE', 'dynamodb:DescribeTable', 'table TABLE', 'TABLE_ARN'],
  ['setup OFF --enable-stream', 'dynamodb:UpdateTable', 'table OFF', 'OFF_ARN'],
  ['backfill TABLE', 'dynamodb:DescribeTable', 'table TABLE', 'TABLE_ARN'],
  ['backfill TABLE', 'dynamodb:DescribeStream', 'stream STREAM', 'STREAM'],
  ['backfill TABLE --min-stream-age 0', 'dynamodb:Scan', 'table TABLE', 'TABLE_ARN'],
  ['verify TABLE', 'dynamodb:DescribeTable', 'table TABLE', 'TABLE_ARN'],
  ['verify TABLE', 'dynamodb:Scan', 'table TABLE', 'TABLE_ARN'],
  ['verify TABLE --sample 100', 'dynamodb:BatchGetItem', 'table TABLE', 'TABLE_ARN'],
  ['tail TABLE', 'dynamodb:DescribeTable', 'table TABLE', 'TABLE_ARN'],
  ['tail TABLE', 'dynamodb:DescribeStream', 'stream STREAM', 'STREAM'],
  ['tail TABLE', 'dynamodb:GetShardIterator', 'shard ', 'STREAM'],
  ['tail TABLE', 'dynamodb:GetRecords', 'a shard', 'STREAM'],
  ['gaps TABLE', 'dynamodb:DescribeStream', 'stream STREAM', 'STREAM'],
  ['gaps TABLE', 'dynamodb:GetShardIterator', 'shard ', 'STREAM'],
  ['gaps TABLE', 'dynamodb:GetRecords', 'a shard', 'STREAM'],
  ['replay TABLE --stream', 'dynamodb:DescribeStream', 'stream STREAM', 'STREAM'],
  ['replay TABLE --stream', 'dynamodb:GetShardIterator', 'shard ', 'STREAM'],
  ['replay TABLE --stream', 'dynamodb:GetRecords', 'a shard', 'STREAM'],
  ['replay TABLE --s3 s3://failures/', 's3:ListBucket', 'bucket failures', 'arn:aws:s3:::failures'],
  ['replay TABLE --s3 s3://failures/', 's3:GetObject', 's3://failures/one', 'arn:aws:s3:::failures/one'],
  ['replay TABLE --queue QUEUE', 'sqs:ReceiveMessage', 'queue QUEUE', 'arn:aws:sqs:eu-central-1:123456789012:failures'],
];

describe('a permission that is missing', () => {
  test.each(REFUSED)(
    '%s without %s: the message names principal, action and resource, and what to allow',
    async (command, action, subject, resource) => {
      const on = filled(resource);
      proxy.deny({ action: action.startsWith('sqs:') ? action.toLowerCase() : action, resource: on });

      const { code, stdout, stderr } = await run(command);

      expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: '' });
      const line = stderr.split('\n').find((text) => text.startsWith('tailrace: ')) ?? stderr;
      expect(line).toContain(`tailrace: ${PRINCIPAL} may not ${action} on ${filled(subject)}`);
      expect(line).toContain(`. Allow ${action} on ${on} to ${PRINCIPAL}, or give other credentials`);
      expect(stderr).not.toContain('planted');
    },
  );

  test('gaps --s3 needs to list the bucket, and works without reading it', async () => {
    const command = 'gaps TABLE --s3 s3://failures';
    proxy.deny({ action: 's3:GetObject', resource: 'arn:aws:s3:::failures/one' });
    const unread = await run(command);
    proxy.deny({ action: 's3:ListBucket', resource: 'arn:aws:s3:::failures' });
    const unlisted = await run(command);

    expect(unread.code, unread.stderr).toBeLessThan(2);
    expect(unlisted.code).toBe(2);
    expect(unlisted.stderr).toContain(`${PRINCIPAL} may not s3:ListBucket on bucket failures`);
  });

  test('once it is granted, the same command resumes where it stopped', async () => {
    const command = 'backfill TABLE --min-stream-age 0';
    proxy.deny({ action: 'dynamodb:Scan', resource: filled('TABLE_ARN') });
    const refused = await run(command);
    proxy.deny(undefined);

    const done = await run(command);

    expect(refused.stderr).toContain('What was read is saved');
    expect(done.code, done.stderr).toBe(0);
    expect(done.stderr).toContain('Resuming the backfill of ');
  });
});
