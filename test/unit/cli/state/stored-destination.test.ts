import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { storedDestination } from '../../../../cli/state/stored-destination.ts';

const HERE = resolve('.').split(/[\\/]/).at(-1);

test.each<[string, string, string | undefined, string, string]>([
  [
    'in the directory with the state, as it is named',
    'duckdb:./shop.duckdb',
    undefined,
    '.tailrace',
    'duckdb:./shop.duckdb',
  ],
  ['of the folder above, from a folder', 'duckdb:../shop.duckdb', undefined, '../.tailrace', 'duckdb:shop.duckdb'],
  ['of the folder itself', 'duckdb:shop.duckdb', undefined, '../.tailrace', `duckdb:${HERE}/shop.duckdb`],
  ['by its whole path', 'duckdb:/data/shop.duckdb', undefined, '../.tailrace', 'duckdb:/data/shop.duckdb'],
  ['in BigQuery', 'bigquery:project.shop', undefined, '../.tailrace', 'bigquery:project.shop'],
  ['with a state that is named', 'duckdb:../shop.duckdb', 'state', '../.tailrace', 'duckdb:../shop.duckdb'],
])('the state names a destination %s', (_, name, state, home, stored) => {
  expect(storedDestination({ state, stateHome: () => home }, name)).toBe(stored);
});
