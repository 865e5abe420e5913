import { DuckDBInstance, LIST, listValue, VARCHAR } from '@duckdb/node-api';
import { describe, expect, test } from 'vitest';
import type { Dialect } from '../../src/views/dialect.ts';
import { duckdb } from '../../src/views/duckdb.ts';
import { googlesql } from '../../src/views/googlesql.ts';
import { goldenStatements } from '../support/values/golden-statements.ts';
import { HOSTILE_COLUMN_NAMES } from '../support/values/hostile-names.ts';

const DIALECTS: readonly Dialect[] = [duckdb, googlesql({ project: 'my-project', dataset: 'shop' })];

describe.each(DIALECTS)('the SQL of $name', (dialect) => {
  test.for(Object.entries(goldenStatements(dialect)))('%s is as it was read last', async ([name, statements]) => {
    await expect(`${statements.join(';\n\n')};\n`).toMatchFileSnapshot(`sql/${dialect.name}/${name}.sql`);
  });

  test('hostile names are quoted as they were read last', async () => {
    const columns = HOSTILE_COLUMN_NAMES.map((name) => `  1 AS ${dialect.identifier(name)}`);

    await expect(`SELECT\n${columns.join(',\n')};\n`).toMatchFileSnapshot(`sql/${dialect.name}/hostile-names.sql`);
  });
});

test('DuckDB runs every one of its statements, in their order', async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    for (const [name, statements] of Object.entries(goldenStatements(duckdb))) {
      for (const statement of statements) {
        const keys = statement.includes('$keys') ? { keys: listValue(['["a"]']) } : {};
        const run = connection.run(statement, keys, 'keys' in keys ? { keys: LIST(VARCHAR) } : {});
        await expect(run, name).resolves.toBeDefined();
      }
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
});
