import { DuckDBInstance } from '@duckdb/node-api';
import { misfits } from '../../../src/destination/count-rows.ts';
import type { Misfits } from '../../../src/destination/view-store.ts';
import { objectNames } from '../../../src/names/object-names.ts';
import { columnsOfViews } from '../../../src/schema/typed-column.ts';
import type { TypedView } from '../../../src/schema/typed-view.ts';
import { duckdb } from '../../../src/views/duckdb.ts';
import { misfitCount } from '../../../src/views/misfits.ts';
import { typedSelect } from '../../../src/views/typed.ts';
import { typedRows } from '../../../src/views/typed-rows.ts';

/** The names of the table whose latest view {@link askLatest} sets up. */
export const NAMES = objectNames('Orders');

/**
 * Runs statements in a DuckDB in memory whose latest view has these items, and gives the last statement's rows, with their
 * values as texts.
 *
 * @param items JSON texts; the column `key` numbers them in order.
 */
export async function askLatest(
  items: readonly string[],
  ...statements: readonly string[]
): Promise<readonly (readonly (string | null)[])[]> {
  const { rows } = await read(items, statements);
  return rows.map((row) => row.map((value) => (value === null ? null : String(value))));
}

/** Counts what doesn't fit a view of the items of {@link askLatest}; their keys are numbers. */
export async function countMisfits(items: readonly string[], view: TypedView, listed: number): Promise<Misfits> {
  const { columns, rows } = await read(items, [misfitCount(duckdb, NAMES, view, listed)]);
  const [row = []] = rows;
  // JSON has 64 bits as text.
  const numbered = (name: string, value: unknown) => (name.startsWith('listed_') ? String(value) : Number(value));
  return misfits(Object.fromEntries(columns.map((name, index) => [name, numbered(name, row[index])])), view);
}

async function read(items: readonly string[], statements: readonly string[]) {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const latest = duckdb.table(NAMES.latest);
    await connection.run(`CREATE TABLE ${latest} ("key" BIGINT, "item" JSON)`);
    const rows = items.map((item, index) => `(${index}, ${duckdb.text(item)})`);
    if (rows.length > 0) await connection.run(`INSERT INTO ${latest} VALUES ${rows.join(', ')}`);
    let answer: { readonly columns: readonly string[]; readonly rows: readonly (readonly unknown[])[] } = {
      columns: [],
      rows: [],
    };
    for (const statement of statements) {
      const result = await connection.runAndReadAll(statement);
      answer = { columns: result.columnNames(), rows: result.getRowsJson() };
    }
    return answer;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** A state's columns of the last change, of items that were only read. */
const UNCHANGED = [
  { name: 'position', expression: 'NULL' },
  { name: 'changed_at', expression: 'NULL' },
];

/** For {@link askLatest}: gives its items the typed columns of a view, and selects from them as the view does. */
export function typedStatements(view: Omit<TypedView, 'name'>): readonly [state: string, select: string] {
  const column = (name: string) => ({ name, expression: `"latest"."${name}"` });
  const rows = typedRows(duckdb, columnsOfViews([{ name: NAMES.typed, ...view }]), {
    from: `FROM ${duckdb.table(NAMES.latest)} AS "latest"`,
    own: [column('key'), column('item'), ...UNCHANGED],
    item: '"latest"."item"',
  });
  const select = typedSelect(duckdb, NAMES, { name: NAMES.typed, ...view });
  return [
    `CREATE VIEW ${duckdb.table(NAMES.state)} AS\n${rows}`,
    `SELECT * EXCLUDE (changed_at, position) FROM (${select})`,
  ];
}
