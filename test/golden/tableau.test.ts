import { expect, test } from 'vitest';
import { tableauDataSource } from '../../src/reporting/tableau/data-source.ts';
import { EVERY_TYPE, HOSTILE_VIEW, ORDERS_VIEW } from '../support/values/shown-views.ts';

const BIGQUERY = { kind: 'bigquery', project: 'my-project', dataset: 'shop' } as const;
const EXTRACT = { kind: 'extract', path: 'every type.hyper', table: 'every_type' } as const;

test.each([
  ['orders', ORDERS_VIEW, BIGQUERY],
  ['every-type', EVERY_TYPE, BIGQUERY],
  ['every-type-extract', EVERY_TYPE, EXTRACT],
  ['hostile', HOSTILE_VIEW, BIGQUERY],
])('the data source %s is as it was read last', async (name, view, connection) => {
  await expect(tableauDataSource(view, connection)).toMatchFileSnapshot(`tableau/${name}.tds`);
});
