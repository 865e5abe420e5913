import { expect, test } from 'vitest';
import { shownQueries } from '../../support/docs/shown-queries.ts';
import { temporaryDatabase } from '../../support/duckdb/temporary-database.ts';
import { changeRow } from '../../support/values/rows.ts';
import { sourceTable } from '../../support/values/shop.ts';

const ORDERS = sourceTable('Orders');

test('the queries of the pages for newcomers run on DuckDB as they stand there', async () => {
  await using place = await temporaryDatabase();
  await using destination = await place.open();
  await destination.prepare(ORDERS, 1);
  await destination.applyViews(ORDERS, [
    {
      name: 'Orders',
      columns: [
        { name: 'city', type: 'STRING', path: ['city'], description: null, cluster: false },
        { name: 'total', type: 'NUMERIC', path: ['total'], description: null, cluster: false },
      ],
    },
  ]);
  await destination.append(ORDERS, [changeRow('a', { newImage: '{"city":"Vienna","total":1}' })]);
  const queries = await shownQueries();

  expect(queries.length).toBeGreaterThan(1);
  for (const sql of queries) expect((await destination.query(sql)).rows, sql).toHaveLength(1);
});
