import { DuckDBInstance } from '@duckdb/node-api';
import { objectNames } from '../../../src/names/object-names.ts';
import { typedColumns } from '../../../src/schema/typed-column.ts';
import { duckdb } from '../../../src/views/duckdb.ts';
import { type TypedView, typedSelect } from '../../../src/views/typed.ts';
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
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const latest = duckdb.table(NAMES.latest);
    await connection.run(`CREATE TABLE ${latest} ("key" BIGINT, "item" JSON)`);
    const rows = items.map((item, index) => `(${index}, ${duckdb.text(item)})`);
    if (rows.length > 0) await connection.run(`INSERT INTO ${latest} VALUES ${rows.join(', ')}`);
    let answer: readonly (readonly (string | null)[])[] = [];
    for (const statement of statements) {
      const result = await connection.runAndReadAll(statement);
      answer = result.getRowsJson().map((row) => row.map((value) => (value === null ? null : String(value))));
    }
    return answer;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** For {@link askLatest}: gives its items the typed columns of a view, and selects from them as the view does. */
export function typedStatements(view: Pick<TypedView, 'columns'>): readonly [state: string, select: string] {
  const column = (name: string) => ({ name, expression: `"latest"."${name}"` });
  const rows = typedRows(duckdb, typedColumns(view.columns), {
    from: `FROM ${duckdb.table(NAMES.latest)} AS "latest"`,
    own: [column('key'), column('item')],
    item: '"latest"."item"',
  });
  return [
    `CREATE VIEW ${duckdb.table(NAMES.state)} AS\n${rows}`,
    typedSelect(duckdb, NAMES, { name: NAMES.typed, ...view }),
  ];
}
