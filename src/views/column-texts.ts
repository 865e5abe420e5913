import { COLUMN_TYPES } from '../schema/column-type.ts';
import type { SchemaColumn } from '../schema/schema.ts';
import type { Dialect } from './dialect.ts';

/** Items as SQL: a table expression with an alias, and the expression of an item's JSON over it. */
export type Items = { readonly from: string; readonly item: string };

/** An expression over {@link Items}, besides the columns' texts. */
type Besides = { readonly name: string; readonly expression: string };

/** A column's value from its text, by {@link textIn}; NULL if the text doesn't fit the type. */
export function columnValue(dialect: Dialect, { type }: Pick<SchemaColumn, 'type'>, text: string): string {
  const { pattern } = COLUMN_TYPES[type];
  const cast = dialect.fromJsonText(text, type);
  return pattern === null ? cast : `CASE WHEN ${dialect.matches(text, pattern)} THEN ${cast} END`;
}

/** The text of a column's JSON; the JSON itself where the type is JSON. SQL NULL where there is none. */
export function textIn(dialect: Dialect, { type }: Pick<SchemaColumn, 'type'>, json: string): string {
  return COLUMN_TYPES[type].pattern === null ? json : dialect.jsonText(json);
}

/** A column's text in {@link fromTexts}. */
export function columnText(dialect: Dialect, { name }: SchemaColumn): string {
  return `${dialect.identifier('texts')}.${dialect.identifier(name)}`;
}

/**
 * FROM that gives the columns' texts as `texts`: a value takes its text more than once, and reads it from the item once.
 *
 * @param besides Columns that the texts stand beside. Their names are none of the columns'.
 * @param by Indentation.
 */
export function fromTexts(
  dialect: Dialect,
  { from, item }: Items,
  columns: readonly SchemaColumn[],
  { besides = [], by = '' }: { readonly besides?: readonly Besides[]; readonly by?: string } = {},
): string {
  const texts = columns.map((column) => ({
    name: column.name,
    expression: textIn(dialect, column, dialect.jsonAt(item, column.path)),
  }));
  // Only the first line of each is indented: a path in it may hold line ends.
  const listed = [...besides, ...texts].map(
    ({ name, expression }) => `${by}    ${expression} AS ${dialect.identifier(name)}`,
  );
  return [
    `${by}FROM (`,
    `${by}  SELECT`,
    listed.join(',\n'),
    `${by}  FROM ${from}`,
    `${by}) AS ${dialect.identifier('texts')}`,
  ].join('\n');
}
