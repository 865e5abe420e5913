import { DuckDBInstance, LIST, listValue, VARCHAR } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { CHANGELOG_COLUMNS } from '../../src/changelog/columns.ts';
import type { Column } from '../../src/column.ts';
import { comparisonName, objectNames } from '../../src/names/object-names.ts';
import { SNAPSHOT_COLUMNS } from '../../src/snapshot/columns.ts';
import { canonicalText } from '../../src/value/canonical-text.ts';
import { comparisonCounts, comparisonFindings, comparisonSample } from '../../src/views/comparison.ts';
import { changelogCount, latestCount, snapshotCount } from '../../src/views/counts.ts';
import type { Dialect } from '../../src/views/dialect.ts';
import { duckdb } from '../../src/views/duckdb.ts';
import { gapCounts, gapRanges } from '../../src/views/gaps.ts';
import { googlesql } from '../../src/views/googlesql.ts';
import { latestSelect } from '../../src/views/latest.ts';
import { LOOKUP_KEYS, lookupSelect } from '../../src/views/lookup.ts';
import { sampleSelect } from '../../src/views/sample.ts';
import { stateDifference } from '../../src/views/state-difference.ts';
import {
  COMPARISON_COLUMNS,
  changelogTable,
  comparisonTable,
  STREAMED_COLUMNS,
  snapshotTable,
  streamedTable,
  type TableDefinition,
} from '../../src/views/table-definition.ts';
import { CHANGED_AT } from '../support/values/rows.ts';
import { type WarehouseRows, warehouseRows } from '../support/values/warehouse-rows.ts';
import { RUNS } from '../support/vitest/budget.ts';
import { GoogleSql, type SqlCell } from './google-sql.ts';
import { DATASET, tableOf } from './tables.ts';

const address = inject('zetaSql');
const NAMES = objectNames('my-app.orders');
const ID = '20260304t050607z1f3a';
/** A snapshot that was published before. */
const ID_BEFORE = '20260303t000000z00ff';
const COMPARISON = 'c1';
const COMPARED = { comparison: COMPARISON };
const GAPS = { id: 'g1', lagCutoff: CHANGED_AT, ingestedSince: CHANGED_AT + 6_000 };

/** Statements over the latest view and its tables, by their purpose; all give texts, integers and times. */
function questions(
  dialect: Dialect,
  { before: { published: before }, published }: WarehouseRows,
): Readonly<Record<string, string>> {
  const q = dialect.identifier;
  const asText = (name: string) => `${dialect.jsonText(q(name))} AS ${q(name)}`;
  return {
    latest: [
      `SELECT ${q('key')}, ${asText('item')}, ${q('digest')}, ${q('position')}, ${q('changed_at')}, ${q('snapshot_id')}`,
      `FROM (${latestSelect(dialect, NAMES, published)}) AS ${q('latest')}`,
      `ORDER BY ${q('key')}`,
    ].join('\n'),
    'number of items': latestCount(dialect, NAMES),
    'snapshot count': snapshotCount(dialect, NAMES, ID),
    'state difference': stateDifference(dialect, NAMES, before, published),
    'changelog count': changelogCount(dialect, NAMES, null),
    'recent changelog count': changelogCount(dialect, NAMES, GAPS.ingestedSince),
    'comparison counts': comparisonCounts(dialect, NAMES, COMPARED, 'both'),
    'comparison counts of the source': comparisonCounts(dialect, NAMES, COMPARED, 'source'),
    'comparison counts of a snapshot': comparisonCounts(dialect, NAMES, { snapshot: ID }, 'both'),
    findings: comparisonFindings(dialect, NAMES, COMPARED, { scope: 'both', limit: 100, after: null }),
    'further findings': comparisonFindings(dialect, NAMES, COMPARED, { scope: 'source', limit: 2, after: '["a"]' }),
    sample: comparisonSample(dialect, NAMES, COMPARED, { limit: 100, salt: 'salt' }),
    'sample of the view': sampleSelect(dialect, NAMES, { share: 0.5, salt: 'salt' }, { limit: 10, after: null }),
    'gap counts': `${gapCounts(dialect, NAMES, GAPS)}\nORDER BY ${q('standing')}`,
    'gap ranges': gapRanges(dialect, NAMES, GAPS, { limit: 100, after: null }),
    'further gap ranges': gapRanges(dialect, NAMES, GAPS, { limit: 2, after: { shardId: 'shard-1', ordinal: 1 } }),
    'look-up': `${lookupSelect(dialect, NAMES)}\nORDER BY ${q('key')}`,
  };
}

describe.skipIf(address === null)('both dialects give the same rows', () => {
  let google: GoogleSql;
  beforeAll(async () => {
    google = await GoogleSql.connect(address ?? '');
  });
  afterAll(() => google[Symbol.dispose]());

  test('whatever the changelog, the snapshot and what is published', async () => {
    await fc.assert(
      fc.asyncProperty(warehouseRows, async (rows) => {
        const keys = [...rows.changes, ...rows.snapshot].map(({ key }) => key);
        expect(await askGoogle(google, rows, keys)).toEqual(await askDuckDb(rows, keys));
      }),
      RUNS,
    );
  });
});

type Answers = Readonly<Record<string, readonly (readonly SqlCell[])[]>>;

async function askGoogle(google: GoogleSql, rows: WarehouseRows, keys: readonly string[]): Promise<Answers> {
  const dialect = googlesql(DATASET);
  const tables = [
    tableOf(NAMES.changelog, CHANGELOG_COLUMNS, rows.changes),
    tableOf(NAMES.snapshot(ID), SNAPSHOT_COLUMNS, rows.snapshot),
    tableOf(NAMES.snapshot(ID_BEFORE), SNAPSHOT_COLUMNS, rows.before.snapshot),
    tableOf(comparisonName(COMPARISON), COMPARISON_COLUMNS, rows.scanned),
    tableOf(comparisonName(GAPS.id), STREAMED_COLUMNS, rows.streamed),
  ];
  const answers: Record<string, readonly (readonly SqlCell[])[]> = {};
  for (const [question, sql] of Object.entries(questions(dialect, rows))) {
    // The reference implementation stores no views: its statement stands where the view is named.
    const inlined = sql.replaceAll(
      dialect.table(NAMES.latest),
      () => `(${latestSelect(dialect, NAMES, rows.published)})`,
    );
    const arrays = sql.includes(`@${LOOKUP_KEYS}`) ? { [LOOKUP_KEYS]: keys } : {};
    answers[question] = (await google.evaluate(inlined, tables, arrays)).map(comparable);
  }
  return answers;
}

async function askDuckDb(rows: WarehouseRows, keys: readonly string[]): Promise<Answers> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const fill = async <Row extends object>(
      definition: TableDefinition,
      columns: readonly Column<Row>[],
      of: readonly Row[],
    ) => {
      for (const sql of duckdb.createTable(definition)) await connection.run(sql);
      for (const row of of) {
        const values = columns.map(({ field, type }) => literal(row[field], type === 'TIMESTAMP'));
        await connection.run(`INSERT INTO ${duckdb.table(definition.name)} VALUES (${values.join(', ')})`);
      }
    };
    await fill(changelogTable(NAMES, 'day', ''), CHANGELOG_COLUMNS, rows.changes);
    await fill(snapshotTable(NAMES, ID, ''), SNAPSHOT_COLUMNS, rows.snapshot);
    await fill(snapshotTable(NAMES, ID_BEFORE, ''), SNAPSHOT_COLUMNS, rows.before.snapshot);
    await fill(comparisonTable(COMPARISON, ''), COMPARISON_COLUMNS, rows.scanned);
    await fill(streamedTable(GAPS.id, ''), STREAMED_COLUMNS, rows.streamed);
    const view = latestSelect(duckdb, NAMES, rows.published);
    for (const sql of duckdb.createView(NAMES.latest, view, '')) await connection.run(sql);

    const answers: Record<string, readonly (readonly SqlCell[])[]> = {};
    for (const [question, sql] of Object.entries(questions(duckdb, rows))) {
      const withKeys = sql.includes(`$${LOOKUP_KEYS}`);
      const result = await (withKeys
        ? connection.run(sql, { [LOOKUP_KEYS]: listValue([...keys]) }, { [LOOKUP_KEYS]: LIST(VARCHAR) })
        : connection.run(sql));
      answers[question] = (await result.getRowsJson()).map((row) => row.map(fromDuckDb)).map(comparable);
    }
    return answers;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** A value of a row as DuckDB's literal. NUL stands in no literal. */
function literal(value: unknown, isTime: boolean): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number') return isTime ? duckdb.timestamp(value) : String(value);
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  return duckdb.text(String(value));
}

function fromDuckDb(value: unknown): SqlCell {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
  const text = String(value);
  if (/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?$/.test(text)) return Date.parse(`${text.replace(' ', 'T')}Z`);
  return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}

/** JSON compares by its canonical text: each engine has a text of its own. */
function comparable(row: readonly SqlCell[]): readonly SqlCell[] {
  return row.map((cell) => (typeof cell === 'string' && cell.startsWith('{') ? canonicalText(cell) : cell));
}
