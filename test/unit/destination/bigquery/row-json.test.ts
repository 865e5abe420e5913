import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CHANGELOG_COLUMNS } from '../../../../src/changelog/columns.ts';
import type { StampedRow } from '../../../../src/changelog/row.ts';
import { rowJson, rowWriter } from '../../../../src/destination/bigquery/row-json.ts';
import { Utf8Writer } from '../../../../src/value/utf8-writer.ts';
import { CHANGED_AT, changeRow } from '../../../support/values/rows.ts';
import { warehouseRows } from '../../../support/values/warehouse-rows.ts';
import { RUNS } from '../../../support/vitest/budget.ts';

test('a row is one line: JSON in strings for inserts, as it is for loads, and no NULLs', () => {
  const row = {
    ...changeRow('a', { newImage: '{"n":1.5}', eventId: null, sequenceNumber: '7' }),
    ingestedAt: CHANGED_AT + 1500,
  };

  expect(JSON.parse(rowJson<StampedRow>(CHANGELOG_COLUMNS, row, 'quoted'))).toEqual({
    key: '["a"]',
    operation: 'INSERT',
    position: row.position,
    sequence_number: '7',
    changed_at: '2026-03-04T05:06:07.000Z',
    ingested_at: '2026-03-04T05:06:08.500Z',
    new_image: '{"n":1.5}',
    digest: row.digest,
    expired: false,
    origin: 'stream',
    generation: 1,
  });
  expect(JSON.parse(rowJson<StampedRow>(CHANGELOG_COLUMNS, row, 'raw'))).toMatchObject({ new_image: { n: 1.5 } });
});

test('the text of any row has the row’s values, and never a line end', () => {
  fc.assert(
    fc.property(warehouseRows, ({ changes }) => {
      for (const form of ['quoted', 'raw'] as const) {
        const write = rowWriter<StampedRow>(CHANGELOG_COLUMNS, form);
        const out = new Utf8Writer(64);
        for (const row of changes) {
          out.cut(0);
          write(out, row);
          const text = out.toString();
          const { key, new_image: image = null, ...others } = JSON.parse(text);
          expect(text).not.toMatch(/[\n\r]/);
          expect(text).toBe(rowJson<StampedRow>(CHANGELOG_COLUMNS, row, form));
          expect(key).toBe(row.key);
          expect(others).toMatchObject({
            position: row.position,
            changed_at: new Date(row.changedAt).toISOString(),
            ingested_at: new Date(row.ingestedAt).toISOString(),
            generation: row.generation,
          });
          if (form === 'quoted') expect(image).toBe(row.newImage);
          else expect(image).toEqual(row.newImage === null ? null : JSON.parse(row.newImage));
        }
      }
    }),
    RUNS,
  );
});

test('half of a surrogate pair in a text is escaped, and given back as it was', () => {
  const row = { ...changeRow('a', { eventId: 'half \ud800' }), ingestedAt: CHANGED_AT };

  const text = rowJson<StampedRow>(CHANGELOG_COLUMNS, row, 'quoted');

  expect(text.isWellFormed()).toBe(true);
  expect(JSON.parse(text)).toMatchObject({ event_id: row.eventId });
});
