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
import type { SqlValue } from '../destination.ts';
import { integerValue, jsonValue } from '../exact-number.ts';

/** Unlike the client's own decoder, it doesn't drop a U+FEFF at a text's beginning as a byte order mark. */
const UTF_8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * A value of DuckDB's as a value of a query's result, exactly.
 *
 * Doubles and integers up to 2^53 - 1 are numbers; larger integers and decimals are text. Values that JSON can't express
 * are text too: timestamps are ISO 8601 in UTC, blobs base64, NaN and the infinities their names, everything else as
 * DuckDB prints it.
 *
 * @param value As the client gives it, except that text is given as its bytes ({@link resultRows}).
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
    case DuckDBTypeId.VARCHAR:
      return text(value, type);
    default:
      return scalar(value);
  }
}

function text(value: DuckDBValue, { alias }: DuckDBType): SqlValue {
  const text = value instanceof DuckDBBlobValue ? UTF_8.decode(value.bytes) : String(value);
  return alias === 'JSON' ? jsonValue(text) : text;
}

function scalar(value: DuckDBValue): SqlValue {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'bigint':
      return integerValue(String(value));
    default:
      return value instanceof DuckDBBlobValue ? Buffer.from(value.bytes).toString('base64') : String(value);
  }
}

/** DuckDB prints `2026-11-22 10:00:00.5`, and a TIMESTAMPTZ in the machine's own time zone. */
function isoTime(value: DuckDBValue): string {
  const text = String(value instanceof DuckDBTimestampTZValue ? new DuckDBTimestampValue(value.micros) : value);
  return /^\d{4}-\d\d-\d\d \S+$/.test(text) ? `${text.replace(' ', 'T')}Z` : text;
}
