import { describe, expect, test } from 'vitest';
import { hiddenColumns, tableauDataSource } from '../../../../src/reporting/tableau/data-source.ts';
import { shownColumns } from '../../../../src/schema/typed-view.ts';
import { HOSTILE_VIEW, ORDERS_VIEW, schemaColumn } from '../../../support/values/shown-views.ts';

const BIGQUERY = { kind: 'bigquery', project: 'my-project', dataset: 'shop' } as const;

describe('a data source over BigQuery', () => {
  const text = tableauDataSource(ORDERS_VIEW, BIGQUERY);

  test('names project, dataset and view, and holds no credentials', () => {
    expect(text).toContain("CATALOG='my-project' EXECCATALOG='my-project'");
    expect(text).toContain("table='[my-project.shop].[orders]'");
    expect(text).toContain("server-oauth='' username=''");
    expect(text).not.toMatch(/password|token|secret|refresh/i);
  });

  test('declares each column once, in the order of the view', () => {
    const names = [...text.matchAll(/<column .*? name='\[(.*?)\]'/g)].map(([, name]) => name);

    expect(names).toEqual(shownColumns(ORDERS_VIEW).map(({ name }) => name));
  });

  test('names the columns that it hides, but not what is only for Tailrace', () => {
    expect(hiddenColumns(ORDERS_VIEW, 'bigquery').map(({ name }) => name)).toEqual(['tags', 'lines']);
    expect(text.match(/hidden='true' name='\[\w+\]'/g)).toEqual(
      ['tags', 'lines', 'position'].map((name) => `hidden='true' name='[${name}]'`),
    );
  });
});

test('the same view gives the same text', () => {
  expect(tableauDataSource(HOSTILE_VIEW, BIGQUERY)).toBe(tableauDataSource(HOSTILE_VIEW, BIGQUERY));
});

test('a name in brackets ends where it ends', () => {
  const view = { name: 'v', columns: [schemaColumn('a]b', 'STRING')] };

  expect(tableauDataSource(view, BIGQUERY)).toContain("name='[a]]b]'");
});

test('a data source over an extract names its file and its table', () => {
  const text = tableauDataSource(ORDERS_VIEW, {
    kind: 'extract',
    path: 'orders.hyper',
    table: 'orders',
  });

  expect(text).toContain("class='hyper'");
  expect(text).toContain("dbname='orders.hyper'");
  expect(text).toContain("table='[Extract].[orders]'");
  expect(text).not.toContain('bigquery');
});
