import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { stateQuery } from '../../src/destination/bigquery/state-view.ts';
import { objectNames } from '../../src/names/object-names.ts';
import { columnsOfViews } from '../../src/schema/typed-column.ts';
import { unpublished } from '../../src/snapshot/published.ts';
import { googlesql } from '../../src/views/googlesql.ts';
import { LOOKUP_KEYS } from '../../src/views/lookup.ts';
import { shownQueries } from '../support/docs/shown-queries.ts';
import { text } from '../support/values/arbitraries.ts';
import { goldenStatements } from '../support/values/golden-statements.ts';
import { HOSTILE_COLUMN_NAMES } from '../support/values/hostile-names.ts';
import { RUNS } from '../support/vitest/budget.ts';
import { GoogleSql, type SqlColumn } from './google-sql.ts';
import { createdTables, DATASET, emptyViews } from './tables.ts';

const address = inject('zetaSql');
const dialect = googlesql(DATASET);
const STATEMENTS = goldenStatements(dialect);
const CREATED = createdTables(Object.values(STATEMENTS).flat());
const TABLES = [...CREATED, ...['my-app.orders', 'Shop'].flatMap((table) => emptyViews(table, typedOf(table)))];

/** The typed columns of all snapshots of a table. */
function typedOf(table: string): readonly SqlColumn[] {
  const snapshots = CREATED.filter(({ path }) => path.includes(`.${objectNames(table).state.slice(0, -5)}snapshot_`));
  const columns = snapshots.flatMap((snapshot) => snapshot.columns.filter(({ name }) => /_[0-9a-f]{8}$/.test(name)));
  return [...new Map(columns.map((one) => [one.name, one])).values()];
}

describe.skipIf(address === null)('GoogleSQL as Google understands it', () => {
  let google: GoogleSql;
  beforeAll(async () => {
    google = await GoogleSql.connect(address ?? '');
  });
  afterAll(() => google[Symbol.dispose]());

  test.for(Object.entries(STATEMENTS))('%s is right', async ([, statements]) => {
    for (const sql of statements) {
      await google.analyze(sql, TABLES, sql.includes(`@${LOOKUP_KEYS}`) ? { [LOOKUP_KEYS]: [] } : {});
    }
  });

  test('the queries of the pages for newcomers are right, with the dataset as the default', async () => {
    const latest = emptyViews('Orders', []).filter(({ path }) => path.endsWith('_latest'));
    const typed = {
      columns: [
        { name: 'city', type: 'STRING' },
        { name: 'total', type: 'INT64' },
      ],
      rows: [],
    } as const;
    const lines = {
      columns: [
        { name: 'title', type: 'STRING' },
        { name: 'quantity', type: 'INT64' },
      ],
      rows: [],
    } as const;
    const tables = [
      ...latest.map((table) => ({ ...table, path: 'Orders_latest' })),
      { ...typed, path: 'Orders' },
      { ...lines, path: 'Orders__lines' },
    ];

    for (const sql of await shownQueries()) await google.analyze(sql, tables);
  });

  test('a state’s first line, its typed columns as a comment, is no part of its statement, whatever their paths hold', async () => {
    const steps = ['\u2028', '\u2029', '\n', '\r', '\u0085', '*/', '--', '#', '"', "'", '\\', '`', 'é 😀', ';'];
    const columns = columnsOfViews([
      {
        name: 'x',
        columns: steps.map(
          (step, index) =>
            ({ name: `c${index}`, type: 'STRING', description: null, cluster: false, path: [step] }) as const,
        ),
      },
    ]);
    const query = stateQuery(dialect, 'my-app.orders', { published: unpublished(1), columns }, new Set());

    expect(query).toMatch(/^-- typed columns: /);
    expect(await google.evaluate(query, TABLES)).toEqual([]);
    await google.analyze(`CREATE OR REPLACE VIEW v AS ${query}`, TABLES);
  });

  test('what is wrong is refused: these tests can fail', async () => {
    await expect(
      google.analyze('SELECT nothing FROM `my-project.shop.my_app_orders_changelog`', TABLES),
    ).rejects.toThrow();
    await expect(google.analyze('CREATE TABLE t (j JSON) CLUSTER BY j', TABLES)).rejects.toThrow(/JSON/);
    const [statement = ''] = STATEMENTS['make-snapshot'] ?? [];
    for (const wrong of [
      statement.replace('CLUSTER BY `key`', 'CLUSTER BY `item`'),
      statement.replace('`key` STRING', '`key` INT64'),
      statement.replace(/ AS\nSELECT[\s\S]*/, ' AS\nSELECT 1'),
    ]) {
      expect(wrong).not.toBe(statement);
      await expect(google.analyze(wrong, TABLES)).rejects.toThrow();
    }
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
