import { expect, test } from 'vitest';
import { dbtSources } from '../../../src/reporting/dbt-sources.ts';
import { schemaColumn } from '../../support/values/shown-views.ts';

const SOURCES = {
  name: 'shop',
  place: { warehouse: 'bigquery', database: 'p', schema: 'd' },
  views: [
    { name: 'v', columns: [schemaColumn('a', 'STRING', { mode: 'REPEATED', description: '{{ x }} {# {% {{{ }' })] },
  ],
  changelog: 'v_changelog',
} as const;

test('freshness is that of the changelog alone, and reads few partitions in BigQuery', () => {
  const text = dbtSources(SOURCES, []);
  const [views = '', changelog = ''] = text.split('- name: "v_changelog"');

  expect(views).not.toContain('freshness');
  expect(changelog).toContain('loaded_at_field: "ingested_at"');
  expect(changelog).toContain('filter: "ingested_at >= ');
  expect(dbtSources({ ...SOURCES, place: { ...SOURCES.place, warehouse: 'duckdb' } }, [])).not.toContain('filter:');
});

test("types are in the warehouse's words", () => {
  expect(dbtSources(SOURCES, [])).toContain('data_type: "ARRAY<STRING>"');
  expect(dbtSources({ ...SOURCES, place: { ...SOURCES.place, warehouse: 'duckdb' } }, [])).toContain(
    'data_type: "VARCHAR[]"',
  );
});

test('no description is a template', () => {
  expect(dbtSources(SOURCES, [])).toContain(
    `description: "{{ '{' }}{ x }} {{ '{' }}# {{ '{' }}% {{ '{' }}{{ '{' }}{ }"`,
  );
});
