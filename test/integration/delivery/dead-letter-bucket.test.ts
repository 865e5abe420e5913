import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DeadLetter } from '../../../src/delivery/dead-letter.ts';
import { DeadLetterBucket } from '../../../src/delivery/dead-letter-bucket.ts';
import { createStreamHandler } from '../../../src/delivery/stream-handler.ts';
import { fixedClock } from '../../support/clock/simple-clocks.ts';
import { MemoryChangelog } from '../../support/memory/changelog.ts';
import { type Fauxqs, startFauxqs } from '../../support/stream/fauxqs.ts';
import { ORDERS, streamRecord } from '../../support/stream/record.ts';
import { deadLetter } from '../../support/values/dead-letter.ts';

const OWNER = '123456789012';

let fauxqs: Fauxqs;
let bucket: string;
let buckets = 0;
beforeAll(async () => {
  fauxqs = await startFauxqs();
});
beforeEach(() => {
  bucket = `failures-${++buckets}`;
  fauxqs.createBucket(bucket);
});
afterAll(() => fauxqs[Symbol.asyncDispose]());

const letter = (parts: Partial<DeadLetter> = {}) =>
  deadLetter({
    kind: 'record-invalid',
    reason: 'eventName is none of INSERT, MODIFY, REMOVE',
    record: streamRecord({ sequenceNumber: '42', operation: 'FOOBAR', newImage: { name: { S: 'Ærø 😀' } } }),
    ...parts,
  });

test('a letter is an object below its table, raw, that reads back as it was', async () => {
  await new DeadLetterBucket({ bucket, owner: OWNER, client: fauxqs.s3 }).put(letter());

  const objects = await fauxqs.objects(bucket);
  const [key = ''] = Object.keys(objects);
  expect(key).toMatch(/^dead-letters\/Orders\/42-[0-9a-f]{16}\.json$/);
  expect(JSON.parse(objects[key] ?? '')).toEqual(letter());
});

test('the same record set aside again replaces its letter; another record of its number has a letter of its own', async () => {
  const letters = new DeadLetterBucket({ bucket, owner: OWNER, client: fauxqs.s3 });

  await letters.put(letter());
  await letters.put(letter({ at: '2026-01-02T03:04:06.000Z' }));
  await letters.put(letter({ record: streamRecord({ sequenceNumber: '42', keys: { id: { S: 'b' } } }) }));
  await letters.put(letter({ table: 'Carts' }));
  await letters.put(letter({ sequence_number: null, record: undefined }));

  const objects = await fauxqs.objects(bucket);
  expect(Object.keys(objects)).toHaveLength(4);
  expect(Object.values(objects).some((text) => text.includes('03:04:06'))).toBe(true);
});

test('only a bucket of the account that is given is written to', async () => {
  const sent: unknown[] = [];
  const client = { send: async (command: { input: unknown }) => void sent.push(command.input) };

  await new DeadLetterBucket({ bucket, owner: OWNER, client }).put(letter());

  expect(sent).toMatchObject([{ Bucket: bucket, ExpectedBucketOwner: OWNER, ContentType: 'application/json' }]);
});

test('a bucket that takes no letter is an error by name, without a value of the record', async () => {
  const letters = new DeadLetterBucket({ bucket: 'no-such-bucket', owner: OWNER, client: fauxqs.s3 });

  const error: unknown = await letters.put(letter()).catch((thrown: unknown) => thrown);

  expect(error).toMatchObject({
    kind: 'dead-letter-failed',
    message: 'S3 did not take a dead letter: NoSuchBucket',
    context: { table: 'Orders', sequence_number: '42', bucket: 'no-such-bucket' },
  });
});

describe('stored letters', () => {
  const store = (prefix = '') => new DeadLetterBucket({ bucket, prefix, owner: OWNER, client: fauxqs.s3 });
  const decoded = (bytes: Uint8Array | undefined) => bytes && JSON.parse(Buffer.from(bytes).toString());

  test('are listed by table and read by id', async () => {
    await store().put(letter());
    await store().put(letter({ table: 'Orders-2' }));
    await store('prod/').put(letter());

    const [id = '', ...others] = await store().list('Orders');

    expect(id).toMatch(/^42-[0-9a-f]{16}$/);
    expect(others).toEqual([]);
    expect(await store('prod/').list('Orders')).toEqual([id]);
    expect(decoded(await store().read('Orders', id))).toEqual(letter());
    expect(await store().read('Orders', 'another')).toBeUndefined();
    expect(await store().list('Carts')).toEqual([]);
  });

  test('are listed all, however many there are', async () => {
    const ids = Array.from({ length: 1_005 }, (_, index) => `${10_000 + index}-a`);
    await Promise.all(ids.map((id) => fauxqs.put(bucket, `dead-letters/Orders/${id}.json`, '{}')));

    expect(await store().list('Orders')).toEqual(ids);
  });

  test('move to where they expire, whatever their names are, once they are delivered', async () => {
    await store('prod/').put(letter());
    const [id = ''] = await store('prod/').list('Orders');
    await fauxqs.put(bucket, 'dead-letters/Orders/ä +%2F?.json', '{}');

    await store('prod/').archive('Orders', id);
    await store().archive('Orders', 'ä +%2F?');
    await store().archive('Orders', 'gone');

    expect(Object.keys(await fauxqs.objects(bucket)).sort()).toEqual([
      `prod/replayed/dead-letters/Orders/${id}.json`,
      'replayed/dead-letters/Orders/ä +%2F?.json',
    ]);
  });

  test('are removed for good, and once', async () => {
    await store().put(letter());
    const [id = ''] = await store().list('Orders');

    await store().remove('Orders', id);
    await store().remove('Orders', id);

    expect(await fauxqs.objects(bucket)).toEqual({});
  });

  test('can not be had from a bucket that is not there, by name', async () => {
    const nowhere = new DeadLetterBucket({ bucket: 'no-such-bucket', owner: OWNER, client: fauxqs.s3 });

    for (const work of [
      () => nowhere.list('Orders'),
      () => nowhere.read('Orders', 'a'),
      () => nowhere.archive('Orders', 'a'),
    ]) {
      await expect(work()).rejects.toMatchObject({
        kind: 'dead-letter-failed',
        message: expect.stringMatching(/^S3 did not .*: NoSuchBucket$/),
        context: { bucket: 'no-such-bucket' },
      });
    }
  });
});

test.each([
  ['take a dead letter', 's3:PutObject', (store: DeadLetterBucket) => store.put(letter())],
  ['list dead letters', 's3:ListBucket', (store: DeadLetterBucket) => store.list('Orders')],
  ['give a dead letter', 's3:GetObject', (store: DeadLetterBucket) => store.read('Orders', 'a')],
  ['move a replayed dead letter', 's3:PutObject', (store: DeadLetterBucket) => store.archive('Orders', 'a')],
  ['remove a dead letter', 's3:DeleteObject', (store: DeadLetterBucket) => store.remove('Orders', 'a')],
])('a denial to %s names the action, and what to allow', async (what, action, work) => {
  const principal = 'arn:aws:iam::123456789012:user/ann';
  const resource = 'arn:aws:s3:::letters/x';
  const message = `User: ${principal} is not authorized to perform: ${action} on resource: "${resource}" because no`;
  const send = () => Promise.reject(Object.assign(new Error(message), { name: 'AccessDenied' }));
  const denied = new DeadLetterBucket({ bucket: 'letters', owner: OWNER, client: { send } });

  await expect(work(denied)).rejects.toMatchObject({
    kind: 'dead-letter-failed',
    message: expect.stringContaining(`S3 did not ${what}: ${principal} may not ${action} on `),
    remedy: expect.stringContaining(`Allow ${action} on ${resource} to ${principal}`),
  });
});

test('the handler reports a record whose letter was not taken, so that nothing is acknowledged', async () => {
  const handler = (deadLetters: DeadLetterBucket) =>
    createStreamHandler({ source: ORDERS, destination: new MemoryChangelog(), deadLetters, clock: fixedClock(0) });
  const Records = [streamRecord(), streamRecord({ sequenceNumber: '42', operation: 'FOOBAR' })];

  const missing = handler(new DeadLetterBucket({ bucket: 'no-such-bucket', owner: OWNER, client: fauxqs.s3 }));
  const present = handler(new DeadLetterBucket({ bucket, owner: OWNER, client: fauxqs.s3 }));

  expect(await missing({ Records })).toEqual({ batchItemFailures: [{ itemIdentifier: '42' }] });
  expect(await present({ Records })).toEqual({ batchItemFailures: [] });
  expect(Object.keys(await fauxqs.objects(bucket))).toHaveLength(1);
});
