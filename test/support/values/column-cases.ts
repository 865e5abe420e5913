import { readSchema } from '../../../src/schema/read-schema.ts';
import type { SchemaColumn } from '../../../src/schema/schema.ts';

/** What a column gives of items. */
export type ColumnCase = {
  readonly of: string;
  /** A column of the schema, named `x`, over the attribute `v` unless it has a path. */
  readonly column: SchemaColumn;
  /**
   * JSON of the attribute `v`, or of the item where it begins with a brace and the column has a path; and the value as
   * `comparableText` gives it, or {@link MISFIT}.
   */
  readonly values: readonly (readonly [json: string, value: string | null | typeof MISFIT])[];
};

/** Stands for a value that doesn't fit: NULL, or the empty list, and counted. */
export const MISFIT = Symbol('misfit');

/** The items of a case, in order. */
export function itemsOf({ values }: ColumnCase): readonly string[] {
  return values.map(([json]) => `{"v":${json}}`);
}

/** What a case's column gives of each item, as `comparableText` does. */
export function valuesOf({ column, values }: ColumnCase): readonly (string | null)[] {
  return values.map(([, value]) => (value !== MISFIT ? value : column.mode === 'REPEATED' ? '[]' : null));
}

/** The keys of a case's items whose value doesn't fit. */
export function misfitKeysOf({ values }: ColumnCase): readonly string[] {
  return [...values.entries()].flatMap(([key, [, value]]) => (value === MISFIT ? [String(key)] : []));
}

/** A case, with its column as a schema file declares it. */
export function columnCase(of: string, column: object, values: ColumnCase['values']): ColumnCase {
  const [read] = readSchema(JSON.stringify({ columns: [{ name: 'x', path: 'v', ...column }] }), of).columns;
  if (read === undefined) throw new Error(`${of} declares no column`);
  return { of, column: read, values };
}

/** The JSON text of a JSON string. */
export const quoted = (text: string) => JSON.stringify(text);
