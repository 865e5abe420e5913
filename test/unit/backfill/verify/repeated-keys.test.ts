import { expect, test } from 'vitest';
import { RepeatedKeys } from '../../../../backfill/verify/repeated-keys.ts';

test('each key that comes again is named once, in the order in which they came again', () => {
  const keys = new RepeatedKeys();
  for (const key of ['a', 'b', 'c', 'b', 'a', 'b']) keys.add(key);

  expect(keys.named).toEqual(['b', 'a']);
});

test('what is held is bounded: of a large table the first keys are, and no more', () => {
  const keys = new RepeatedKeys();
  const key = (index: number) => `${index}`.padStart(4_000, '.');
  for (let index = 0; index < 2_000; index++) keys.add(key(index));

  keys.add(key(999));
  keys.add(key(1_001));

  expect(keys.named).toEqual([key(999)]);
});

test('no more than a hundred are named', () => {
  const keys = new RepeatedKeys();
  for (const round of [1, 2]) for (let index = 0; index < 150; index++) keys.add(`${index} ${round > 2}`);

  expect(keys.named).toHaveLength(100);
});
