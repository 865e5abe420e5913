import { jsonText } from '../../value/json-text.ts';
import type { Column, ColumnType } from '../../views/column.ts';

/**
 * How JSON columns are written: as JSON text in a string, the only form that a streaming insert takes, or as the JSON
 * itself, the only form that a load job takes.
 */
export type JsonForm = 'quoted' | 'raw';

/** Writes a row as one line of JSON. NULLs are left out: BigQuery reads an absent column as NULL. */
export function rowJson<Row>(columns: readonly Column<Row>[], row: Row, jsonForm: JsonForm): string {
  let text = '{';
  let separator = '';
  for (const { name, field, type } of columns) {
    const value = row[field];
    if (value === null) continue;
    text += `${separator}"${name}":${valueJson(value, type, jsonForm)}`;
    separator = ',';
  }
  return `${text}}`;
}

function valueJson(value: unknown, type: ColumnType, jsonForm: JsonForm): string {
  if (type === 'TIMESTAMP' && typeof value === 'number') return timeJson(value);
  if (typeof value !== 'string') return JSON.stringify(value);
  if (type !== 'JSON') return jsonText(value) ?? JSON.stringify(value);
  // Full of quotes: the engine's own writer is faster than looking whether it is needed.
  return jsonForm === 'raw' ? value : JSON.stringify(value);
}

/** Rows come by the second and by the batch, so few times stand in many of them. */
const times = new Map<number, string>();
const MAX_TIMES = 1_000;

function timeJson(ms: number): string {
  const known = times.get(ms);
  if (known !== undefined) return known;
  if (times.size >= MAX_TIMES) times.clear();
  const text = `"${new Date(ms).toISOString()}"`;
  times.set(ms, text);
  return text;
}
