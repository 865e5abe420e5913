import type { DuckDBConnection } from '@duckdb/node-api';
import { objectNames } from '../../names/object-names.ts';
import { isObject } from '../../value/is-object.ts';
import type { ExportedColumn, ExportedType, ScalarType } from '../../views/exported-type.ts';
import { resultRows } from './result-rows.ts';

/** Types of a schema that are another type's in DuckDB: a time without a zone, and a decimal beyond DuckDB's own. */
const STORED_AS: Readonly<Record<string, ScalarType>> = { DATETIME: 'TIMESTAMP', BIGNUMERIC: 'STRING' };

/** The views of the file, with what Tailrace wrote about them. */
const VIEWS = `
SELECT view_name, sql, comment
FROM duckdb_views()
WHERE database_name = current_database() AND schema_name = 'main' AND NOT internal`;

/** A typed column's name: that of the view's column, and of its definition's digest. */
const TYPED_NAME = /^(.*)_[0-9a-f]{8}$/;

/**
 * The columns of a view with the types that the table's schema declares, where DuckDB's types don't tell. The typed columns in
 * force say it, as far as the view's own text names them.
 */
export async function withDeclaredTypes(
  connection: DuckDBConnection,
  view: string,
  columns: readonly ExportedColumn[],
): Promise<readonly ExportedColumn[]> {
  const views = resultRows(await connection.run(VIEWS)).map(([name, sql, comment]) => ({
    name: String(name).toLowerCase(),
    sql: String(sql),
    facts: factsIn(comment),
  }));
  const found = views.find(({ name }) => name === view.toLowerCase());
  const table = found?.facts['table_name'];
  if (found === undefined || typeof table !== 'string') return columns;
  const state = views.find(({ name }) => name === objectNames(table).state.toLowerCase());
  const declared = new Map<string, ScalarType>();
  for (const { name, type } of typedColumnsIn(state?.facts['columns'])) {
    const [, column] = TYPED_NAME.exec(name) ?? [];
    if (column !== undefined && found.sql.includes(name)) declared.set(column, type);
  }
  return columns.map((column) => {
    const type = declared.get(column.name);
    return type === undefined ? column : { ...column, type: asDeclared(column.type, type) };
  });
}

function asDeclared(type: ExportedType, declared: ScalarType): ExportedType {
  if ('element' in type) return { element: asDeclared(type.element, declared) };
  return 'scalar' in type && type.scalar === STORED_AS[declared] ? { scalar: declared } : type;
}

/** The typed columns of a type that DuckDB doesn't have, and those within the records of others. */
function* typedColumnsIn(columns: unknown): Generator<{ readonly name: string; readonly type: ScalarType }> {
  for (const column of Array.isArray(columns) ? columns : []) {
    if (!isObject(column)) continue;
    const { name, type, elements } = column;
    if (typeof name === 'string' && (type === 'DATETIME' || type === 'BIGNUMERIC')) yield { name, type };
    yield* typedColumnsIn(elements);
  }
}

/** The facts of an annotation; none of a comment that isn't one. */
function factsIn(comment: unknown): Readonly<Record<string, unknown>> {
  const text = typeof comment === 'string' ? comment : '';
  try {
    const facts: unknown = JSON.parse(text.slice(text.lastIndexOf('\n') + 1));
    return isObject(facts) ? facts : {};
  } catch {
    // A comment that someone else wrote.
    return {};
  }
}
