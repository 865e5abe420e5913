/**
 * How a value of each type is written: a number, a time or a text is never rounded, and every row of a column has the same
 * form. In BigQuery's words, which are those of a schema, too. The page `docs/export.md` shows this table.
 */
export const EXPORTED_TYPES = {
  STRING: { csv: 'the text, always in quotes', ndjson: 'text', parquet: 'STRING' },
  INT64: { csv: '`-12`', ndjson: 'a number up to 2^53 - 1, text beyond', parquet: 'INT64' },
  FLOAT64: {
    csv: 'the fewest digits that read back as it: `0.1`, `1e+25`; `NaN`, `Infinity`, `-Infinity`',
    ndjson: 'a number; `"NaN"`, `"Infinity"`, `"-Infinity"`',
    parquet: 'DOUBLE',
  },
  NUMERIC: {
    csv: 'the exact decimal: `12.5`',
    ndjson: 'a number of at most 15 digits, text beyond',
    parquet: 'DECIMAL(38,9)',
  },
  BIGNUMERIC: { csv: 'the exact decimal', ndjson: 'text', parquet: 'STRING' },
  BOOL: { csv: '`true`, `false`', ndjson: '`true`, `false`', parquet: 'BOOLEAN' },
  TIMESTAMP: {
    csv: '`2026-11-22T09:30:00.125000Z`',
    ndjson: 'the same, as text',
    parquet: 'TIMESTAMP, microseconds, adjusted to UTC',
  },
  DATETIME: {
    csv: '`2026-11-22T09:30:00.125000`',
    ndjson: 'the same, as text',
    parquet: 'TIMESTAMP, microseconds, not adjusted',
  },
  DATE: { csv: '`2026-11-22`', ndjson: 'the same, as text', parquet: 'DATE' },
  TIME: { csv: '`09:30:00.125000`', ndjson: 'the same, as text', parquet: 'TIME, microseconds' },
  BYTES: { csv: 'base64', ndjson: 'base64, as text', parquet: 'BYTE_ARRAY' },
  JSON: { csv: 'its text, in quotes', ndjson: 'the value itself', parquet: 'STRING, its text' },
} as const;

export type ScalarType = keyof typeof EXPORTED_TYPES;

/** The type of a column of an export: a scalar, a list or a struct. */
export type ExportedType =
  | { readonly scalar: ScalarType }
  | { readonly element: ExportedType }
  | { readonly fields: readonly ExportedColumn[] };

export type ExportedColumn = { readonly name: string; readonly type: ExportedType };

/** Whether values of a type are lists or structs. */
export function isNested(type: ExportedType): type is Exclude<ExportedType, { readonly scalar: ScalarType }> {
  return !('scalar' in type);
}

/** A type as BigQuery spells it: `ARRAY<STRUCT<sku STRING, price NUMERIC>>`. */
export function typeWord(type: ExportedType): string {
  if ('scalar' in type) return type.scalar;
  if ('element' in type) return `ARRAY<${typeWord(type.element)}>`;
  return `STRUCT<${type.fields.map((field) => `${field.name} ${typeWord(field.type)}`).join(', ')}>`;
}
