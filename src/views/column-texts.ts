import { isPlainStep, type Path, type PlainPath, plainPrefix } from '../schema/path.ts';
import type { Test, TypedColumn } from '../schema/typed-column.ts';
import { ruleOf } from '../schema/value-format.ts';
import { canonicalDecimal } from '../value/decimal.ts';
import { jsonOfDecimal } from '../value/json-number.ts';
import type { Dialect } from './dialect.ts';
import { exactJson } from './exact-json.ts';

/** What decides about a column's value. */
export type ValueColumn = Pick<
  TypedColumn,
  'type' | 'mode' | 'path' | 'format' | 'zone' | 'split' | 'test' | 'elements'
>;

/** The path of the JSON from which a column is read: of all steps, those that every engine takes at once. */
export function sourcePath({ path }: Pick<ValueColumn, 'path'>): PlainPath {
  return plainPrefix(path).prefix;
}

/**
 * What a column takes of the JSON at its {@link sourcePath}: its text, which a value takes more than once; or the JSON itself,
 * where the value is of JSON. NULL where there is nothing.
 */
export function readOf(dialect: Dialect, column: ValueColumn, source: string): string {
  const { test, path, split } = column;
  if (test !== undefined && 'exists' in test) return `${below(dialect, source, plainPrefix(path).rest)} IS NOT NULL`;
  if (isOfJson(column)) return listOrJson(dialect, column, source);
  const text = dialect.jsonText(below(dialect, source, plainPrefix(path).rest));
  if (split === undefined) return text;
  return dialect.jsonOfText(dialect.part(stringIn(dialect, text), split));
}

/** A column's value from what {@link readOf} gives; NULL, or the empty list, if that doesn't fit. */
export function columnValue(dialect: Dialect, column: ValueColumn, read: string): string {
  const { test, elements, mode, path } = column;
  if (test !== undefined) return testValue(dialect, test, read);
  if (elements !== undefined) {
    const fields = elements.map((one) => ({ name: one.name, of: (element: string) => valueAt(dialect, one, element) }));
    return dialect.recordsOf(read, fields);
  }
  if (mode === 'REPEATED') {
    const inner: ValueColumn = { ...column, mode: undefined, path: stepsBelowEach(path) };
    return dialect.valuesOf(read, column, (element) => valueAt(dialect, inner, element));
  }
  if (column.type === 'JSON') return read;
  const { pattern } = ruleOf(column);
  const cast = dialect.fromJsonText(read, column);
  return pattern === null ? cast : `CASE WHEN ${dialect.matches(read, pattern)} THEN ${cast} END`;
}

/** A column's value from JSON at which its path begins. */
export function valueAt(dialect: Dialect, column: ValueColumn, json: string): string {
  const source = dialect.jsonAt(json, sourcePath(column));
  return columnValue(dialect, column, readOf(dialect, column, source));
}

/** Whether a column reads JSON where others read its text. */
function isOfJson({ type, mode, test, elements }: ValueColumn): boolean {
  if (test !== undefined) return false;
  return type === 'JSON' || mode === 'REPEATED' || elements !== undefined;
}

function listOrJson(dialect: Dialect, { path, mode }: ValueColumn, source: string): string {
  const { rest } = plainPrefix(path);
  return below(dialect, source, mode === 'REPEATED' ? rest.slice(0, eachIn(rest)) : rest);
}

/** The JSON at the steps below JSON. */
export function below(dialect: Dialect, json: string, steps: Path): string {
  return steps.reduce<string>(
    (at, step) =>
      isPlainStep(step) ? dialect.jsonAt(at, [step]) : exactJson(dialect, stringIn(dialect, dialect.jsonText(at))),
    json,
  );
}

/** The text of a JSON string, from its JSON text; NULL of any other JSON. */
function stringIn(dialect: Dialect, text: string): string {
  return `CASE WHEN ${dialect.matches(text, '^"')} THEN ${dialect.fromJsonText(text, { type: 'STRING' })} END`;
}

function stepsBelowEach(path: Path): Path {
  return path.slice(eachIn(path) + 1);
}

/** Where a path has its step `each`; behind its end if it has none. */
function eachIn(path: Path): number {
  const at = path.findIndex((step) => typeof step === 'object' && 'each' in step);
  return at === -1 ? path.length : at;
}

/** Whether a value meets a condition; never NULL. */
function testValue(dialect: Dialect, test: Test, read: string): string {
  if ('exists' in test) return test.exists ? `(${read})` : `NOT (${read})`;
  if ('prefix' in test) {
    return `COALESCE(STARTS_WITH(${stringIn(dialect, read)}, ${dialect.text(test.prefix)}), FALSE)`;
  }
  const { equals } = test;
  if (typeof equals === 'string') {
    return `COALESCE(${stringIn(dialect, read)} = ${dialect.text(equals)}, FALSE)`;
  }
  const json = typeof equals === 'number' ? jsonOfDecimal(canonicalDecimal(String(equals)) ?? '') : String(equals);
  return `COALESCE(${read} = ${dialect.text(json)}, FALSE)`;
}
