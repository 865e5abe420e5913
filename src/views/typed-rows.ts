import type { TypedColumn } from '../schema/typed-column.ts';
import { columnValue, readOf, sourcePath } from './column-texts.ts';
import { type Dialect, indent } from './dialect.ts';

/** Column with the values of an item that typed columns are made of. No typed column has this name: theirs end in a digest. */
const PARSED = 'parsed';

/** Rows with an item each, to which typed columns are added. */
export type ItemRows = {
  /** FROM, and WHERE if need be. */
  readonly from: string;
  /** The columns that are given on, in order: their names, and the expressions over `from`. */
  readonly own: readonly { readonly name: string; readonly expression: string }[];
  /** Expression of the item's JSON. */
  readonly item: string;
  /** Expression of a typed column that the rows have already; `undefined` if it is read from the item. */
  readonly stored?: (column: TypedColumn) => string | undefined;
};

/**
 * A SELECT of rows with typed columns behind their own.
 *
 * A value is taken as its JSON text, held against its type's pattern, and cast only then, so that every warehouse gives the
 * same. What doesn't fit is NULL. The texts are read in a SELECT of their own, since both the pattern and the cast need them;
 * where a warehouse has JSON as text, each item is parsed there once.
 */
export function typedRows(dialect: Dialect, columns: readonly TypedColumn[], rows: ItemRows): string {
  const q = dialect.identifier;
  const { from, own, item, stored = () => undefined } = rows;
  const parsed = columns.filter((column) => stored(column) === undefined);
  const list = parsed.length === 0 ? null : dialect.jsonList(item, parsed.map(sourcePath));
  const read = [
    ...own,
    ...columns.flatMap((column) => {
      const expression =
        stored(column) ?? (list === null ? readOf(dialect, column, dialect.jsonAt(item, sourcePath(column))) : null);
      return expression === null ? [] : [{ name: column.name, expression }];
    }),
    ...(list === null ? [] : [{ name: PARSED, expression: list }]),
  ].map(({ name, expression }) => `  ${expression} AS ${q(name)}`);
  if (parsed.length === 0) return ['SELECT', read.join(',\n'), from].join('\n');
  const values = columns.map((column) => {
    const index = parsed.indexOf(column);
    const name = `${q('read')}.${q(column.name)}`;
    const read = list === null ? name : readOf(dialect, column, `${q('read')}.${q(PARSED)}[${index + 1}]`);
    return `  ${index === -1 ? name : columnValue(dialect, column, read)} AS ${q(column.name)}`;
  });
  return [
    'SELECT',
    [...own.map(({ name }) => `  ${q('read')}.${q(name)}`), ...values].join(',\n'),
    'FROM (',
    '  SELECT',
    // Only the first line of each is indented: a path in it may hold line ends.
    read.map((expression) => `  ${expression}`).join(',\n'),
    indent(from),
    `) AS ${q('read')}`,
  ].join('\n');
}
