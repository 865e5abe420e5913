import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_BYTES, pack, packTogether } from '../../../../src/destination/bigquery/pack.ts';
import type { Utf8Writer } from '../../../../src/value/utf8-writer.ts';
import { RUNS } from '../../../support/vitest/budget.ts';

const writeText = (out: Utf8Writer, text: string) => out.text(text);

/** Rows by their length in UTF-8, most of them near the size of a full request. */
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

/** All requests for some rows, with their size, and the rows that are too large. */
function packAll(texts: readonly string[]) {
  const packed = [...pack(texts, writeText)];
  return {
    requests: packed.flatMap((one) => ('rows' in one ? [{ ...one, bytes: one.body.length }] : [])),
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
        const entries = rows.map(({ index }) => texts[index] ?? '');
        expect(body.equals(Buffer.from(`{"rows":[${entries.join(',')}]}`))).toBe(true);
        const again = packTogether(texts, rows, writeText);
        expect([again.rows, again.body.equals(body)]).toEqual([rows, true]);
        for (const { index, start, bytes: length } of rows) {
          expect(body.subarray(start, start + length).equals(Buffer.from(texts[index] ?? ''))).toBe(true);
        }
        expect(bytes).toBeLessThanOrEqual(MAX_BYTES);
      }
      for (const row of tooLarge) {
        expect(packTogether(texts, [row], writeText).body.length).toBeGreaterThan(MAX_BYTES);
      }
    }),
    { numRuns: Math.min(RUNS.numRuns, 25) },
  );
});

test('a row that is surely too large is not written', () => {
  const written: string[] = [];
  const write = (out: Utf8Writer, text: string) => {
    written.push(text);
    out.text(text);
  };

  const packed = [...pack(['a', 'huge', 'b'], write, (text) => (text === 'huge' ? MAX_BYTES + 1 : 1))];

  expect(written).toEqual(['a', 'b']);
  expect(packed[0]).toEqual({ tooLarge: { index: 1, start: 0, bytes: MAX_BYTES + 1 } });
  expect(packed[1]).toMatchObject({ rows: [{ index: 0 }, { index: 2 }] });
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
  expect([...pack([], writeText)]).toEqual([]);
});

test('requests that are packed at the same time have their own rows each, and an abandoned one leaves none', () => {
  const packings = ['a', 'b', 'c'].map((name) =>
    pack(
      Array.from({ length: 1_001 }, () => `"${name}"`),
      writeText,
    ),
  );
  const bodies = packings.map((): string[] => []);

  packings[2]?.next();
  packings[2]?.return();
  for (let request = 0; request < 3; request++) {
    for (const [index, packing] of packings.entries()) {
      const { value } = packing.next();
      if (value && 'body' in value) bodies[index]?.push(String(value.body));
    }
  }

  const bodyOf = (name: string, rows: number) => `{"rows":[${Array(rows).fill(`"${name}"`).join(',')}]}`;
  expect(bodies).toEqual([
    [500, 500, 1].map((rows) => bodyOf('a', rows)),
    [500, 500, 1].map((rows) => bodyOf('b', rows)),
    [],
  ]);
});

test('a row is encoded when its request is pulled, and not before', () => {
  let encoded = 0;
  const requests = pack(Array(2_000).fill('{}'), (out, text: string) => {
    encoded++;
    out.text(text);
  });

  requests.next();

  expect(encoded).toBe(501);
});
