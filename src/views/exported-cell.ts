import { duckdb } from './duckdb.ts';
import { DUCKDB_TYPES } from './duckdb-type.ts';
import type { ExportedType } from './exported-type.ts';

/**
 * A value of its type, of the texts in which BigQuery's API gives it, in DuckDB's SQL. A TIMESTAMP is its microseconds since
 * the epoch.
 *
 * Source: <https://docs.cloud.google.com/bigquery/docs/reference/rest/v2/DataFormatOptions>
 */
export function valueOfCell(expression: string, type: ExportedType, depth = 0): string {
  if ('element' in type) {
    const element = `c${depth}`;
    return `list_transform(${expression}, lambda ${element}: ${valueOfCell(element, type.element, depth + 1)})`;
  }
  if ('fields' in type) {
    const fields = type.fields.map(({ name, type: of }) => {
      const quoted = duckdb.identifier(name);
      return `${quoted} := ${valueOfCell(`${expression}.${quoted}`, of, depth)}`;
    });
    return `CASE WHEN ${expression} IS NOT NULL THEN struct_pack(${fields.join(', ')}) END`;
  }
  switch (type.scalar) {
    case 'STRING':
    case 'BIGNUMERIC':
    case 'JSON':
      return expression;
    case 'TIMESTAMP':
      return `make_timestamp(CAST(${expression} AS BIGINT))`;
    case 'BYTES':
      return `from_base64(${expression})`;
    default:
      return `CAST(${expression} AS ${DUCKDB_TYPES[type.scalar]})`;
  }
}
