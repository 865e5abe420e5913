import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_BYTES, pack, requestBody } from '../../../../src/destination/bigquery/pack.ts';
import { RUNS } from '../../../support/budget.ts';

/** Rows by their length in UTF-8, most of them near what makes a request full. */
const rowTexts = fc.array(
  fc
    .tuple(
      fc.constantFrom('a', 'é', '😀'),
      fc.oneof(
        fc.nat(50),
        fc.integer({ min: 800_000, max: 4_600_000 }),
        fc.integer({ min: 8_999_980, max: 9_000_010 }),
      ),
    )
    .map(([unit, bytes]) => unit.repeat(Math.floor(bytes / Buffer.byteLength(unit)))),
  { maxLength: 5 },
);

/** Everything that rows are packed into: the indices of each request, its bytes, and the rows that are too large. */
function packAll(texts: readonly string[]) {
  const packed = [...pack(texts)];
  return {
    requests: packed.flatMap((one) => ('rows' in one ? [{ ...one, bytes: Buffer.byteLength(one.body) }] : [])),
    tooLarge: packed.flatMap((one) => ('tooLarge' in one ? one.tooLarge : [])),
  };
}

test('every row is in one request or too large even alone, in order, and no request is over the limit', () => {
  fc.assert(
    fc.property(rowTexts, (texts) => {
      const { requests, tooLarge } = packAll(texts);

      const indices = requests.flatMap(({ rows }) => rows.map(({ index }) => index));
      expect(indices).toEqual(indices.toSorted((a, b) => a - b));
      expect([...indices, ...tooLarge.map(({ index }) => index)].sort((a, b) => a - b)).toEqual([...texts.keys()]);
      for (const { rows, body, bytes } of requests) {
        expect(body).toBe(requestBody(rows.map(({ index }) => texts[index] ?? '')));
        expect(bytes).toBeLessThanOrEqual(MAX_BYTES);
      }
      for (const { index } of tooLarge) {
        expect(Buffer.byteLength(requestBody([texts[index] ?? '']))).toBeGreaterThan(MAX_BYTES);
      }
    }),
    { numRuns: Math.min(RUNS.numRuns, 25) },
  );
});

test('no request could take the first row of the next one too', () => {
  fc.assert(
    fc.property(rowTexts, (texts) => {
      const { requests } = packAll(texts);

      for (const [index, { bytes }] of requests.slice(0, -1).entries()) {
        const [next] = requests[index + 1]?.rows ?? [];
        expect(bytes + 1 + (next?.bytes ?? 0)).toBeGreaterThan(MAX_BYTES);
      }
    }),
    { numRuns: Math.min(RUNS.numRuns, 25) },
  );
});

test('a request holds at most 500 rows', () => {
  const { requests } = packAll(Array.from({ length: 1001 }, () => '{}'));

  expect(requests.map(({ rows }) => rows.length)).toEqual([500, 500, 1]);
});

test('no rows make no request', () => {
  expect([...pack([])]).toEqual([]);
});

test('a row is encoded when its request is asked for, and not before', () => {
  let encoded = 0;
  function* texts() {
    for (let index = 0; index < 2_000; index++) {
      encoded++;
      yield '{}';
    }
  }
  const requests = pack(texts());

  requests.next();

  expect(encoded).toBe(501);
});
