import { describe, expect, test } from 'vitest';
import type { TypedView } from '../../../src/schema/typed-view.ts';
import { duckdb } from '../../../src/views/duckdb.ts';
import { matchColumns, matchCount } from '../../../src/views/match-count.ts';
import { askLatest, countMisfits, NAMES } from '../../support/duckdb/latest.ts';
import { overItems } from '../../support/values/over-items.ts';
import { comparableText, textOf } from '../../support/values/typed-texts.ts';
import { columnsOf, ELEMENT_CASES, numbered, sorted, WHERE_CASES } from '../../support/values/view-cases.ts';

/** The counts of views: all items, those in none, those in several, and each view's. */
function countsOf(views: readonly TypedView[]): string {
  const names = ['items', 'unmatched', 'repeated', ...views.map((_, index) => matchColumns(index).matched)];
  return `SELECT ${names.join(', ')} FROM (${matchCount(duckdb, NAMES, views)})`;
}

describe('a view of kinds of items, in DuckDB', () => {
  test.for(WHERE_CASES)('has the items with $of, and no others; so are they counted', async (one) => {
    const items = numbered(one);
    const isIn = one.items.flatMap(([, isIn], id) => (isIn ? [String(id)] : []));

    const rows = await askLatest(items, overItems(duckdb, one.view));
    const counted = await countMisfits(items, one.view, 5);
    const [matches] = await askLatest(items, countsOf([one.view]));

    expect(sorted(rows.flat())).toEqual(isIn);
    expect(counted.items).toBe(isIn.length);
    expect(matches).toEqual([items.length, items.length - isIn.length, 0, isIn.length].map(String));
  });

  test('of which several have an item are counted', async () => {
    const [one, two, three] = [0, 1, 2].map((index) => WHERE_CASES[index]?.view);
    if (!one || !two || !three) throw new Error('There are too few cases');
    const items = [
      '{"PK":"A#1","a":{"type":"invoice"},"":""}',
      '{"PK":"A#1","a":{"type":"x"}}',
      '{"PK":"B","a":{"type":"invoice"}}',
      '{"PK":"A#1","a":""}',
      '{}',
    ];

    const [counts] = await askLatest(items, countsOf([one, two, three]));

    expect(counts).toEqual(['5', '1', '2', '3', '2', '1']);
  });
});

describe('a view of elements, in DuckDB', () => {
  test.for(ELEMENT_CASES)('of $of has a row for each, and counts what does not fit', async ({ view, ...one }) => {
    const columns = columnsOf(view);
    const texts = columns.map((column) => textOf(duckdb, column)).join(', ');

    const rows = await askLatest(one.items, `SELECT ${texts} FROM (${overItems(duckdb, view)})`);
    const counted = await countMisfits(one.items, view, 100);

    const given = rows.map((row) =>
      columns.map(({ type, mode }, index) => comparableText(type, row[index] ?? null, mode)),
    );
    expect(sorted(given)).toEqual(sorted(one.rows));
    expect(counted.items).toBe(one.rows.length);
    expect(counted.byColumn.map(({ listed }) => listed.map(({ key }) => key))).toEqual(one.misfits);
  });
});
