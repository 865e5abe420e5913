import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DeadLetterBucket } from '../../../src/delivery/dead-letter-bucket.ts';
import { createWorkplace, type Workplace } from '../../support/process/tailrace-process.ts';
import { type Fauxqs, startFauxqs } from '../../support/stream/fauxqs.ts';
import { streamRecord } from '../../support/stream/record.ts';
import { deadLetter } from '../../support/values/dead-letter.ts';

const TO = ['--destination', 'duckdb:shop.duckdb'];

let fauxqs: Fauxqs;
let workplace: Workplace;
beforeAll(async () => {
  [fauxqs, workplace] = await Promise.all([startFauxqs(), createWorkplace()]);
});
afterAll(async () => {
  await workplace[Symbol.asyncDispose]();
  await fauxqs[Symbol.asyncDispose]();
});

test('a record that was set aside can be listed, fixed by hand and delivered; no value is on stderr', async () => {
  const bad = streamRecord({ newImage: { id: { S: 'a' }, total: { N: 'planted' } }, sequenceNumber: '7' });
  const event = JSON.stringify({ Records: [bad] });
  const replayed = await workplace.tailrace(['replay', 'Orders', '--file', '-', ...TO], { stdin: event });
  const listed = await workplace.tailrace(['dead-letters', 'list', 'Orders', '--json']);
  const { id } = JSON.parse(listed.stdout.split('\n')[0] ?? '') as { id: string };
  const again = await workplace.tailrace(['dead-letters', 'replay', 'Orders', '--all', ...TO]);

  const shown = await workplace.tailrace(['dead-letters', 'show', 'Orders', id, '--values']);
  const fixed = shown.stdout.replace('"planted"', '"12.50"');
  await mkdir(join(workplace.directory, '.tailrace', 'Orders', 'dead-letters'), { recursive: true });
  await writeFile(join(workplace.directory, '.tailrace', 'Orders', 'dead-letters', `${id}.json`), fixed);
  const delivered = await workplace.tailrace(['dead-letters', 'replay', 'Orders', id, ...TO]);
  const left = await workplace.tailrace(['dead-letters', 'list', 'Orders', '--json']);
  const query = ['query', 'SELECT item, origin FROM Orders_latest JOIN Orders_changelog USING (key)', '--json'];
  const found = await workplace.tailrace([...query, ...TO]);

  expect([replayed.code, listed.code, again.code, shown.code, delivered.code, left.code]).toEqual([1, 0, 1, 0, 0, 0]);
  expect(again.stdout).toMatch(/is left: record-invalid, dynamodb\.NewImage\.total/);
  expect(JSON.parse(left.stdout)).toMatchObject({ dead_letters: 0 });
  expect(JSON.parse(found.stdout)).toEqual({ item: { id: 'a', total: 12.5 }, origin: 'replay' });
  for (const { stderr } of [replayed, listed, again, shown, delivered]) expect(stderr).not.toContain('planted');
});

test('a record that the Lambda set aside is delivered from its bucket, and moves to where it expires', async () => {
  fauxqs.createBucket('failures');
  const bucket = new DeadLetterBucket({ bucket: 'failures', owner: null, client: fauxqs.s3 });
  await bucket.put(deadLetter());
  await fauxqs.put('failures', 'dead-letters/Orders/bad.json', 'planted');
  const env = { AWS_ENDPOINT_URL_S3: fauxqs.endpointUrl };

  const ended = await workplace.tailrace(
    ['dead-letters', 'replay', 'Orders', '--all', '--s3', 's3://failures', '--json', ...TO],
    { env },
  );
  const nowhere = await workplace.tailrace(['dead-letters', 'list', 'Orders', '--s3', 's3://no-such-bucket'], { env });

  expect(ended.code).toBe(1);
  expect(
    ended.stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { id: 'bad', left: 'unreadable', reason: 'is not JSON in UTF-8' },
    { table: 'Orders', location: 's3://failures/dead-letters/', delivered: 1, left: 1 },
  ]);
  expect(Object.keys(await fauxqs.objects('failures'))).toEqual([
    'dead-letters/Orders/bad.json',
    expect.stringMatching(/^replayed\/dead-letters\/Orders\/42-[0-9a-f]{16}\.json$/),
  ]);
  expect(nowhere).toMatchObject({ code: 2, stdout: '' });
  expect(nowhere.stderr).toMatch(/^tailrace: S3 did not list dead letters: NoSuchBucket \(bucket no-such-bucket/);
});
