import {
  arrayFromArrayValue,
  arrayFromListValue,
  DuckDBBlobValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
  fromVariantValue,
  objectArrayFromMapValue,
  objectFromStructValue,
  objectFromUnionValue,
} from '@duckdb/node-api';
import { canonicalDecimal } from '../../value/decimal.ts';
import type { SqlValue } from '../destination.ts';

/** What a JSON text must hold before one of its numbers can be more than a double carries. */
const LONG_NUMBER = /\d{16}|\d[eE]/;

/**
 * A value of DuckDB's as a value of a query's result, exactly.
 *
 * Numbers stay numbers only where a double carries them exactly. What JSON has no word for is text: timestamps are ISO
 * 8601 in UTC, blobs base64, NaN and the infinities their names, everything else as DuckDB prints it.
 */
export function sqlValue(value: DuckDBValue, type: DuckDBType): SqlValue {
  if (value === null) return null;
  switch (type.typeId) {
    case DuckDBTypeId.LIST:
      return arrayFromListValue(value, type, sqlValue);
    case DuckDBTypeId.ARRAY:
      return arrayFromArrayValue(value, type, sqlValue);
    case DuckDBTypeId.STRUCT:
      return objectFromStructValue(value, type, sqlValue);
    case DuckDBTypeId.MAP:
      return objectArrayFromMapValue(value, type, sqlValue);
    case DuckDBTypeId.UNION:
      return objectFromUnionValue(value, type, sqlValue);
    case DuckDBTypeId.VARIANT:
      return fromVariantValue<SqlValue>(value, type, sqlValue);
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_S:
    case DuckDBTypeId.TIMESTAMP_MS:
    case DuckDBTypeId.TIMESTAMP_NS:
    case DuckDBTypeId.TIMESTAMP_TZ:
      return isoTime(value);
    case DuckDBTypeId.DECIMAL:
      return decimal(String(value));
    default:
      return scalar(value, type);
  }
}

function scalar(value: DuckDBValue, type: DuckDBType): SqlValue {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'bigint':
      return decimal(String(value));
    case 'string':
      return type.alias === 'JSON' ? json(value) : value;
    default:
      return value instanceof DuckDBBlobValue ? Buffer.from(value.bytes).toString('base64') : String(value);
  }
}

function decimal(text: string): number | string {
  const number = Number(text);
  return String(number) === text ? number : text;
}

/** DuckDB prints `2026-11-22 10:00:00.5`, and a TIMESTAMPTZ in the machine's own time zone unless it is asked not to. */
function isoTime(value: DuckDBValue): string {
  const text = String(value instanceof DuckDBTimestampTZValue ? new DuckDBTimestampValue(value.micros) : value);
  return /^\d{4}-\d\d-\d\d \S+$/.test(text) ? `${text.replace(' ', 'T')}Z` : text;
}

function json(text: string): SqlValue {
  // Tailrace's own JSON never holds such a number; a person's statement can make one.
  return LONG_NUMBER.test(text) ? JSON.parse(text, exactNumber) : JSON.parse(text);
}

function exactNumber(_name: string, value: unknown, { source }: { readonly source?: string } = {}): unknown {
  if (typeof value !== 'number' || source === undefined) return value;
  return canonicalDecimal(source) === canonicalDecimal(String(value)) ? value : source;
}
