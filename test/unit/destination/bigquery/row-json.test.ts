import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CHANGELOG_COLUMNS } from '../../../../src/changelog/columns.ts';
import type { ChangelogRow } from '../../../../src/changelog/row.ts';
import { rowJson } from '../../../../src/destination/bigquery/row-json.ts';
import { warehouse } from '../../../support/bigquery-latest-rows.ts';
import { RUNS } from '../../../support/budget.ts';
import { changeRow } from '../../../support/rows.ts';

test('a row is one line: JSON in strings for inserts, as it is for loads, and no NULLs', () => {
  const row = changeRow('a', { newImage: '{"n":1.5}', eventId: null, sequenceNumber: '7' });

  expect(JSON.parse(rowJson<ChangelogRow>(CHANGELOG_COLUMNS, row, 'quoted'))).toEqual({
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
  expect(JSON.parse(rowJson<ChangelogRow>(CHANGELOG_COLUMNS, row, 'raw'))).toMatchObject({ new_image: { n: 1.5 } });
});

test('whatever a row holds, its text holds the same, and never a line end', () => {
  fc.assert(
    fc.property(warehouse, ({ changes }) => {
      for (const row of changes) {
        for (const form of ['quoted', 'raw'] as const) {
          const text = rowJson<ChangelogRow>(CHANGELOG_COLUMNS, row, form);
          const { key, new_image: image = null } = JSON.parse(text);
          expect(text).not.toMatch(/[\n\r]/);
          expect(key).toBe(row.key);
          if (form === 'quoted') expect(image).toBe(row.newImage);
          else expect(image).toEqual(row.newImage === null ? null : JSON.parse(row.newImage));
        }
      }
    }),
    RUNS,
  );
});
