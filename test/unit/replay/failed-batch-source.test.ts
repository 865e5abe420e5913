import { describe, expect, test } from 'vitest';
import { sequenceNumberOf } from '../../../src/record/decode.ts';
import { MemoryFailedBatches, ReplayStage } from '../../support/stages/replay-stage.ts';
import { failureRecord, pipesRecord, snsEnvelope } from '../../support/stream/failure-record.ts';
import { STREAM_ARN, streamRecord } from '../../support/stream/record.ts';

function stageOf() {
  const stage = new ReplayStage();
  stage.streams.shard('shard-1', {
    records: ['100', '101', '102', '103', '104', '105', '106'].map((number) => [number, 'a'] as const),
    open: true,
  });
  return stage;
}

/** A hundred of these are more than is buffered. */
const LARGE = { id: { S: 'a' }, text: { S: 'x'.repeat(100_000) } };

const event = (...numbers: readonly string[]) => ({
  Records: numbers.map((sequenceNumber) => streamRecord({ sequenceNumber })),
});

describe('what failures left behind', () => {
  test('is delivered whatever its shape, and acknowledged', async () => {
    const stage = stageOf();
    const batches = new MemoryFailedBatches({
      event: event('1', '2'),
      object: failureRecord({ from: '3', to: '4', shardId: 'shard-9', payload: event('3', '4') }),
      message: failureRecord({ from: '100', to: '102', batchSize: 3 }),
      topic: snsEnvelope(failureRecord({ from: '103', to: '103' })),
      pipe: pipesRecord({ from: '105', to: '106', batchSize: 2 }),
    });

    await stage.failedBatches(batches);

    expect(stage.delivered.toSorted()).toEqual(['1', '100', '101', '102', '103', '105', '106', '2', '3', '4']);
    expect(batches.acknowledged.toSorted()).toEqual(['event', 'message', 'object', 'pipe', 'topic']);
    expect([stage.lost, stage.refused, batches.left]).toEqual([[], [], []]);
    // The payload needs no stream, and works for ever.
    expect(stage.streams.calls.some((call) => call.includes('shard-9'))).toBe(false);
  });

  test('of a bisected batch brings its own half, not its neighbour', async () => {
    const stage = stageOf();

    await stage.failedBatches(
      new MemoryFailedBatches({ left: failureRecord({ from: '100', to: '101', batchSize: 2 }) }),
    );
    expect(stage.delivered).toEqual(['100', '101']);

    await stage.failedBatches(new MemoryFailedBatches({ right: failureRecord({ from: '102', to: '102' }) }));
    expect(stage.delivered).toEqual(['100', '101', '102']);
  });

  test('gives records without a time that of the first arrival', async () => {
    const stage = stageOf();
    const firstArrivalAt = Date.parse('2026-01-02T03:04:05Z');

    await stage.failedBatches(
      new MemoryFailedBatches({
        object: failureRecord({ payload: event('1') }),
        range: failureRecord({ from: '100' }),
      }),
    );

    expect(stage.pages.map((page) => page.firstArrivalAt)).toEqual([firstArrivalAt, firstArrivalAt]);
    expect(stage.pages.map((page) => page.shardId)).toEqual(['shard-1', 'shard-1']);
  });

  test('that the stream has dropped is named with its count and left, and the rest is delivered', async () => {
    const stage = stageOf();
    stage.streams.trim('shard-1', '102');
    const batches = new MemoryFailedBatches({
      half: failureRecord({ from: '100', to: '103', batchSize: 4 }),
      all: failureRecord({ from: '100', to: '101', batchSize: 2 }),
      gone: failureRecord({ shardId: 'shard-0', from: '1', to: '5', batchSize: 5 }),
      there: failureRecord({ from: '104', to: '105', batchSize: 2 }),
    });
    stage.streams.shard('shard-0', { records: [['1', 'a']] });
    stage.streams.drop('shard-0');

    await stage.failedBatches(batches);

    expect(stage.lost).toEqual([
      'shard shard-1 from 100 to below 102, 2 records',
      'shard shard-1 from 100 to 101, 2 records',
      'shard shard-0 from 1 to 5, 5 records',
    ]);
    expect(stage.delivered).toEqual(['102', '103', '104', '105']);
    expect(batches.left).toEqual(['half', 'all', 'gone']);
    expect(batches.acknowledged).toEqual(['there']);
  });

  test('that holds fewer records than its batch had is named, too', async () => {
    const stage = stageOf();

    await stage.failedBatches(
      new MemoryFailedBatches({ batch: failureRecord({ from: '100', to: '102', batchSize: 5 }) }),
    );

    expect(stage.delivered).toEqual(['100', '101', '102']);
    expect(stage.lost).toEqual(['shard shard-1 from 100 to 102, 2 records']);
  });

  test('of a filtered batch brings the whole range: more records than it had are no loss', async () => {
    const stage = stageOf();

    await stage.failedBatches(
      new MemoryFailedBatches({ batch: failureRecord({ from: '100', to: '104', batchSize: 2 }) }),
    );

    expect(stage.delivered).toHaveLength(5);
    expect(stage.lost).toEqual([]);
  });

  const otherTable = STREAM_ARN.replace('/Orders/', '/Customers/');
  const otherRegion = STREAM_ARN.replace('eu-central-1', 'us-east-1');
  const otherAccount = STREAM_ARN.replace('123456789012', '999999999999');
  const earlierTable = STREAM_ARN.replace('/2026-01-02', '/2026-01-01');
  const later = STREAM_ARN.replace('/2026-01-02', '/2026-01-03');
  test.each([
    ["another table's range", failureRecord({ streamArn: otherTable }), 'record-foreign'],
    ["another region's range", failureRecord({ streamArn: otherRegion }), 'record-foreign'],
    ["another account's range", failureRecord({ streamArn: otherAccount }), 'record-foreign'],
    [
      "an event with another table's record",
      { Records: [streamRecord(), streamRecord({ streamArn: otherTable })] },
      'record-foreign',
    ],
    ["an earlier table's range", failureRecord({ streamArn: earlierTable }), 'record-foreign'],
    [
      "an event with an earlier table's record",
      { Records: [streamRecord({ streamArn: earlierTable })] },
      'record-foreign',
    ],
    ["an event of a stream that wasn't seen yet", { Records: [streamRecord({ streamArn: later })] }, 'record-foreign'],
    ['an object that is something else', 'a note', 'event-invalid'],
    ['a truncated payload', failureRecord({ payload: '{"Records": [' }), 'event-invalid'],
    ['a start after the end', failureRecord({ from: '9', to: '8' }), 'event-invalid'],
    [
      'records without a stream',
      { Records: [streamRecord({ envelope: { eventSourceARN: undefined } })] },
      'event-invalid',
    ],
    [
      'records without images',
      { Records: [streamRecord({ body: { StreamViewType: 'KEYS_ONLY' } })] },
      'stream-view-type',
    ],
  ])('%s is left as it was by name, before any of it is written, and the rest is delivered', async (_, thing, kind) => {
    const stage = stageOf();
    const batches = new MemoryFailedBatches({ first: event('1'), wrong: thing, last: event('2') });

    await stage.failedBatches(batches);

    expect(stage.refused).toMatchObject([{ name: 'wrong', error: { kind } }]);
    expect(stage.refused[0]?.error.message).toContain(kind === 'stream-view-type' ? 'Orders' : 'wrong');
    expect(stage.delivered).toEqual(['1', '2']);
    expect([batches.acknowledged, batches.left]).toEqual([['first', 'last'], ['wrong']]);
  });

  test('of many small things shares pages, and each is acknowledged', async () => {
    const stage = stageOf();
    const numbers = Array.from({ length: 2_500 }, (_, index) => String(1_000 + index));
    const batches = new MemoryFailedBatches(
      Object.fromEntries(numbers.map((number) => [`thing ${number}`, event(number)])),
    );

    await stage.failedBatches(batches);

    expect(stage.pages.map(({ records }) => records.length)).toEqual([1_000, 1_000, 500]);
    expect(stage.delivered.toSorted()).toEqual(numbers);
    expect(batches.acknowledged).toHaveLength(2_500);
  });

  test('shares no page where a record has no time but that of its batch', async () => {
    const stage = stageOf();
    const untimed = streamRecord({ sequenceNumber: '3', body: { ApproximateCreationDateTime: undefined } });
    const batches = new MemoryFailedBatches({
      first: event('1'),
      second: { Records: [streamRecord({ sequenceNumber: '2' }), untimed] },
      third: event('4'),
      fourth: event('5'),
    });

    await stage.failedBatches(batches);

    const pages = stage.pages.map(({ records }) => records.map(sequenceNumberOf));
    expect(pages).toEqual([['1'], ['2', '3'], ['4', '5']]);
  });

  test('shares no page with what has been through other rules, or is of another shard', async () => {
    const stage = stageOf();
    const letter = (number: string, rules: string | null) => ({
      ...{ version: 1, kind: 'row-rejected', reason: 'mended', rules },
      record: streamRecord({ sequenceNumber: number }),
    });
    const batches = new MemoryFailedBatches({
      raw: event('1'),
      through: letter('2', 'abc'),
      other: letter('3', 'def'),
      shard: failureRecord({ shardId: 'shard-9', payload: event('4') }),
      same: failureRecord({ shardId: 'shard-9', payload: event('5') }),
    });

    await stage.failedBatches(batches);

    const pages = stage.pages.map(({ records, rules, shardId }) => [records.map(sequenceNumberOf), rules, shardId]);
    expect(pages).toEqual([
      [['1'], null, null],
      [['2'], 'abc', null],
      [['3'], 'def', null],
      [['4', '5'], null, 'shard-9'],
    ]);
  });

  test('that is too large for memory is checked to its end before any of it is given', async () => {
    const stage = stageOf();
    const line = (number: number) => JSON.stringify(streamRecord({ sequenceNumber: String(number), newImage: LARGE }));
    const good = Array.from({ length: 100 }, (_, index) => line(index + 1)).join('\n');
    const batches = new MemoryFailedBatches({ good, wrong: `${good}\n{"Records": [` });

    await stage.failedBatches(batches);

    expect(stage.delivered).toHaveLength(100);
    expect(stage.refused).toMatchObject([
      { name: 'wrong', error: { message: 'wrong ends within a JSON value (line 101)' } },
    ]);
    expect([batches.acknowledged, batches.left]).toEqual([['good'], ['wrong']]);
  });

  test('is left while the destination is away, and none of it is acknowledged', async () => {
    const stage = stageOf();
    stage.onPage = () => {
      throw new Error('Injected: away');
    };
    const batches = new MemoryFailedBatches({ first: event('1'), second: failureRecord({ from: '100' }) });

    await expect(stage.failedBatches(batches)).rejects.toThrow('away');

    expect(batches.acknowledged).toEqual([]);
  });

  test('is acknowledged only when all of its pages are durable', async () => {
    const stage = stageOf();
    const numbers = Array.from({ length: 2_500 }, (_, index) => String(1_000 + index));
    const batches = new MemoryFailedBatches({ large: event(...numbers) });
    const acknowledgedBefore: string[][] = [];
    stage.onPage = async () => {
      await stage.clock.sleep(100);
      acknowledgedBefore.push([...batches.acknowledged]);
    };

    await stage.failedBatches(batches);

    expect(acknowledgedBefore).toEqual([[], [], []]);
    expect(batches.acknowledged).toEqual(['large']);
    expect(stage.delivered.toSorted()).toEqual(numbers.toSorted());
  });
});
