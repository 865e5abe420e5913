import { describe, expect, test } from 'vitest';
import { duckdb } from '../../../src/views/duckdb.ts';
import { askLatest, countMisfits, NAMES } from '../../support/duckdb/latest.ts';
import { itemsOf, misfitKeysOf, valuesOf } from '../../support/values/column-cases.ts';
import { overItems } from '../../support/values/over-items.ts';
import { PART_CASES } from '../../support/values/part-cases.ts';
import { TIME_CASES } from '../../support/values/time-cases.ts';
import { comparableText, textOf } from '../../support/values/typed-texts.ts';

describe('a column, in DuckDB', () => {
  test.for([...TIME_CASES, ...PART_CASES])('of $of gives what fits, and counts the rest', async (one) => {
    const { column } = one;
    const items = itemsOf(one);
    const view = { name: NAMES.typed, columns: [column] };

    const rows = await askLatest(items, `SELECT ${textOf(duckdb, column)} FROM (${overItems(duckdb, view)})`);
    const counted = await countMisfits(items, view, 1_000);

    const given = rows.map(([text = null]) => comparableText(column.type, text, column.mode));
    expect(items.map((item, key) => ({ item, value: given[key] }))).toEqual(
      items.map((item, key) => ({ item, value: valuesOf(one)[key] })),
    );
    expect(counted.byColumn[0]?.listed.map(({ key }) => key).toSorted()).toEqual(misfitKeysOf(one).toSorted());
  });
});
