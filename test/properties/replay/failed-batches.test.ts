import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoryFailedBatches, ReplayStage } from '../../support/stages/replay-stage.ts';
import { failureRecord, pipesRecord, snsEnvelope } from '../../support/stream/failure-record.ts';
import { STREAM_ARN, streamRecord } from '../../support/stream/record.ts';
import { RUNS } from '../../support/vitest/budget.ts';

const NUMBERS = ['100', '101', '102', '103', '104', '105'];
const FOREIGN = STREAM_ARN.replace('/Orders/', '/Customers/');

const record = fc
  .record({
    sequenceNumber: fc.constantFrom('1', '2', '3', '4'),
    streamArn: fc.constantFrom(STREAM_ARN, STREAM_ARN, STREAM_ARN, FOREIGN),
    operation: fc.constantFrom('INSERT', 'REMOVE', 'FOOBAR'),
    newImage: fc.oneof(fc.constant({ id: { S: 'planted' } }), fc.jsonValue()),
  })
  .map(streamRecord);
const event = fc.record({ Records: fc.array(fc.oneof(record, fc.jsonValue()), { maxLength: 4 }) });
const range = fc
  .record({
    from: fc.constantFrom(...NUMBERS),
    to: fc.constantFrom(...NUMBERS),
    batchSize: fc.constantFrom(1, 2, 3, undefined),
    shardId: fc.constantFrom('shard-1', 'shard-1', 'shard-gone'),
    streamArn: fc.constantFrom(STREAM_ARN, STREAM_ARN, FOREIGN),
  })
  .chain((parts) => fc.constantFrom(failureRecord(parts), pipesRecord(parts)));
const thing: fc.Arbitrary<unknown> = fc.oneof(
  event,
  range,
  range.map(snsEnvelope),
  event.map((payload) => failureRecord({ payload })),
  fc.json(),
  fc.string(),
  fc.tuple(event, fc.nat(200)).map(([whole, length]) => JSON.stringify(whole).slice(0, length)),
);

test('whatever lies there, each thing is acknowledged, left or refused once, and nothing of another table is delivered', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(thing, { maxLength: 5 }),
      fc.constantFrom(null, '102', '200'),
      async (things, trimmed) => {
        const stage = new ReplayStage();
        stage.streams.shard('shard-1', { records: NUMBERS.map((number) => [number, 'a'] as const), open: true });
        stage.streams.shard('shard-gone', { records: [['1', 'a']] });
        stage.streams.drop('shard-gone');
        if (trimmed !== null) stage.streams.trim('shard-1', trimmed);
        const batches = new MemoryFailedBatches(
          Object.fromEntries(things.map((value, index) => [`thing ${index}`, value])),
        );

        await stage.failedBatches(batches);

        expect([...batches.acknowledged, ...batches.left].toSorted()).toEqual(
          things.map((_, index) => `thing ${index}`),
        );
        const left = new Set(batches.left);
        for (const { name, error } of stage.refused) {
          expect(left).toContain(name);
          expect(error.message).not.toMatch(/planted|\n/);
        }
        expect(batches.left.length).toBe(stage.refused.length + stage.lost.length);
        for (const { records } of stage.pages) expect(JSON.stringify(records)).not.toContain(FOREIGN);
      },
    ),
    RUNS,
  );
});
