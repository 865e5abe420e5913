import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { googlesql } from '../../src/views/googlesql.ts';
import { LOOKUP_KEYS } from '../../src/views/lookup.ts';
import { shownQueries } from '../support/docs/shown-queries.ts';
import { text } from '../support/values/arbitraries.ts';
import { goldenStatements } from '../support/values/golden-statements.ts';
import { HOSTILE_COLUMN_NAMES } from '../support/values/hostile-names.ts';
import { RUNS } from '../support/vitest/budget.ts';
import { GoogleSql } from './google-sql.ts';
import { DATASET, emptyTables } from './tables.ts';

const address = inject('zetaSql');
const dialect = googlesql(DATASET);
const TABLES = emptyTables('my-app.orders', ['20261122t093000z1f3a', '20261001t080000z00ff'], 'c1');

describe.skipIf(address === null)('GoogleSQL as Google understands it', () => {
  let google: GoogleSql;
  beforeAll(async () => {
    google = await GoogleSql.connect(address ?? '');
  });
  afterAll(() => google[Symbol.dispose]());

  test.for(Object.entries(goldenStatements(dialect)))('%s is right', async ([, statements]) => {
    for (const sql of statements) {
      await google.analyze(sql, TABLES, sql.includes(`@${LOOKUP_KEYS}`) ? { [LOOKUP_KEYS]: [] } : {});
    }
  });

  test('the queries of the pages for newcomers are right, with the dataset as the default', async () => {
    const latest = emptyTables('Orders', [], 'c1').filter(({ path }) => path.endsWith('_latest'));
    const typed = {
      columns: [
        { name: 'city', type: 'STRING' },
        { name: 'total', type: 'INT64' },
      ],
      rows: [],
    } as const;
    const tables = [...latest.map((table) => ({ ...table, path: 'Orders_latest' })), { ...typed, path: 'Orders' }];

    for (const sql of await shownQueries()) await google.analyze(sql, tables);
  });

  test('what is wrong is refused: these tests can fail', async () => {
    await expect(
      google.analyze('SELECT nothing FROM `my-project.shop.my_app_orders_changelog`', TABLES),
    ).rejects.toThrow();
    await expect(google.analyze('CREATE TABLE t (j JSON) CLUSTER BY j', TABLES)).rejects.toThrow(/JSON/);
  });

  // Names that begin with $ are GoogleSQL's own: no column can have one.
  test.for(HOSTILE_COLUMN_NAMES.filter((name) => !name.startsWith('$')))(
    'the name %j is quoted so that it means itself',
    async (name) => {
      const quoted = dialect.identifier(name);

      expect(await google.evaluate(`SELECT inside.${quoted} FROM (SELECT 7 AS ${quoted}) AS inside`)).toEqual([[7]]);
    },
  );

  test('a text literal is the text', async () => {
    await fc.assert(
      fc.asyncProperty(
        text.filter((value) => !value.includes('\0')),
        async (value) => {
          expect(await google.evaluate(`SELECT ${dialect.text(value)}`)).toEqual([[value]]);
        },
      ),
      RUNS,
    );
  });

  test('a timestamp literal is the millisecond', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) }), async (ms) => {
        expect(await google.evaluate(`SELECT ${dialect.timestamp(ms)}`)).toEqual([[ms]]);
      }),
      RUNS,
    );
  });
});
