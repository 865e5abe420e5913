import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Checkpoint } from '../../../src/stream/checkpoint.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../src/stream/checkpoint-format.ts';
import type { NoticedLoss } from '../../../src/stream/loss.ts';
import type { ShardProgress } from '../../../src/stream/shard-life.ts';
import type { IteratorStart } from '../../../src/stream/stream-client.ts';
import { RUNS } from '../../support/vitest/budget.ts';

const name = fc.string({ minLength: 1, maxLength: 12 });
const time = fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) });
const sequenceNumber = fc.stringMatching(/^\d{1,40}$/);
const start: fc.Arbitrary<IteratorStart> = fc.oneof(
  fc.constant({ at: 'TRIM_HORIZON' } as const),
  fc.record({ at: fc.constantFrom('AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER'), sequenceNumber }),
);
const progress: fc.Arbitrary<ShardProgress> = fc.record({
  parentId: fc.option(name),
  resume: start,
  done: fc.boolean(),
  absentAt: fc.option(time),
  presentAt: fc.option(time),
});
const lost: fc.Arbitrary<NoticedLoss> = fc.record({
  shardId: name,
  start,
  before: fc.option(sequenceNumber),
  to: fc.option(sequenceNumber),
  records: fc.option(fc.nat()),
  noticedAt: time,
});
const checkpoint: fc.Arbitrary<Checkpoint> = fc.record({
  streamArn: name,
  createdAt: fc.option(time),
  tableId: fc.option(name),
  destination: name,
  replaces: fc.option(name),
  describedAt: fc.option(time),
  savedAt: fc.option(time),
  readUntil: fc.option(time),
  ended: fc.boolean(),
  shards: fc.uniqueArray(fc.tuple(name, progress), { selector: ([id]) => id, maxLength: 5 }).map((all) => new Map(all)),
  lost: fc.array(lost, { maxLength: 3 }),
});

test('every checkpoint is read back as it was written', () => {
  fc.assert(
    fc.property(checkpoint, (written) => {
      expect(decodeCheckpoint(encodeCheckpoint(written))).toEqual(written);
    }),
    RUNS,
  );
});

test('a file that was cut off anywhere is refused', () => {
  fc.assert(
    fc.property(checkpoint, fc.nat(), (written, at) => {
      const text = encodeCheckpoint(written).trimEnd();
      expect(decodeCheckpoint(text.slice(0, at % text.length))).toHaveProperty('problem');
    }),
    RUNS,
  );
});

test('any other text is refused, and never by a crash', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(decodeCheckpoint(text)).toHaveProperty('problem');
    }),
    RUNS,
  );
});

test('a checkpoint with one wrong field is read or refused, and never crashes', () => {
  fc.assert(
    fc.property(checkpoint, fc.nat(), fc.jsonValue(), (written, at, value) => {
      let index = 0;
      const text = encodeCheckpoint(written);
      const fields = (text.match(/:/g) ?? []).length;
      const spoiled = JSON.stringify(JSON.parse(text, (_key, inner) => (index++ === at % fields ? value : inner)));
      const read = decodeCheckpoint(spoiled);
      if (!('problem' in read)) expect(decodeCheckpoint(encodeCheckpoint(read))).toEqual(read);
    }),
    RUNS,
  );
});
