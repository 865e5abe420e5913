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

/** Goes through a place as a replay does, closes it, and gives the name and text of what was there. */
async function through(leftovers: FailedBatches, each: 'settle' | 'keep' | 'neither'): Promise<readonly string[][]> {
  const found: string[][] = [];
  for await (const leftover of leftovers.all(signal)) {
    found.push([leftover.name, (await buffer(leftover.bytes(signal))).toString()]);
    if (each !== 'neither') await leftover[each]();
  }
  await leftovers.close();
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
    using leftovers = await open(bucket, 'aws/');

    const found = await through(leftovers, 'settle');

    expect(found).toEqual(keys.map((key) => [`s3://${bucket}/${key}`, key]));
    expect(await through(leftovers, 'keep')).toHaveLength(1_050);
  });

  test('takes whatever keys there are', async () => {
    const bucket = `failures-${++names}`;
    places.createBucket(bucket);
    await places.put(bucket, 'a b/é', 'text');
    using leftovers = await open(bucket, '');

    expect(await through(leftovers, 'settle')).toEqual([[`s3://${bucket}/a b/é`, 'text']]);
  });

  test('gives a large object as it comes, and again, and names one that is gone or replaced', async () => {
    const bucket = `failures-${++names}`;
    places.createBucket(bucket);
    const large = 'x'.repeat(9 * 1024 * 1024);
    await places.put(bucket, 'large', large);
    using leftovers = await open(bucket, '');

    for await (const leftover of leftovers.all(signal)) {
      expect((await buffer(leftover.bytes(signal))).toString() === large).toBe(true);
      expect((await buffer(leftover.bytes(signal))).toString() === large).toBe(true);
      await places.remove(bucket, 'large');
      await expect(buffer(leftover.bytes(signal))).rejects.toMatchObject({
        kind: 'event-invalid',
        message: `s3://${bucket}/large is gone`,
      });
    }
  });

  test('that is not there is said by name', async () => {
    using leftovers = await open('no-such-bucket', '');

    await expect(through(leftovers, 'settle')).rejects.toMatchObject({
      kind: 'usage-invalid',
      message: "Bucket no-such-bucket doesn't exist",
    });
  });
});

describe('a queue', () => {
  const open = (queue: string) => openFailedBatches({ queue }, {}, places.env);

  test('gives every message, and deletes what is settled', async () => {
    const url = await places.createQueue(`queue-${++names}`);
    for (let index = 0; index < 23; index++) await places.send(url, `body ${index}`);
    using leftovers = await open(url);

    const found = await through(leftovers, 'settle');

    expect(new Set(found.map(([, text]) => text)).size).toBe(23);
    expect(await places.countMessages(url)).toBe(0);
  });

  test.each(['keep', 'neither'] as const)(
    'gives each message once, and shows it again if it was left (%s)',
    async (each) => {
      const url = await places.createQueue(`queue-${++names}`);
      for (let index = 0; index < 12; index++) await places.send(url, `body ${index}`);
      using leftovers = await open(url);

      expect(await through(leftovers, each)).toHaveLength(12);

      expect(await places.countVisible(url)).toBe(12);
    },
  );

  test('left half way shows all that was not settled', async () => {
    const url = await places.createQueue(`queue-${++names}`);
    for (let index = 0; index < 12; index++) await places.send(url, `body ${index}`);
    using leftovers = await open(url);

    for await (const leftover of leftovers.all(signal)) {
      await leftover.settle();
      break;
    }
    await leftovers.close();

    expect(await places.countVisible(url)).toBe(11);
  });

  test('that is not there is said by name', async () => {
    const url = (await places.createQueue('some-queue')).replace('some-queue', 'no-such-queue');
    using leftovers = await open(url);

    await expect(through(leftovers, 'settle')).rejects.toMatchObject({
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
  const leftovers = new FailureQueue({ send }, 'https://sqs/failures');

  await expect(through(leftovers, refused.startsWith('Delete') ? 'settle' : 'keep')).rejects.toMatchObject({
    kind: 'source-denied',
    message: `These credentials may not ${action} on queue https://sqs/failures`,
    remedy: expect.stringContaining(`Allow ${action} on queue https://sqs/failures`),
  });
});
