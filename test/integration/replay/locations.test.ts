import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FailedBatches } from '../../../src/replay/failed-batch.ts';
import { FailureQueue } from '../../../src/replay/failure-queue.ts';
import { openFailedBatches } from '../../../src/replay/open-failed-batches.ts';
import { type Fauxqs, startFauxqs } from '../../support/stream/fauxqs.ts';

let places: Fauxqs;
let names = 0;
beforeAll(async () => {
  places = await startFauxqs();
});
afterAll(() => places[Symbol.asyncDispose]());

const signal = new AbortController().signal;

/** Reads a location as a replay does, closes it, and gives the name and text of each batch. */
async function through(
  batches: FailedBatches,
  each: 'acknowledge' | 'leave' | 'neither',
): Promise<readonly string[][]> {
  const found: string[][] = [];
  for await (const batch of batches.all(signal)) {
    found.push([batch.name, (await buffer(batch.bytes(signal))).toString()]);
    if (each !== 'neither') await batch[each]();
  }
  await batches.close();
  return found;
}

describe('a bucket', () => {
  const open = (bucket: string, prefix: string) => openFailedBatches({ bucket: { bucket, prefix } }, {}, places.env);

  test('gives all objects below a prefix, over more pages than one, and leaves them', async () => {
    const bucket = `failures-${++names}`;
    places.createBucket(bucket);
    const keys = Array.from({ length: 1_050 }, (_, index) => `aws/lambda/${String(index).padStart(4, '0')}`);
    for (let from = 0; from < keys.length; from += 50) {
      await Promise.all(keys.slice(from, from + 50).map((key) => places.put(bucket, key, key)));
    }
    await places.put(bucket, 'aws/lambda/', '');
    await places.put(bucket, 'elsewhere', 'x');
    using batches = await open(bucket, 'aws/');

    const found = await through(batches, 'acknowledge');

    expect(found).toEqual(keys.map((key) => [`s3://${bucket}/${key}`, key]));
    expect(await through(batches, 'leave')).toHaveLength(1_050);
  });

  test('takes whatever keys there are', async () => {
    const bucket = `failures-${++names}`;
    places.createBucket(bucket);
    await places.put(bucket, 'a b/é', 'text');
    using batches = await open(bucket, '');

    expect(await through(batches, 'acknowledge')).toEqual([[`s3://${bucket}/a b/é`, 'text']]);
  });

  test('gives a large object as it comes, and again, and names one that is gone or replaced', async () => {
    const bucket = `failures-${++names}`;
    places.createBucket(bucket);
    const large = 'x'.repeat(9 * 1024 * 1024);
    await places.put(bucket, 'large', large);
    using batches = await open(bucket, '');

    for await (const batch of batches.all(signal)) {
      expect((await buffer(batch.bytes(signal))).toString() === large).toBe(true);
      expect((await buffer(batch.bytes(signal))).toString() === large).toBe(true);
      await places.remove(bucket, 'large');
      await expect(buffer(batch.bytes(signal))).rejects.toMatchObject({
        kind: 'event-invalid',
        message: `s3://${bucket}/large is gone`,
      });
    }
  });

  test('that is not there is named', async () => {
    using batches = await open('no-such-bucket', '');

    await expect(through(batches, 'acknowledge')).rejects.toMatchObject({
      kind: 'usage-invalid',
      message: "Bucket no-such-bucket doesn't exist",
    });
  });
});

describe('a queue', () => {
  const open = (queue: string) => openFailedBatches({ queue }, {}, places.env);

  test('gives every message, and deletes what is acknowledged', async () => {
    const url = await places.createQueue(`queue-${++names}`);
    for (let index = 0; index < 23; index++) await places.send(url, `body ${index}`);
    using batches = await open(url);

    const found = await through(batches, 'acknowledge');

    expect(new Set(found.map(([, text]) => text)).size).toBe(23);
    expect(await places.countMessages(url)).toBe(0);
  });

  test.each(['leave', 'neither'] as const)(
    'gives each message once, and shows it again if it was left (%s)',
    async (each) => {
      const url = await places.createQueue(`queue-${++names}`);
      for (let index = 0; index < 12; index++) await places.send(url, `body ${index}`);
      using batches = await open(url);

      expect(await through(batches, each)).toHaveLength(12);

      expect(await places.countVisible(url)).toBe(12);
    },
  );

  test('left half way makes visible all that was not acknowledged', async () => {
    const url = await places.createQueue(`queue-${++names}`);
    for (let index = 0; index < 12; index++) await places.send(url, `body ${index}`);
    using batches = await open(url);

    for await (const batch of batches.all(signal)) {
      await batch.acknowledge();
      break;
    }
    await batches.close();

    expect(await places.countVisible(url)).toBe(11);
  });

  test('that is not there is named', async () => {
    const url = (await places.createQueue('some-queue')).replace('some-queue', 'no-such-queue');
    using batches = await open(url);

    await expect(through(batches, 'acknowledge')).rejects.toMatchObject({
      kind: 'usage-invalid',
      message: `Queue ${url} doesn't exist`,
    });
  });
});

test.each([
  ['DeleteMessageCommand', 'sqs:DeleteMessage'],
  ['ChangeMessageVisibilityCommand', 'sqs:ChangeMessageVisibility'],
])('a queue that refuses %s is named, with what to allow', async (refused, action) => {
  const send = async (command: object) => {
    if (command.constructor.name !== refused) return { Messages: [{ MessageId: 'a', ReceiptHandle: 'h', Body: '' }] };
    throw Object.assign(new Error('Access to the resource is denied.'), { name: 'AccessDenied' });
  };
  const batches = new FailureQueue({ send }, 'https://sqs/failures');

  await expect(through(batches, refused.startsWith('Delete') ? 'acknowledge' : 'leave')).rejects.toMatchObject({
    kind: 'source-denied',
    message: `These credentials may not ${action} on queue https://sqs/failures`,
    remedy: expect.stringContaining(`Allow ${action} on queue https://sqs/failures`),
  });
});
