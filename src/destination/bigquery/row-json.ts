import type { Column } from '../../views/column.ts';

/**
 * How JSON columns are written: as JSON text in a string, the only form that a streaming insert takes, or as the JSON
 * itself, the only form that a load job takes.
 */
export type JsonForm = 'quoted' | 'raw';

/** Writes a row as one line of JSON. NULLs are left out: BigQuery reads an absent column as NULL. */
export function rowJson<Row>(columns: readonly Column<Row>[], row: Row, jsonForm: JsonForm): string {
  let text = '';
  for (const { name, field, type } of columns) {
    const value = row[field];
    if (value === null) continue;
    text += `${text === '' ? '{' : ','}"${name}":`;
    if (type === 'TIMESTAMP' && typeof value === 'number') text += `"${new Date(value).toISOString()}"`;
    else if (type === 'JSON' && typeof value === 'string' && jsonForm === 'raw') text += value;
    else text += JSON.stringify(value);
  }
  return text === '' ? '{}' : `${text}}`;
}
