import { COLUMN_TYPES, type SchemaType } from '../../../src/schema/column-type.ts';
import type { SchemaColumn } from '../../../src/schema/schema.ts';
import { canonicalText } from '../../../src/value/canonical-text.ts';
import { canonicalDecimal } from '../../../src/value/decimal.ts';
import type { Dialect } from '../../../src/views/dialect.ts';

/** Every type, in a fixed order. */
export const TYPES = Object.keys(COLUMN_TYPES) as readonly SchemaType[];

/** A column of each type over one attribute, named for its type. */
export const COLUMN_OF_EACH_TYPE: readonly SchemaColumn[] = TYPES.map((type) => ({
  name: `as_${type.toLowerCase()}`,
  type,
  description: null,
  path: ['v'],
  cluster: false,
}));

/** Expressions that give the typed columns as texts. */
export function asTexts(dialect: Dialect): readonly string[] {
  return COLUMN_OF_EACH_TYPE.map((column) => textOf(dialect, column));
}

/**
 * An expression that gives a typed column as text: microseconds since the epoch for a time with a date, base64 for bytes; a
 * JSON array of such texts for a REPEATED column.
 */
export function textOf(dialect: Dialect, { name, type, mode }: Pick<SchemaColumn, 'name' | 'type' | 'mode'>): string {
  const column = dialect.identifier(name);
  if (mode !== 'REPEATED') return textOfValue(dialect, type, column);
  const element = textOfValue(dialect, type, dialect.identifier('value'));
  return dialect.name === 'duckdb'
    ? `CAST(to_json(list_transform(${column}, lambda "value": ${element})) AS VARCHAR)`
    : `TO_JSON_STRING(ARRAY(SELECT ${element} FROM UNNEST(${column}) AS \`value\` WITH OFFSET AS \`place\` ORDER BY \`place\`))`;
}

function textOfValue(dialect: Dialect, type: SchemaType, column: string): string {
  const isDuckDb = dialect.name === 'duckdb';
  const asText = (expression: string) => `CAST(${expression} AS ${isDuckDb ? 'VARCHAR' : 'STRING'})`;
  switch (type) {
    case 'JSON':
      // To BigQuery both SQL's NULL and JSON's null have the text `null`.
      return `CASE WHEN ${column} IS NOT NULL THEN ${dialect.jsonText(column)} END`;
    case 'TIMESTAMP':
      return asText(isDuckDb ? `epoch_us(${column})` : `UNIX_MICROS(${column})`);
    case 'DATETIME':
      return asText(isDuckDb ? `epoch_us(${column})` : `UNIX_MICROS(TIMESTAMP(${column}, 'UTC'))`);
    case 'BYTES':
      return `TO_BASE64(${column})`;
    default:
      return asText(column);
  }
}

/** A text of {@link asTexts} in one form for both warehouses, where they print a value in different ways. */
export function comparableText(
  type: SchemaType,
  text: string | null,
  mode: SchemaColumn['mode'] = 'NULLABLE',
): string | null {
  if (text === null) return null;
  if (mode === 'REPEATED') {
    return JSON.stringify((JSON.parse(text) as readonly string[]).map((element) => comparableText(type, element)));
  }
  switch (type) {
    case 'FLOAT64':
      return canonicalDecimal(String(Number(text))) ?? text;
    case 'NUMERIC':
      return canonicalDecimal(text) ?? text;
    case 'TIMESTAMP':
      return isoTime(BigInt(text));
    case 'DATETIME':
      return isoTime(BigInt(text)).replace('Z', '');
    case 'TIME':
      return text.includes('.') ? text.padEnd(15, '0') : `${text}.000000`;
    case 'JSON':
      return canonicalText(text);
    default:
      return text;
  }
}

function isoTime(micros: bigint): string {
  const rest = ((micros % 1000n) + 1000n) % 1000n;
  return new Date(Number((micros - rest) / 1000n)).toISOString().replace('Z', `${String(rest).padStart(3, '0')}Z`);
}
