import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openDestination } from '../../src/destinations.ts';
import { temporaryDatabase } from '../support/duckdb/temporary-database.ts';
import { kind } from '../support/vitest/kind.ts';

test('a DuckDB destination is named as it was asked for, and opening it touches nothing', async () => {
  await using place = await temporaryDatabase();

  await using destination = await openDestination(`duckdb:${place.file}`);

  expect(destination.name).toBe(`duckdb:${place.file}`);
  expect(existsSync(place.file)).toBe(false);
});

test.for([
  ['shop.duckdb', 'duckdb:shop.duckdb'],
  ['data/shop.db', 'duckdb:data/shop.db'],
  ['my-project.shop', 'bigquery:my-project.shop'],
  ['DuckDB:shop.duckdb', 'duckdb:shop.duckdb'],
  ['duckbd:shop.duckdb', 'duckdb:shop.duckdb'],
  ['duckdb://shop.duckdb', 'duckdb:shop.duckdb'],
  ['duckdb:///data/shop.duckdb', 'duckdb:/data/shop.duckdb'],
  ['BigQuery:my-project.shop', 'bigquery:my-project.shop'],
  ['bq:my-project.shop', undefined],
  ['postgres://shop', undefined],
  ['duckdb:', undefined],
])('%j is no destination, and %j was meant', async ([text, meant]) => {
  const remedy = `${meant === undefined ? '' : `Did you mean ${meant}? `}Name a destination as duckdb:PATH or bigquery:PROJECT.DATASET.`;

  await expect(openDestination(text ?? '')).rejects.toMatchObject({ ...kind('config-invalid'), remedy });
});

test.for(['', 'shop.duckdb', 'duckdb:', 'duckdb::memory:', 'duckdb:a\0b', 'snowflake:x', 'DUCKDB:x', ':x'])(
  '%j names no destination, and the error says what does',
  async (text) => {
    await expect(openDestination(text)).rejects.toMatchObject({
      ...kind('config-invalid'),
      remedy: expect.stringContaining('duckdb:PATH'),
    });
  },
);
