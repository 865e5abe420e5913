import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createStreamHandler } from '../../../src/delivery/stream-handler.ts';
import { fixedClock } from '../../support/clock/simple-clocks.ts';
import { type AppendFault, MemoryChangelog } from '../../support/memory/changelog.ts';
import { MemoryDeadLetters } from '../../support/memory/dead-letters.ts';
import { RecordingLog } from '../../support/memory/recording-log.ts';
import { ORDERS, STREAM_ARN, streamRecord } from '../../support/stream/record.ts';
import { RUNS } from '../../support/vitest/budget.ts';

const SUCCESS = { batchItemFailures: [] };

function setUp(options: ConstructorParameters<typeof MemoryChangelog>[0] = {}) {
  const destination = new MemoryChangelog(options);
  const deadLetters = new MemoryDeadLetters();
  const log = new RecordingLog();
  const clock = fixedClock(1_767_323_050_000);
  const handler = createStreamHandler({ source: ORDERS, destination, deadLetters, log, clock });
  return { destination, deadLetters, log, handler };
}

describe('on success', () => {
  test('every record is a row, and the answer is an empty list', async () => {
    const { handler, destination } = setUp();
    const Records = ['INSERT', 'MODIFY', 'REMOVE'].map((operation) => streamRecord({ operation }));

    expect(await handler({ Records })).toEqual(SUCCESS);
    expect(destination.rows.map(({ operation }) => operation)).toEqual(['INSERT', 'MODIFY', 'REMOVE']);
    expect(destination.calls).toBe(1);
  });

  test('an empty event is a success without a call', async () => {
    const { handler, destination } = setUp();

    expect(await handler({ Records: [] })).toEqual(SUCCESS);
    expect(destination.calls).toBe(0);
  });

  test('a batch may mix key types, streams of the table, and numbers that one field alone would confuse', async () => {
    const { handler, destination } = setUp();
    const Records = [
      streamRecord({ keys: { id: { S: '1' } }, sequenceNumber: '7' }),
      streamRecord({ keys: { id: { N: '1' } }, sequenceNumber: '7' }),
      streamRecord({ keys: { id: { B: 'AQ==' } }, sequenceNumber: '8', envelope: { eventID: 'event-7' } }),
      streamRecord({ streamArn: STREAM_ARN.replace('2026', '2027'), sequenceNumber: '1' }),
    ];

    expect(await handler({ Records })).toEqual(SUCCESS);
    expect(destination.rows.map(({ key }) => key)).toEqual(['["1"]', '[1]', '[{"B":"AQ=="}]', '["a"]']);
  });

  test("a record without a time takes the earliest of its batch, or its failure record's", async () => {
    const { handler, destination } = setUp();
    const Records = [
      streamRecord({ time: 1_700_000_009 }),
      streamRecord({ time: null }),
      streamRecord({ time: 1_700_000_003 }),
    ];

    await handler({ Records });
    await handler({ Records }, { firstArrivalAt: 1_600_000_000_000 });

    expect(destination.rows[1]?.changedAt).toBe(1_700_000_003_000);
    expect(destination.rows[4]?.changedAt).toBe(1_600_000_000_000);
  });
});

describe('a record that can never be written', () => {
  test('is set aside with the time that its batch gave it, if it has none of its own', async () => {
    const { handler, deadLetters } = setUp();
    const Records = [
      streamRecord({ time: 1_700_000_003 }),
      streamRecord({ time: null, operation: 'FOOBAR' }),
      streamRecord({ time: 'broken' }),
      streamRecord({ time: 1_700_000_009, operation: 'FOOBAR' }),
    ];

    await handler({ Records });
    await handler({ Records: Records.slice(1, 2) }, { firstArrivalAt: 1_600_000_000_000 });
    await handler({ Records: Records.slice(1, 2) });

    expect(deadLetters.letters.map(({ changed_at }) => changed_at)).toEqual([
      '2023-11-14T22:13:23.000Z',
      '2023-11-14T22:13:23.000Z',
      undefined,
      '2020-09-13T12:26:40.000Z',
      undefined,
    ]);
    expect(deadLetters.letters[4]).not.toHaveProperty('changed_at');
  });

  test('is set aside with its reason, and its neighbours go on', async () => {
    const { handler, destination, deadLetters } = setUp();
    const Records = [
      streamRecord(),
      streamRecord({ sequenceNumber: '42', newImage: { a: { X: 'secret' } } }),
      streamRecord(),
    ];

    expect(await handler({ Records }, { shardId: 'shardId-1' })).toEqual(SUCCESS);
    expect(destination.rows).toHaveLength(2);
    expect(deadLetters.letters).toEqual([
      {
        version: 1,
        table: 'Orders',
        stream_arn: STREAM_ARN,
        shard_id: 'shardId-1',
        sequence_number: '42',
        kind: 'record-invalid',
        reason: 'dynamodb.NewImage.a is not an attribute value of exactly one type',
        at: '2026-01-02T03:04:10.000Z',
        rules: null,
        record: Records[1],
      },
    ]);
  });

  test('is set aside whole in the shape of Lambda, from either shape', async () => {
    const { handler, deadLetters } = setUp();
    const record = streamRecord({
      operation: 'FOOBAR',
      time: new Date(1_700_000_000_000),
      newImage: { b: { B: new Uint8Array([1, 2]) }, ['__proto__']: { S: 'kept' } },
      envelope: { userIdentity: { Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' } },
    });

    await handler({ Records: [record] });

    const stored = JSON.parse(JSON.stringify(deadLetters.letters[0]?.record));
    expect(stored.userIdentity).toEqual({ type: 'Service', principalId: 'dynamodb.amazonaws.com' });
    expect(stored.dynamodb.ApproximateCreationDateTime).toBe(1_700_000_000);
    expect(Object.entries(stored.dynamodb.NewImage)).toEqual([
      ['b', { B: 'AQI=' }],
      ['__proto__', { S: 'kept' }],
    ]);
  });

  test('is set aside when the destination rejects its row', async () => {
    const { handler, destination, deadLetters } = setUp({ rejects: ({ sequenceNumber }) => sequenceNumber === '42' });
    const Records = [
      streamRecord({ operation: 'FOOBAR' }),
      streamRecord(),
      streamRecord({ sequenceNumber: '42' }),
      streamRecord(),
    ];

    expect(await handler({ Records })).toEqual(SUCCESS);
    expect(destination.rows).toHaveLength(2);
    expect(deadLetters.letters.map(({ kind, sequence_number }) => [kind, sequence_number])).toEqual([
      ['record-invalid', Records[0]?.dynamodb.SequenceNumber],
      ['row-rejected', '42'],
    ]);
  });

  test('is reported by its number if it can not be set aside', async () => {
    const { handler, destination, deadLetters } = setUp();
    deadLetters.fault = 'refuse';
    const Records = [streamRecord(), streamRecord({ sequenceNumber: '42', operation: 'FOOBAR' }), streamRecord()];

    expect(await handler({ Records })).toEqual({ batchItemFailures: [{ itemIdentifier: '42' }] });
    expect(destination.rows).toHaveLength(2);
  });

  test('nested too deep to be set aside is reported like one whose letter could not be stored', async () => {
    const { handler, deadLetters } = setUp();
    let deep: unknown = { S: 'deep' };
    for (let level = 0; level < 100_000; level++) deep = { L: [deep] };

    expect(await handler({ Records: [streamRecord({ sequenceNumber: '42', newImage: { deep } })] })).toEqual({
      batchItemFailures: [{ itemIdentifier: '42' }],
    });
    expect(deadLetters.letters).toEqual([]);
  });

  test('fails the whole batch if it can neither be set aside nor reported, for want of a number', async () => {
    const { handler, deadLetters } = setUp();
    deadLetters.fault = 'refuse';

    await expect(handler({ Records: [streamRecord({ body: { SequenceNumber: null } })] })).rejects.toMatchObject({
      kind: 'dead-letter-failed',
    });
  });

  test('never shows a value of its own in a log line', async () => {
    const { handler, log } = setUp();

    await handler({
      Records: [streamRecord({ newImage: { a: { S: ['secret'] } } }), streamRecord({ keys: { id: { N: 'secret' } } })],
    });

    expect(log.lines.map(({ message }) => message)).toEqual([
      'record set aside',
      'record set aside',
      'batch delivered',
    ]);
    expect(JSON.stringify(log.lines)).not.toContain('secret');
  });
});

test("a record of another service's is named by its index, counted from one", async () => {
  const { handler } = setUp();
  const event = { Records: [streamRecord(), streamRecord(), { ...streamRecord(), eventSource: 'aws:sqs' }] };

  await expect(handler(event)).rejects.toMatchObject({
    kind: 'event-invalid',
    message: 'Record 3 of 3 is not of a DynamoDB stream',
    context: { record: 3 },
  });
});

describe('an event that should not be here is refused before anything is written', () => {
  test.each([
    ['nothing', undefined, 'event-invalid'],
    ['no Records', { detail: {} }, 'event-invalid'],
    ["another service's", { Records: [{ eventSource: 'aws:sqs', body: '' }] }, 'event-invalid'],
    ["a time window's", { Records: [], state: {}, window: {} }, 'event-invalid'],
    [
      "another table's",
      { Records: [streamRecord(), streamRecord({ streamArn: STREAM_ARN.replace('Orders', 'Carts') })] },
      'record-foreign',
    ],
    [
      "another region's",
      { Records: [streamRecord({ streamArn: STREAM_ARN.replace('eu-central-1', 'eu-west-1') })] },
      'record-foreign',
    ],
    [
      "another account's",
      { Records: [streamRecord({ streamArn: STREAM_ARN.replace('123456789012', '210987654321') })] },
      'record-foreign',
    ],
    [
      'a stream without new images',
      { Records: [streamRecord(), streamRecord({ body: { StreamViewType: 'KEYS_ONLY' } })] },
      'stream-view-type',
    ],
  ])('%s', async (_, event, kind) => {
    const { handler, destination, deadLetters } = setUp();

    await expect(handler(event)).rejects.toMatchObject({ kind });
    expect(destination.calls).toBe(0);
    expect(deadLetters.letters).toEqual([]);
  });
});

test('a destination that is down is never a success', async () => {
  const { handler, deadLetters } = setUp({ faults: ['refuse'] });

  await expect(handler({ Records: [streamRecord(), streamRecord({ operation: 'FOOBAR' })] })).rejects.toMatchObject({
    kind: 'destination-unavailable',
  });
  expect(deadLetters.letters).toEqual([]);
});

test('retries stop in time for the answer', async () => {
  const deadlines: unknown[] = [];
  const handler = createStreamHandler({
    source: ORDERS,
    deadLetters: new MemoryDeadLetters(),
    clock: fixedClock(1_000_000),
    destination: {
      append: async (_table, _rows, options) => {
        deadlines.push(options?.deadline);
        return [];
      },
    },
  });

  await handler({ Records: [streamRecord()] }, { getRemainingTimeInMillis: () => 30_000 });
  await handler({ Records: [streamRecord()] });

  expect(deadlines).toEqual([1_028_000, undefined]);
});

const fault = fc.constantFrom<AppendFault>('none', 'refuse', 'lose-response');
const plan = fc.record({
  batch: fc.array(
    fc.record({ id: fc.constantFrom('a', 'b', 'c'), fate: fc.constantFrom('good', 'malformed', 'rejected') }),
    {
      minLength: 1,
      maxLength: 8,
    },
  ),
  faults: fc.array(fault, { maxLength: 5 }),
  fullFor: fc.nat(2),
});

test('whatever the destination and the dead letters do, retrying loses nothing: each record is a row or a dead letter', async () => {
  await fc.assert(
    fc.asyncProperty(plan, async ({ batch, faults, fullFor }) => {
      const rejected = new Set(batch.flatMap(({ fate }, index) => (fate === 'rejected' ? [String(index + 1)] : [])));
      const { handler, destination, deadLetters } = setUp({
        faults,
        rejects: ({ sequenceNumber }) => rejected.has(sequenceNumber),
      });
      const records = batch.map(({ id, fate }, index) =>
        streamRecord({
          keys: { id: { S: id } },
          sequenceNumber: String(index + 1),
          operation: fate === 'malformed' ? 'X' : 'MODIFY',
        }),
      );

      // Lambda's part: again from the lowest reported number, or the whole batch, until nothing is reported.
      let rest = records;
      for (let attempt = 0; rest.length > 0; attempt++) {
        deadLetters.fault = attempt < fullFor ? 'refuse' : 'none';
        const answer = await handler({ Records: rest }).catch(() => undefined);
        if (!answer) continue;
        const lowest = Math.min(...answer.batchItemFailures.map(({ itemIdentifier }) => Number(itemIdentifier)));
        rest = records.filter(({ dynamodb }) => Number(dynamodb.SequenceNumber) >= lowest);
      }

      const written = new Set(destination.rows.map(({ sequenceNumber }) => sequenceNumber));
      const aside = new Set(deadLetters.letters.map(({ sequence_number }) => sequence_number));
      batch.forEach(({ fate }, index) => {
        const number = String(index + 1);
        expect([written.has(number), aside.has(number)]).toEqual(fate === 'good' ? [true, false] : [false, true]);
      });
    }),
    RUNS,
  );
});
