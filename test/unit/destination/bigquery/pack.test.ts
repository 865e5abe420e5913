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

test('every row is in one request or too large even alone, in order, and no request is over the limit', () => {
  fc.assert(
    fc.property(rowTexts, (texts) => {
      const { requests, tooLarge } = pack(texts);

      expect([...requests.flat(), ...tooLarge].sort((a, b) => a.index - b.index).map(({ text }) => text)).toEqual(
        texts,
      );
      for (const request of requests) {
        expect(Buffer.byteLength(requestBody(request))).toBeLessThanOrEqual(MAX_BYTES);
        expect(request.map(({ index }) => index)).toEqual(request.map(({ index }) => index).sort((a, b) => a - b));
      }
      for (const row of tooLarge) expect(Buffer.byteLength(requestBody([row]))).toBeGreaterThan(MAX_BYTES);
    }),
    { numRuns: Math.min(RUNS.numRuns, 25) },
  );
});

test('no request could take the first row of the next one too', () => {
  fc.assert(
    fc.property(rowTexts, (texts) => {
      const { requests } = pack(texts);

      for (const [index, request] of requests.slice(0, -1).entries()) {
        const more = [...request, ...(requests[index + 1]?.slice(0, 1) ?? [])];
        expect(Buffer.byteLength(requestBody(more))).toBeGreaterThan(MAX_BYTES);
      }
    }),
    { numRuns: Math.min(RUNS.numRuns, 25) },
  );
});

test('a request holds at most 500 rows', () => {
  expect(pack(Array.from({ length: 1001 }, () => '{}')).requests.map(({ length }) => length)).toEqual([500, 500, 1]);
});

test('no rows make no request', () => {
  expect(pack([])).toEqual({ requests: [], tooLarge: [] });
});
