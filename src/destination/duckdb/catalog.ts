import { TailraceError } from '../../errors.ts';
import { duckdb, duckdbType } from '../../views/duckdb.ts';
import type { TableDefinition } from '../../views/table-definition.ts';
import { type Annotation, readAnnotation } from '../annotation.ts';
import { number, optionalText, text } from '../sql-row.ts';
import type { Session } from './session.ts';

/** A table or view of the file. */
export type CatalogObject = {
  readonly name: string;
  readonly kind: 'table' | 'view';
  /** `null` also for Tailrace's own objects after DuckDB's export and import. */
  readonly comment: string | null;
  /** Its comment as an annotation, if Tailrace made it. */
  readonly annotation: Annotation | undefined;
};

const OBJECTS = `
SELECT table_name AS name, 'table' AS kind, comment
FROM duckdb_tables()
WHERE database_name = current_database() AND schema_name = 'main' AND NOT internal
UNION ALL
SELECT view_name, 'view', comment
FROM duckdb_views()
WHERE database_name = current_database() AND schema_name = 'main' AND NOT internal
ORDER BY name`;

/** The tables and views of a DuckDB file. */
export class Catalog {
  readonly objects: readonly CatalogObject[];

  private constructor(objects: readonly CatalogObject[]) {
    this.objects = objects;
  }

  static async read(session: Session): Promise<Catalog> {
    const rows = await session.rows(OBJECTS);
    return new Catalog(
      rows.map((row) => {
        const comment = optionalText(row, 'comment');
        return {
          name: text(row, 'name'),
          kind: text(row, 'kind') === 'view' ? 'view' : 'table',
          comment,
          annotation: readAnnotation(comment),
        };
      }),
    );
  }

  /** Names are compared without case, as DuckDB does. */
  find(name: string): CatalogObject | undefined {
    return this.objects.find((object) => object.name.toLowerCase() === name.toLowerCase());
  }

  /** @throws {TailraceError} `destination-missing` if the file has no table or view of that name. */
  require(name: string): CatalogObject {
    const found = this.find(name);
    if (found !== undefined) return found;
    throw new TailraceError('destination-missing', `${name} is not there`, { context: { object: name } });
  }
}

/**
 * The rows of a table, about, from the catalogue: no row is read. Deleted rows count until DuckDB has rewritten them.
 *
 * Source: <https://duckdb.org/docs/stable/sql/meta/duckdb_table_functions#duckdb_tables>
 */
export async function estimatedRows(session: Session, table: string): Promise<number> {
  const [row = {}] = await session.rows(
    `SELECT COALESCE(MAX(estimated_size), 0) AS rows FROM duckdb_tables() ` +
      `WHERE database_name = current_database() AND schema_name = 'main' AND lower(table_name) = lower(${duckdb.text(table)})`,
  );
  return number(row, 'rows');
}

/** The columns that a table has, in order: `key VARCHAR, expired BOOLEAN`. */
export async function columnsOf(session: Session, table: string): Promise<string> {
  const rows = await session.rows(`DESCRIBE ${duckdb.table(table)}`);
  return rows.map((row) => `${text(row, 'column_name')} ${text(row, 'column_type')}`).join(', ');
}

/** The columns that Tailrace gives a table, as {@link columnsOf} spells them. */
export function definedColumns(columns: TableDefinition['columns']): string {
  return columns.map((column) => `${column.name} ${duckdbType(column)}`).join(', ');
}
