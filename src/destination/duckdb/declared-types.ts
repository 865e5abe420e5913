import type { DuckDBConnection } from '@duckdb/node-api';
import { objectNames } from '../../names/object-names.ts';
import type { TypedColumn } from '../../schema/typed-column.ts';
import type { ExportedColumn, ExportedType, ScalarType } from '../../views/exported-type.ts';
import { type Annotation, readAnnotation } from '../annotation.ts';
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
    annotation: annotationIn(comment),
  }));
  const found = views.find(({ name }) => name === view.toLowerCase());
  if (found?.annotation?.of !== 'typed') return columns;
  const { state: stateName } = objectNames(found.annotation.tableName);
  const state = views.find(({ name }) => name === stateName.toLowerCase())?.annotation;
  const declared = new Map<string, ScalarType>();
  for (const { name, type } of withElements(state?.of === 'state' ? (state.columns ?? []) : [])) {
    if (STORED_AS[type] === undefined) continue;
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

/** Typed columns, and those within the records of others. */
function withElements(columns: readonly TypedColumn[]): readonly TypedColumn[] {
  return columns.flatMap((column) => [column, ...withElements(column.elements ?? [])]);
}

function annotationIn(comment: unknown): Annotation | undefined {
  return readAnnotation(typeof comment === 'string' ? comment : null);
}
