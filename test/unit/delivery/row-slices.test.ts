import { expect, test } from 'vitest';
import { type Decoded, rowSlices } from '../../../src/delivery/row-slices.ts';
import { identity } from '../../../src/privacy/transform.ts';
import { decode } from '../../../src/record/decode.ts';
import { streamRecord } from '../../support/stream/record.ts';

const CONTEXT = { transform: identity, origin: 'stream' } as const;

function decoded(newImages: readonly unknown[]): readonly Decoded[] {
  return newImages.map((newImage) => {
    const record = streamRecord({ newImage });
    return { record, change: decode(record, { changedAt: null }) };
  });
}

const megabytes = (count: number) => ({ id: { S: 'x'.repeat(count * 1_000_000) } });

test('a usual batch is one slice', () => {
  const changes = decoded(Array.from({ length: 10_000 }, () => ({ id: { S: 'a' } })));

  const slices = [...rowSlices(changes, CONTEXT)];

  expect(slices.map(({ rows }) => rows.length)).toEqual([10_000]);
});

test('a slice ends where it is large, and each row stands with its record', () => {
  const changes = decoded([megabytes(5), megabytes(5), megabytes(1), megabytes(9), megabytes(1)]);

  const slices = [...rowSlices(changes, CONTEXT)];

  expect(slices.map(({ rows }) => rows.length)).toEqual([2, 2, 1]);
  expect(slices.flatMap(({ records }) => records)).toEqual(changes.map(({ record }) => record));
});

test('a record whose values can not be carried is refused, and its neighbours go on', () => {
  const changes = decoded([{ id: { S: 'a' } }, { id: { N: 'x' } }, { id: { S: 'c' } }]);

  const [slice, ...others] = rowSlices(changes, CONTEXT);

  expect(slice?.rows.map(({ newImage }) => newImage)).toEqual(['{"id":"a"}', '{"id":"c"}']);
  expect(slice?.records).toEqual([changes[0]?.record, changes[2]?.record]);
  expect(slice?.refused).toMatchObject([{ record: changes[1]?.record, error: { kind: 'record-invalid' } }]);
  expect(others).toEqual([]);
});

test('a slice of refused records alone has no rows', () => {
  expect([...rowSlices(decoded([{ id: 7 }]), CONTEXT)]).toMatchObject([{ rows: [], records: [], refused: [{}] }]);
  expect([...rowSlices([], CONTEXT)]).toEqual([]);
});
