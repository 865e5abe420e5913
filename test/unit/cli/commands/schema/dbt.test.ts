import { expect, test } from 'vitest';
import { commandStage } from '../../../../support/stages/command-stage.ts';
import { ORDERS } from '../../../../support/stream/record.ts';
import { STORAGE } from '../../../../support/values/shop.ts';

const SCHEMA = JSON.stringify({
  name: 'orders',
  columns: [{ name: 'total', type: 'NUMERIC', description: 'In EUR.' }],
});

function stageOf() {
  const stage = commandStage({
    files: { 'schemas/Orders.json': SCHEMA },
    destination: {
      known: async () => ({
        source: ORDERS,
        seen: { createdAt: null, streams: [], keys: [{ name: 'id', type: 'S' }] },
        changelog: STORAGE,
      }),
    },
  });
  return { ...stage, dbt: (...args: readonly string[]) => stage.tailrace('schema', 'dbt', 'Orders', ...args) };
}

test("schema dbt prints a dataset's typed views and its changelog", async () => {
  const { dbt, stdout, stderr } = stageOf();

  expect(await dbt('--destination', 'bigquery:my-project.shop')).toBe(0);

  expect(stdout.text).toContain(
    'sources:\n  - name: "shop"\n    database: "my-project"\n    schema: "shop"\n    tables:\n      - name: "orders"\n',
  );
  expect(stdout.text).toContain('- name: "id"');
  expect(stdout.text).toContain(
    '- name: "total"\n            description: "In EUR."\n            data_type: "NUMERIC"',
  );
  expect(stdout.text).toContain('- name: "Orders_changelog"');
  expect(stderr.text).toBe('');
});

test("schema dbt names a DuckDB file's catalog, and how dbt attaches it", async () => {
  const { dbt, stdout } = stageOf();

  expect(await dbt('--destination', 'duckdb:data/my.shop.duckdb', '--source', 'dynamodb')).toBe(0);

  expect(stdout.text).toContain('- name: "dynamodb"\n    database: "my.shop"\n    schema: "main"');
  expect(stdout.text).toContain('#   attach: [{path: "data/my.shop.duckdb", alias: "my.shop", read_only: true}]');
  expect(stdout.text).toContain('data_type: "DECIMAL(38,9)"');
});

test('schema dbt refuses --json', async () => {
  const { dbt, stderr } = stageOf();

  expect(await dbt('--destination', 'duckdb:shop.duckdb', '--json')).toBe(2);

  expect(stderr.text).toContain('The sources are YAML, and never JSON');
});
