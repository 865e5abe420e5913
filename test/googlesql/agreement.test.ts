import { DuckDBInstance, LIST, listValue, VARCHAR } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { CHANGELOG_COLUMNS } from '../../src/changelog/columns.ts';
import type { Column } from '../../src/column.ts';
import { comparisonName, loadName, objectNames } from '../../src/names/object-names.ts';
import { columnsOfViews } from '../../src/schema/typed-column.ts';
import { LOAD_COLUMNS } from '../../src/snapshot/columns.ts';
import type { Published } from '../../src/snapshot/published.ts';
import { canonicalText } from '../../src/value/canonical-text.ts';
import { comparisonCounts, comparisonFindings, comparisonSample } from '../../src/views/comparison.ts';
import { changelogCount, latestCount, tailCount } from '../../src/views/counts.ts';
import type { Dialect } from '../../src/views/dialect.ts';
import { duckdb } from '../../src/views/duckdb.ts';
import { gapCounts, gapRanges } from '../../src/views/gaps.ts';
import { googlesql } from '../../src/views/googlesql.ts';
import { latestSelect } from '../../src/views/latest.ts';
import { LOOKUP_KEYS, lookupSelect } from '../../src/views/lookup.ts';
import { sampleSelect } from '../../src/views/sample.ts';
import { foldedSnapshot, loadCount, loadedSnapshot, snapshotCount } from '../../src/views/snapshot.ts';
import { type StateParts, stateSelect } from '../../src/views/state.ts';
import { stateDifference } from '../../src/views/state-difference.ts';
import {
  COMPARISON_COLUMNS,
  changelogTable,
  comparisonTable,
  loadTable,
  STREAMED_COLUMNS,
  snapshotTable,
  streamedTable,
  type TableDefinition,
} from '../../src/views/table-definition.ts';
import { CHANGED_AT } from '../support/values/rows.ts';
import { type WarehouseRows, warehouseRows } from '../support/values/warehouse-rows.ts';
import { RUNS } from '../support/vitest/budget.ts';
import { GoogleSql, type SqlCell } from './google-sql.ts';
import { DATASET, pathOf, snapshotColumns, tableOf } from './tables.ts';

const address = inject('zetaSql');
const NAMES = objectNames('my-app.orders');
const ID = '20260304t050607z1f3a';
/** A snapshot that was published before. */
const ID_BEFORE = '20260303t000000z00ff';
const ID_COMPACTED = '20260305t000000z2e4d';
const COMPARISON = 'c1';
const COMPARED = { comparison: COMPARISON };
const GAPS = { id: 'g1', lagCutoff: CHANGED_AT, ingestedSince: CHANGED_AT + 6_000 };

/** When the compaction began: it takes in the changes that were ingested before. */
const COMPACTED_AT = CHANGED_AT + 6_000;
const HORIZON = CHANGED_AT + 500;

/** Snapshots have the first ones, and the state all of them. */
const COLUMNS = columnsOfViews([
  {
    name: 'x',
    columns: (['STRING', 'JSON', 'BOOL', 'NUMERIC'] as const).flatMap((type) =>
      ['a', 'b'].map((name) => ({ name: `${name}_${type}`, type, description: null, cluster: false, path: [name] })),
    ),
  },
]);
const STORED = COLUMNS.slice(0, -2);

/** The state over a snapshot, of which the one before has no typed columns. */
function stateOver(published: Published): StateParts {
  const stored = published.snapshotId === ID_BEFORE ? [] : STORED;
  return { published, columns: COLUMNS, stored: new Set(stored.map(({ name }) => name)) };
}

/** The compaction of a state. */
function compactionOf(published: Published, folded: string | null): Published {
  return { ...published, snapshotId: ID_COMPACTED, from: COMPACTED_AT, folded };
}

/** The rows of a compaction. */
function compaction(dialect: Dialect, published: Published, floor = published.floor): string {
  return foldedSnapshot(dialect, NAMES, { ...stateOver(published), columns: STORED }, floor);
}

/** A SELECT of rows with typed columns, by their keys. */
function shown(dialect: Dialect, own: readonly string[], columns: StateParts['columns'], from: string): string {
  const q = dialect.identifier;
  const json = (name: string) => `CASE WHEN ${q(name)} IS NOT NULL THEN ${dialect.jsonText(q(name))} END AS ${q(name)}`;
  const typed = columns.map(({ name, type }) => {
    if (type === 'JSON') return json(name);
    return `CAST(${q(name)} AS ${dialect.type('STRING')}) AS ${q(name)}`;
  });
  return [
    `SELECT ${[...own.map((name) => (name === 'item' ? json(name) : q(name))), ...typed].join(', ')}`,
    `FROM ${from} AS ${q('shown')}`,
    `ORDER BY ${q('key')}`,
  ].join('\n');
}

/** Statements over the latest view and its tables, by their purpose; all give texts, integers and times. */
function questions(
  dialect: Dialect,
  { before: { published: before }, published }: WarehouseRows,
  compacted: Published,
): Readonly<Record<string, string>> {
  const q = dialect.identifier;
  const own = ['key', 'item', 'digest', 'position', 'changed_at'];
  const rowsOf = (from: string) => shown(dialect, [...own, 'removed'], STORED, from);
  const stateOf = (over: Published) =>
    shown(dialect, own, COLUMNS, `(${stateSelect(dialect, NAMES, stateOver(over))})`);
  return {
    state: stateOf(published),
    'state before': stateOf(before),
    [COMPACTED]: stateOf(compacted),
    latest: shown(dialect, [...own, 'snapshot_id'], [], dialect.table(NAMES.latest)),
    snapshot: rowsOf(dialect.table(NAMES.snapshot(ID))),
    compaction: rowsOf(dialect.table(NAMES.snapshot(ID_COMPACTED))),
    'compaction with a horizon': rowsOf(`(${compaction(dialect, published, HORIZON)})`),
    'number of items': latestCount(dialect, NAMES),
    'load count': loadCount(dialect, ID),
    'snapshot count': snapshotCount(dialect, NAMES, ID, published.streamLabel),
    'compaction count': snapshotCount(dialect, NAMES, ID_COMPACTED, published.streamLabel),
    'tail count': tailCount(dialect, NAMES, compacted),
    'state difference': stateDifference(dialect, NAMES, before, published),
    'state difference to a compaction': stateDifference(dialect, NAMES, before, compacted),
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
        const answers = await askGoogle(google, rows, keys);
        expect(answers).toEqual(await askDuckDb(rows, keys));
        expect(answers[COMPACTED]).toEqual(answers['state']);
      }),
      RUNS,
    );
  });
});

const COMPACTED = 'state over the compaction';

type Answers = Readonly<Record<string, readonly (readonly SqlCell[])[]>>;

async function askGoogle(google: GoogleSql, rows: WarehouseRows, keys: readonly string[]): Promise<Answers> {
  const dialect = googlesql(DATASET);
  const changelog = (changes: WarehouseRows['changes']) => tableOf(NAMES.changelog, CHANGELOG_COLUMNS, changes);
  const snapshot = (id: string, columns: StateParts['columns']) => ({
    path: pathOf(NAMES.snapshot(id)),
    columns: snapshotColumns(columns),
  });
  const loads = [
    tableOf(loadName(ID), LOAD_COLUMNS, rows.snapshot),
    tableOf(loadName(ID_BEFORE), LOAD_COLUMNS, rows.before.snapshot),
  ];
  const made = [
    await google.tableAs(snapshot(ID, STORED), loadedSnapshot(dialect, ID, STORED, { isRepeated: true }), loads),
    await google.tableAs(snapshot(ID_BEFORE, []), loadedSnapshot(dialect, ID_BEFORE, [], { isRepeated: true }), loads),
  ];
  const early = rows.changes.filter(({ ingestedAt }) => ingestedAt < COMPACTED_AT);
  const compacted = await google.tableAs(snapshot(ID_COMPACTED, STORED), compaction(dialect, rows.published), [
    changelog(early),
    ...made,
  ]);
  const counting = snapshotCount(dialect, NAMES, ID_COMPACTED, rows.published.streamLabel);
  const [count = []] = await google.evaluate(counting, [compacted]);
  const over = compactionOf(rows.published, count[2] === null ? null : String(count[2]));
  const tables = [
    changelog(rows.changes),
    ...loads,
    ...made,
    compacted,
    tableOf(comparisonName(COMPARISON), COMPARISON_COLUMNS, rows.scanned),
    tableOf(comparisonName(GAPS.id), STREAMED_COLUMNS, rows.streamed),
  ];
  const answers: Record<string, readonly (readonly SqlCell[])[]> = {};
  for (const [question, sql] of Object.entries(questions(dialect, rows, over))) {
    // The reference implementation stores no views: their statements stand where they are named.
    const inlined = sql
      .replaceAll(dialect.table(NAMES.latest), () => `(${latestSelect(dialect, NAMES)})`)
      .replaceAll(dialect.table(NAMES.state), () => `(${stateSelect(dialect, NAMES, stateOver(rows.published))})`);
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
    const run = async (statements: readonly string[]) => {
      for (const sql of statements) await connection.run(sql);
    };
    const early = rows.changes.filter(({ ingestedAt }) => ingestedAt < COMPACTED_AT);
    await fill(changelogTable(NAMES, 'day', ''), CHANGELOG_COLUMNS, early);
    await fill(loadTable(ID, ''), LOAD_COLUMNS, rows.snapshot);
    await fill(loadTable(ID_BEFORE, ''), LOAD_COLUMNS, rows.before.snapshot);
    const make = (id: string, columns: StateParts['columns'], select: string) =>
      run(duckdb.createTableAs(snapshotTable(NAMES, id, '', columns), select));
    await make(ID, STORED, loadedSnapshot(duckdb, ID, STORED, { isRepeated: true }));
    await make(ID_BEFORE, [], loadedSnapshot(duckdb, ID_BEFORE, [], { isRepeated: true }));
    await make(ID_COMPACTED, STORED, compaction(duckdb, rows.published));
    const counting = snapshotCount(duckdb, NAMES, ID_COMPACTED, rows.published.streamLabel);
    const [count = []] = (await connection.runAndReadAll(counting)).getRowsJson();
    const over = compactionOf(rows.published, count[2] === null ? null : String(count[2]));
    const late = rows.changes.filter((change) => !early.includes(change));
    await fill(changelogTable(NAMES, 'day', ''), CHANGELOG_COLUMNS, late);
    await fill(comparisonTable(COMPARISON, ''), COMPARISON_COLUMNS, rows.scanned);
    await fill(streamedTable(GAPS.id, ''), STREAMED_COLUMNS, rows.streamed);
    await run(duckdb.createView(NAMES.state, stateSelect(duckdb, NAMES, stateOver(rows.published)), ''));
    await run(duckdb.createView(NAMES.latest, latestSelect(duckdb, NAMES), ''));

    const answers: Record<string, readonly (readonly SqlCell[])[]> = {};
    for (const [question, sql] of Object.entries(questions(duckdb, rows, over))) {
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
