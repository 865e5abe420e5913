import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { declaredViews } from '../../../src/schema/declared-views.ts';
import { readSchema } from '../../../src/schema/read-schema.ts';
import type { Schema } from '../../../src/schema/schema.ts';
import { shownQueries } from '../../support/docs/shown-queries.ts';
import { temporaryDatabase } from '../../support/duckdb/temporary-database.ts';
import { changeRow } from '../../support/values/rows.ts';
import { sourceTable } from '../../support/values/shop.ts';

const ORDERS = sourceTable('Orders');

test('the queries of the pages for newcomers run on DuckDB as they stand there', async () => {
  await using place = await temporaryDatabase();
  await using destination = await place.open();
  await destination.prepare(ORDERS, 1);
  await destination.applyViews(ORDERS, declaredViews(await shopSchema(), 'Orders', []));
  const lines = [{ title: 'Sencha', quantity: 2 }];
  const newImage = JSON.stringify({ lines, ship_to: { city: 'Vienna' }, total: 1 });
  await destination.append(ORDERS, [changeRow('a', { newImage })]);
  const queries = await shownQueries();

  expect(queries.length).toBeGreaterThan(1);
  for (const sql of queries) expect((await destination.query(sql)).rows, sql).toHaveLength(1);
});

async function shopSchema(): Promise<Schema> {
  const path = new URL('../../../schemas/Orders.json', import.meta.url).pathname;
  return readSchema(await readFile(path, 'utf8'), path, 'Orders');
}
