import { aroundEach, isPlainStep, type Path, type PlainPath, plainPrefix } from '../schema/path.ts';
import type { TypedColumn } from '../schema/typed-column.ts';
import { ruleOf } from '../schema/value-format.ts';
import type { Dialect } from './dialect.ts';
import { exactJson } from './exact-json.ts';
import { stringIn } from './json-string.ts';
import { testValue } from './test-value.ts';

/** What decides about a column's value. */
export type ValueColumn = Pick<
  TypedColumn,
  'type' | 'mode' | 'path' | 'format' | 'zone' | 'split' | 'test' | 'elements'
>;

/** The path of the JSON from which a column is read: of all steps, those that every engine takes at once. */
export function sourcePath({ path }: Pick<ValueColumn, 'path'>): PlainPath {
  return plainPrefix(path).prefix;
}

/** The steps from the JSON at a column's {@link sourcePath} to its value, or to the list of its values. */
export function stepsBelow({ path }: Pick<ValueColumn, 'path'>): Path {
  const { rest } = plainPrefix(path);
  return aroundEach(rest)?.list ?? rest;
}

/** The first of a column's {@link stepsBelow}: those to the last JSON that is in a text; none if none is. */
export function stepsToDocument(column: Pick<ValueColumn, 'path'>): Path {
  const steps = stepsBelow(column);
  return steps.slice(0, steps.findLastIndex((step) => !isPlainStep(step)) + 1);
}

/**
 * What a column takes of JSON: its text, which a value takes more than once; or the JSON itself, where the value is of JSON.
 * NULL where there is nothing.
 *
 * @param source The JSON at the column's {@link sourcePath}, or further along its steps.
 * @param steps The steps that are left.
 */
export function readOf(dialect: Dialect, column: ValueColumn, source: string, steps = stepsBelow(column)): string {
  const { type, mode, test, elements, split } = column;
  const json = below(dialect, source, steps);
  if (test !== undefined) return 'exists' in test ? `${json} IS NOT NULL` : dialect.jsonText(json);
  if (type === 'JSON' || mode === 'REPEATED' || elements !== undefined) return json;
  const text = dialect.jsonText(json);
  return split === undefined ? text : dialect.jsonOfText(dialect.part(stringIn(dialect, text), split));
}

/** A column's value from what {@link readOf} gives; NULL, or the empty list, if that doesn't fit. */
export function columnValue(dialect: Dialect, column: ValueColumn, read: string): string {
  const { test, elements, mode, path, type } = column;
  if (test !== undefined) return testValue(dialect, test, read, path.every(isPlainStep));
  if (elements !== undefined) {
    const fields = elements.map((one) => ({ name: one.name, of: (element: string) => valueAt(dialect, one, element) }));
    return dialect.recordsOf(read, fields);
  }
  if (mode === 'REPEATED') {
    const one: ValueColumn = { ...column, mode: undefined, path: aroundEach(path)?.below ?? [] };
    return dialect.valuesOf(read, column, (element) => valueAt(dialect, one, element));
  }
  const { pattern } = ruleOf(column);
  if (type === 'JSON' || pattern === null) return read;
  return `CASE WHEN ${dialect.matches(read, pattern)} THEN ${dialect.fromJsonText(read, column)} END`;
}

/** A column's value from JSON at which its path begins. */
export function valueAt(dialect: Dialect, column: ValueColumn, json: string): string {
  return columnValue(dialect, column, readOf(dialect, column, dialect.jsonAt(json, sourcePath(column))));
}

/** The JSON at the steps below JSON. */
export function below(dialect: Dialect, json: string, steps: Path): string {
  return steps.reduce<string>(
    (at, step) =>
      isPlainStep(step)
        ? dialect.jsonAt(at, [step])
        : dialect.bind('text', stringIn(dialect, dialect.jsonText(at)), (text) => exactJson(dialect, text)),
    json,
  );
}
