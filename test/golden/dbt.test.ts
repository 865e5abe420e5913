import { expect, test } from 'vitest';
import { type DbtPlace, dbtSources } from '../../src/reporting/dbt-sources.ts';
import { EVERY_TYPE, HOSTILE_VIEW, ORDERS_VIEW } from '../support/values/shown-views.ts';

const BIGQUERY: DbtPlace = { warehouse: 'bigquery', database: 'my-project', schema: 'shop' };
const DUCKDB: DbtPlace = { warehouse: 'duckdb', database: 'shop', schema: 'main' };
const VIEWS = [ORDERS_VIEW, EVERY_TYPE, HOSTILE_VIEW];

test.each([
  ['bigquery', BIGQUERY],
  ['duckdb', DUCKDB],
])("dbt's sources in %s are as they were read last", async (name, place) => {
  const sources = { name: 'shop', place, views: VIEWS, changelog: 'Orders_changelog' };

  await expect(dbtSources(sources, ['The table Orders.'])).toMatchFileSnapshot(`dbt/${name}.yml`);
});
