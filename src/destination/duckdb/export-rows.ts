import { type DuckDBConnection, type DuckDBType, DuckDBTypeId } from '@duckdb/node-api';
import type { ExportWriter } from '../../export/export-writer.ts';
import { duckdb } from '../../views/duckdb.ts';
import { conditionCheck, type RowChoice, rowsSelect } from '../../views/exported-rows.ts';
import type { ExportedColumn, ExportedType } from '../../views/exported-type.ts';
import { type ExportedRows, pickColumns, refusedCondition } from '../row-exporter.ts';
import { withDeclaredTypes } from './declared-types.ts';
import { prepareReading } from './reading-statement.ts';
import { estimateRows } from './statement.ts';

/** Implements `RowExporter.viewColumns`. */
export async function viewColumns(connection: DuckDBConnection, view: string): Promise<readonly ExportedColumn[]> {
  const result = await connection.run(`SELECT * FROM ${duckdb.table(view)} LIMIT 0`);
  const types = result.columnTypes();
  const columns = result.columnNames().map((name, index) => ({ name, type: exportedType(types[index]) }));
  return withDeclaredTypes(connection, view, columns);
}

/** The rows that an export would read, about; `null` if DuckDB makes no estimate. */
export async function estimateExport(connection: DuckDBConnection, choice: RowChoice): Promise<number | null> {
  await requireCondition(connection, choice);
  return estimateRows(connection, rowsSelect(duckdb, choice));
}

/** Implements `RowExporter.exportRows`, in one statement, which sees one state of the file. */
export async function exportRows(
  connection: DuckDBConnection,
  choice: RowChoice,
  writer: ExportWriter,
): Promise<ExportedRows> {
  const columns = pickColumns(choice.view, await viewColumns(connection, choice.view), choice.columns);
  await requireCondition(connection, choice);
  return { columns, rows: await writer.writeSelect(connection, rowsSelect(duckdb, choice), columns) };
}

async function requireCondition(connection: DuckDBConnection, choice: RowChoice): Promise<void> {
  if (choice.where === null) return;
  try {
    for (const sql of [conditionCheck(duckdb, choice.view, choice.where), rowsSelect(duckdb, choice)]) {
      (await prepareReading(connection, sql)).destroySync();
    }
  } catch (error) {
    throw refusedCondition(error, choice);
  }
}

/** A type of DuckDB's; what BigQuery has no word for is its text. */
function exportedType(type: DuckDBType | undefined): ExportedType {
  switch (type?.typeId) {
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.ARRAY:
      return { element: exportedType(type.valueType) };
    case DuckDBTypeId.STRUCT:
      return { fields: type.entryNames.map((name, index) => ({ name, type: exportedType(type.entryTypes[index]) })) };
    case DuckDBTypeId.TINYINT:
    case DuckDBTypeId.SMALLINT:
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.UTINYINT:
    case DuckDBTypeId.USMALLINT:
    case DuckDBTypeId.UINTEGER:
      return { scalar: 'INT64' };
    case DuckDBTypeId.UBIGINT:
    case DuckDBTypeId.HUGEINT:
    case DuckDBTypeId.UHUGEINT:
      return { scalar: 'BIGNUMERIC' };
    case DuckDBTypeId.FLOAT:
    case DuckDBTypeId.DOUBLE:
      return { scalar: 'FLOAT64' };
    case DuckDBTypeId.DECIMAL:
      return { scalar: 'NUMERIC' };
    case DuckDBTypeId.BOOLEAN:
      return { scalar: 'BOOL' };
    case DuckDBTypeId.TIMESTAMP:
      return { scalar: 'TIMESTAMP' };
    case DuckDBTypeId.DATE:
      return { scalar: 'DATE' };
    case DuckDBTypeId.TIME:
      return { scalar: 'TIME' };
    case DuckDBTypeId.BLOB:
      return { scalar: 'BYTES' };
    default:
      return { scalar: type?.alias === 'JSON' ? 'JSON' : 'STRING' };
  }
}
