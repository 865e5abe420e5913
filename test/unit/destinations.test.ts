import { existsSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { type DestinationOptions, openDestination } from '../../src/destinations.ts';
import type { TailraceError } from '../../src/errors.ts';
import { failure, startScriptedBigQuery } from '../support/bigquery/scripted-bigquery.ts';
import { temporaryDatabase } from '../support/duckdb/temporary-database.ts';
import { kind } from '../support/vitest/kind.ts';

afterEach(() => void vi.unstubAllEnvs());

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

test('a BigQuery destination takes the cap that is given, in place of the variable', async () => {
  await using server = await startScriptedBigQuery({
    'GET datasets/d': { json: { location: 'EU' } },
    'POST jobs': failure(400, 'bytesBilledLimitExceeded'),
  });
  vi.stubEnv('TAILRACE_BIGQUERY_ENDPOINT', server.endpoint);
  vi.stubEnv('TAILRACE_BIGQUERY_MAX_BYTES_BILLED', '2TiB');
  const capOf = async (options: DestinationOptions) => {
    await using destination = await openDestination('bigquery:my-project.d', options);
    return destination.query('SELECT 1').catch(({ context }: TailraceError) => context['cap_bytes']);
  };

  expect([await capOf({}), await capOf({ maxBytesBilled: 1e9 })]).toEqual([2 * 2 ** 40, 1e9]);
});
