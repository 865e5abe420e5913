import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { misfits } from '../../src/destination/count-rows.ts';
import type { TypedView } from '../../src/schema/typed-view.ts';
import { googlesql } from '../../src/views/googlesql.ts';
import { matchCount } from '../../src/views/match-count.ts';
import { misfitCount } from '../../src/views/misfits.ts';
import { countMisfits, NAMES } from '../support/duckdb/latest.ts';
import { overItems } from '../support/values/over-items.ts';
import { comparableText, textOf } from '../support/values/typed-texts.ts';
import { columnsOf, ELEMENT_CASES, numbered, sorted, WHERE_CASES } from '../support/values/view-cases.ts';
import { GoogleSql } from './google-sql.ts';
import { DATASET, latestTable } from './tables.ts';

const address = inject('zetaSql');
const GOOGLE = googlesql(DATASET);

describe.skipIf(address === null)('a view, in GoogleSQL', () => {
  let google: GoogleSql;
  beforeAll(async () => {
    google = await GoogleSql.connect(address ?? '');
  });
  afterAll(() => google[Symbol.dispose]());

  const countGoogle = async (items: readonly string[], view: TypedView) =>
    misfits(await google.record(misfitCount(GOOGLE, NAMES, view, 100), [latestTable(NAMES.latest, items)]), view);

  test.for(WHERE_CASES)('of kinds has the items with $of, and no others; so are they counted', async (one) => {
    const items = numbered(one);
    const tables = [latestTable(NAMES.latest, items)];
    const isIn = one.items.flatMap(([, isIn], id) => (isIn ? [String(id)] : []));

    const rows = await google.evaluate(overItems(GOOGLE, one.view), tables);
    const matches = await google.record(matchCount(GOOGLE, NAMES, [one.view]), tables);

    expect(sorted(rows.flat())).toEqual(isIn);
    expect(await countGoogle(items, one.view)).toEqual(await countMisfits(items, one.view, 100));
    expect(matches).toMatchObject({
      items: items.length,
      unmatched: items.length - isIn.length,
      repeated: 0,
      matched_0: isIn.length,
    });
  });

  test.for(ELEMENT_CASES)(
    'of $of has a row for each element, and counts what does not fit',
    async ({ view, ...one }) => {
      const columns = columnsOf(view);
      const texts = columns.map((column) => textOf(GOOGLE, column)).join(', ');
      const tables = [latestTable(NAMES.latest, one.items)];

      const rows = await google.evaluate(`SELECT ${texts} FROM (${overItems(GOOGLE, view)}) AS \`view\``, tables);

      const given = rows.map((row) =>
        columns.map(({ type, mode }, index) =>
          comparableText(type, row[index] === null ? null : String(row[index]), mode),
        ),
      );
      expect(sorted(given)).toEqual(sorted(one.rows));
      expect(await countGoogle(one.items, view)).toEqual(await countMisfits(one.items, view, 100));
      for (const sql of GOOGLE.createView(view.name, overItems(GOOGLE, view), 'comment'))
        await google.analyze(sql, tables);
    },
  );
});
