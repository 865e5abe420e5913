import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { misfits } from '../../src/destination/count-rows.ts';
import { googlesql } from '../../src/views/googlesql.ts';
import { misfitCount } from '../../src/views/misfits.ts';
import { countMisfits, NAMES } from '../support/duckdb/latest.ts';
import { itemsOf, misfitKeysOf, valuesOf } from '../support/values/column-cases.ts';
import { overItems } from '../support/values/over-items.ts';
import { PART_CASES } from '../support/values/part-cases.ts';
import { TIME_CASES } from '../support/values/time-cases.ts';
import { comparableText, textOf } from '../support/values/typed-texts.ts';
import { GoogleSql } from './google-sql.ts';
import { DATASET, latestTable } from './tables.ts';

const address = inject('zetaSql');
const GOOGLE = googlesql(DATASET);

describe.skipIf(address === null)('a column, in GoogleSQL', () => {
  let google: GoogleSql;
  beforeAll(async () => {
    google = await GoogleSql.connect(address ?? '');
  });
  afterAll(() => google[Symbol.dispose]());

  test.for([...TIME_CASES, ...PART_CASES])('of $of gives what fits, and counts the rest, as in DuckDB', async (one) => {
    const { column } = one;
    const items = itemsOf(one);
    const view = { name: NAMES.typed, columns: [column] };

    const rows = await google.evaluate(
      `SELECT ${textOf(GOOGLE, column)} FROM (${overItems(GOOGLE, view)}) AS \`view\``,
      [latestTable(NAMES.latest, items)],
    );
    const counted = await google.record(misfitCount(GOOGLE, NAMES, view, 1_000), [latestTable(NAMES.latest, items)]);

    const given = rows.map(([text = null]) =>
      comparableText(column.type, text === null ? null : String(text), column.mode),
    );
    expect(items.map((item, key) => ({ item, value: given[key] }))).toEqual(
      items.map((item, key) => ({ item, value: valuesOf(one)[key] })),
    );
    const found = misfits(counted, view);
    expect(found).toEqual(await countMisfits(items, view, 1_000));
    expect(found.byColumn[0]?.listed.map(({ key }) => key).toSorted()).toEqual(misfitKeysOf(one).toSorted());
  });
});
