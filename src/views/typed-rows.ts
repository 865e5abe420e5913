import type { TypedColumn } from '../schema/typed-column.ts';
import { columnValue } from './column-texts.ts';
import type { Dialect } from './dialect.ts';
import { readingPlan } from './reading-plan.ts';
import { fromLines, type NamedExpression, selectLines } from './select-lines.ts';

/** Rows with an item each, to which typed columns are added. */
export type ItemRows = {
  /** FROM, and WHERE if need be. */
  readonly from: string;
  /** The columns that are given on, in order: their names, and the expressions over `from`. */
  readonly own: readonly NamedExpression[];
  /** Expression of the item's JSON. */
  readonly item: string;
  /** Expression of a typed column that the rows have already; `undefined` if it is read from the item. */
  readonly stored?: (column: TypedColumn) => string | undefined;
};

/**
 * A SELECT of rows with typed columns behind their own.
 *
 * A value is taken as its JSON text, held against its type's pattern, and cast only then, so that every warehouse gives the
 * same. What doesn't fit is NULL. The texts are read in a SELECT of their own, since both the pattern and the cast need them.
 */
export function typedRows(dialect: Dialect, columns: readonly TypedColumn[], rows: ItemRows): string {
  const { from, own, item, stored = () => undefined } = rows;
  const read = (name: string) => `${dialect.identifier('read')}.${dialect.identifier(name)}`;
  const given = columns.flatMap((column): NamedExpression[] => {
    const expression = stored(column);
    return expression === undefined ? [] : [{ name: column.name, expression }];
  });
  const parsed = columns.filter((column) => stored(column) === undefined);
  if (parsed.length === 0) return selectLines(dialect, [...own, ...given], from.split('\n')).join('\n');

  const { layers, textOf } = readingPlan(dialect, parsed, item);
  const [first = [], ...others] = layers;
  let selected: readonly NamedExpression[] = [...own, ...given, ...first];
  let lines = selectLines(dialect, selected, from.split('\n'));
  for (const added of others.filter(({ length }) => length > 0)) {
    selected = [...selected.map(({ name }) => ({ name, expression: read(name) })), ...added];
    lines = selectLines(dialect, selected, fromLines(dialect, lines, 'read'));
  }
  const values = columns.map((column): NamedExpression => {
    const isParsed = stored(column) === undefined;
    const expression = isParsed ? columnValue(dialect, column, textOf(column)) : read(column.name);
    return { name: column.name, expression };
  });
  const carried = own.map(({ name }) => ({ name, expression: read(name) }));
  return selectLines(dialect, [...carried, ...values], fromLines(dialect, lines, 'read')).join('\n');
}
