import { duckdb } from '../../views/duckdb.ts';
import type { TableDefinition } from '../../views/table-definition.ts';
import { text } from '../sql-row.ts';
import type { Session } from './session.ts';

/** The columns that a table has, in order: `key VARCHAR, expired BOOLEAN`. */
export async function columnsOf(session: Session, table: string): Promise<string> {
  const rows = await session.rows(`DESCRIBE ${duckdb.table(table)}`);
  return rows.map((row) => `${text(row, 'column_name')} ${text(row, 'column_type')}`).join(', ');
}

/** The columns that Tailrace gives a table, as {@link columnsOf} spells them. */
export function definedColumns(columns: TableDefinition['columns']): string {
  return columns.map(({ name, type }) => `${name} ${duckdb.type(type)}`).join(', ');
}
