import { expect, test } from 'vitest';
import { refuseOtherStream } from '../../../src/destination/known-stream.ts';
import { rememberTable } from '../../../src/destination/known-table.ts';
import { streamArn } from '../../../src/order/stream-arn.ts';
import type { Sighting } from '../../../src/source/sighting.ts';
import { ORDERS, TABLE_ARN } from '../../support/stream/record.ts';
import { kind } from '../../support/vitest/kind.ts';

const CREATED_AT = Date.parse('2026-01-02T00:00:00Z');
const SEEN: Sighting = { createdAt: CREATED_AT, streams: ['2026-01-02T00:00:00.123', '2026-02-01T00:00:00.000'] };

const stream = (label: string, tableArn: string = TABLE_ARN) => streamArn(`${tableArn}/stream/${label}`);
const refusal = (label: string, seen: Sighting | null, tableArn?: string) => () =>
  refuseOtherStream(stream(label, tableArn), { source: ORDERS, seen });

test.each([
  ['one that the table was seen with', '2026-01-02T00:00:00.123', SEEN],
  ['one between the table’s creation and the newest that it was seen with', '2026-01-15T12:00:00.000', SEEN],
  [
    'one from the moment of its creation that it was seen with',
    '2026-01-01T23:59:59.900',
    { ...SEEN, streams: ['2026-01-01T23:59:59.900'] },
  ],
  ['any, if nothing was seen', '2020-01-01T00:00:00.000', null],
  ['one whose label is no time and that was seen', 'label', { createdAt: CREATED_AT, streams: ['label'] }],
  [
    'one between two by seconds, as some servers write labels',
    '1767400000.5',
    { createdAt: CREATED_AT, streams: ['1767500000.123'] },
  ],
])('a stream counts as the table’s: %s', (_, label, seen) => {
  expect(refusal(label, seen)).not.toThrow();
});

test.each([
  ['one that began before the table was created', '2026-01-01T12:00:00.000', SEEN, 'earlier table'],
  ['the same if no stream was seen', '2026-01-01T12:00:00.000', { ...SEEN, streams: [] }, 'earlier table'],
  [
    'one that began after the creation if no stream was seen',
    '2026-03-01T00:00:00.000',
    { ...SEEN, streams: [] },
    "isn't known",
  ],
  ['one of the second in which the table was created', '2026-01-02T00:00:00.900', SEEN, "isn't known"],
  ['one of the second before', '2026-01-01T23:59:59.100', SEEN, "isn't known"],
  ['one that is newer than all that were seen', '2026-02-01T00:00:00.001', SEEN, "isn't known"],
  ['one whose label is no time and wasn’t seen', 'other', SEEN, "isn't known"],
  ['one of a table whose creation isn’t known', '2025-01-01T00:00:00.000', { ...SEEN, createdAt: null }, "isn't known"],
  [
    'seconds before the creation',
    '1767200000.5',
    { createdAt: CREATED_AT, streams: ['1767500000.1'] },
    'earlier table',
  ],
])('a stream is refused: %s', (_, label, seen, words) => {
  expect(refusal(label, seen)).toThrow(expect.objectContaining(kind('record-foreign')));
  expect(refusal(label, seen)).toThrow(words);
});

test('a stream of another account is refused whatever was seen', () => {
  const other = TABLE_ARN.replace('123456789012', '210987654321');
  expect(refusal('2026-01-15T12:00:00.000', null, other)).toThrow(expect.objectContaining(kind('record-foreign')));
});

test('what is remembered of a table is never forgotten, but for the oldest of many streams', () => {
  const source = { ...ORDERS, tableId: 'id' };
  let known = rememberTable(undefined, source, { createdAt: 1, streams: ['0'] });
  known = rememberTable(known, ORDERS);
  known = rememberTable(known, source, { createdAt: null, streams: ['0'] });
  expect(known).toEqual({ source, seen: { createdAt: 1, streams: ['0'] } });

  for (let label = 1; label <= 30; label++)
    known = rememberTable(known, source, { createdAt: 1, streams: [String(label)] });
  expect(known.seen?.streams).toEqual(Array.from({ length: 20 }, (_, index) => String(index + 11)));
});
