import { isPlainStep } from '../schema/path.ts';
import type { TypedColumn } from '../schema/typed-column.ts';
import { ruleOf } from '../schema/value-format.ts';
import { below, columnValue, readOf, sourcePath, stepsBelow } from './column-texts.ts';
import type { Dialect } from './dialect.ts';
import type { NamedExpression } from './select-lines.ts';

/** Tells whether a column's values fit. */
export type JudgedColumn = {
  /** What is read of the JSON for the others, which name it as columns of the table `read`. */
  readonly reads: readonly NamedExpression[];
  /** Whether there is something at the column's path, NULL included. */
  readonly isPresent: string;
  /** The JSON text of what is there; `null`, too, if there is nothing, in some warehouses. */
  readonly text: string;
  /** Whether that doesn't fit; NULL if there is nothing. */
  readonly isMisfit: string;
};

/**
 * Tells whether a column's values fit: they don't where there is something that isn't NULL, and the column's value is; nor
 * where a text on the way should be JSON and isn't. What is absent within such a text is absent, and no misfit.
 *
 * @param json The JSON at which the column's path begins.
 * @param nameOf Names a part of what is read.
 */
export function judgedColumn(
  dialect: Dialect,
  column: TypedColumn,
  json: string,
  nameOf: (part: string) => string,
): JudgedColumn {
  const reads: NamedExpression[] = [];
  const read = (part: string, expression: string) => {
    reads.push({ name: nameOf(part), expression });
    return `${dialect.identifier('read')}.${dialect.identifier(nameOf(part))}`;
  };
  const source = dialect.jsonAt(json, sourcePath(column));
  const isPresent = read('present', `${source} IS NOT NULL`);
  const text = read('text', dialect.jsonText(source));
  const misfits: string[] = [];

  const steps = stepsBelow(column);
  for (const [at, step] of steps.entries()) {
    if (isPlainStep(step)) continue;
    const before = at === 0 ? text : read(`text_${at}`, dialect.jsonText(below(dialect, source, steps.slice(0, at))));
    const isJson = read(`json_${at}`, `${below(dialect, source, steps.slice(0, at + 1))} IS NOT NULL`);
    misfits.push(`${before} <> 'null' AND NOT ${isJson}`);
  }
  if (canMisfit(column)) {
    const last = dialect.jsonText(below(dialect, source, steps));
    const whole = steps.length === 0 ? text : read('last', last);
    const taken = readOf(dialect, column, source);
    const value = columnValue(dialect, column, taken === last ? whole : read('value', taken));
    const isNothing =
      column.mode === 'REPEATED' ? `${whole} <> '[]' AND ${dialect.lengthOf(value)} = 0` : `${value} IS NULL`;
    misfits.push(`${whole} <> 'null' AND ${isNothing}`);
  }
  const [only = 'FALSE', ...others] = misfits;
  return {
    reads,
    isPresent,
    text,
    isMisfit: others.length === 0 ? only : misfits.map((one) => `(${one})`).join(' OR '),
  };
}

/** Whether there is JSON that doesn't fit a column. */
function canMisfit(column: TypedColumn): boolean {
  return column.mode === 'REPEATED' || ruleOf(column).pattern !== null;
}
