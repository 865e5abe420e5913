import { isObject } from '../../value/is-object.ts';
import type { SqlValue } from '../destination.ts';
import { integerValue, jsonValue } from '../exact-number.ts';
import type { FieldSchema as Field } from './resources.ts';

/**
 * A cell of a query's result as a value, exactly: BigQuery sends every scalar as text.
 *
 * Doubles and integers up to 2^53 - 1 are numbers; larger integers and decimals are text. Values that JSON can't express
 * are text too, timestamps as ISO 8601 in UTC.
 *
 * @param cell The value; elements of arrays and fields of records are wrapped as `{"v": …}`.
 */
export function cellValue(field: Field, cell: unknown): SqlValue {
  if (field.mode === 'REPEATED' && Array.isArray(cell)) {
    return cell.map((element) => scalar(field, unwrap(element)));
  }
  return scalar(field, cell);
}

/** The value of a wrapped cell. */
export function unwrap(cell: unknown): unknown {
  return isObject(cell) ? cell['v'] : undefined;
}

function scalar(field: Field, value: unknown): SqlValue {
  if (value === null || value === undefined) return null;
  if (isObject(value)) return record(field.fields ?? [], value['f']);
  const text = String(value);
  switch (field.type) {
    case 'INTEGER':
    case 'INT64':
      return integerValue(text);
    case 'FLOAT':
    case 'FLOAT64':
      return Number.isFinite(Number(text)) ? Number(text) : text;
    case 'BOOLEAN':
    case 'BOOL':
      return text === 'true';
    case 'TIMESTAMP':
      return timestamp(text);
    case 'JSON':
      return jsonValue(text);
    default:
      return text;
  }
}

function record(fields: readonly Field[], cells: unknown): SqlValue {
  const values = Array.isArray(cells) ? cells : [];
  return Object.fromEntries(fields.map((field, index) => [field.name ?? '', cellValue(field, unwrap(values[index]))]));
}

/** Microseconds since the epoch, as `formatOptions.useInt64Timestamp` asks for, as ISO 8601. */
function timestamp(micros: string): string {
  const count = BigInt(micros);
  const rest = ((count % 1000n) + 1000n) % 1000n;
  const iso = new Date(Number((count - rest) / 1000n)).toISOString();
  return rest === 0n ? iso : iso.replace('Z', `${String(rest).padStart(3, '0')}Z`);
}
