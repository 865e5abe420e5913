import type { ObjectNames } from '../names/object-names.ts';
import { COLUMN_TYPES } from '../schema/column-type.ts';
import type { SchemaColumn } from '../schema/schema.ts';
import { type Dialect, indent } from './dialect.ts';
import { plainNumber } from './plain-number.ts';

/** An expression over the row of the latest view, besides the columns' texts. */
type Besides = { readonly name: string; readonly expression: string };

/** A column's value over {@link fromTexts}; NULL if its text doesn't fit the type. */
export function columnValue(dialect: Dialect, column: SchemaColumn): string {
  const { pattern } = COLUMN_TYPES[column.type];
  const text = columnText(dialect, column);
  const cast = dialect.fromJsonText(text, column.type);
  return pattern === null ? cast : `CASE WHEN ${dialect.matches(text, pattern)} THEN ${cast} END`;
}

/** The text of a column's JSON in {@link fromTexts}; the JSON itself where the type is JSON. */
export function columnText(dialect: Dialect, { name }: SchemaColumn): string {
  return `${dialect.identifier('texts')}.${dialect.identifier(name)}`;
}

/** A column's JSON in the row of the latest view; SQL NULL where the item has nothing at its path. */
export function columnJson(dialect: Dialect, { path }: SchemaColumn): string {
  return dialect.jsonAt(latestColumn(dialect, 'item'), path);
}

/** A column of the latest view, for {@link Besides}. */
export function latestColumn(dialect: Dialect, name: 'key' | 'item'): string {
  return `${dialect.identifier('latest')}.${dialect.identifier(name)}`;
}

/**
 * FROM that gives the columns' JSON texts, as `texts`, in two steps: read, and numbers without exponents where the type
 * asks for it.
 *
 * @param besides Columns that the texts stand beside. Their names are none of the columns'.
 * @param by Indentation.
 */
export function fromTexts(
  dialect: Dialect,
  names: ObjectNames,
  columns: readonly SchemaColumn[],
  { besides = [], by = '' }: { readonly besides?: readonly Besides[]; readonly by?: string } = {},
): string {
  const q = dialect.identifier;
  const read = columns.map((column) => {
    const json = columnJson(dialect, column);
    const { pattern, plainNumbers } = COLUMN_TYPES[column.type];
    const text = plainNumbers ? dialect.jsonTextAsWritten(json) : dialect.jsonText(json);
    return `${pattern === null ? json : text} AS ${q(column.name)}`;
  });
  const plain = columns.map(({ name, type }) => {
    const text = `${q('read')}.${q(name)}`;
    return COLUMN_TYPES[type].plainNumbers ? `${plainNumber(dialect, text)} AS ${q(name)}` : text;
  });
  const readBesides = besides.map(({ name, expression }) => `${expression} AS ${q(name)}`);
  const plainBesides = besides.map(({ name }) => `${q('read')}.${q(name)}`);
  // Only the first line of each is indented: a path in it may hold line ends.
  const listed = [...readBesides, ...read].map((expression) => `${by}      ${expression}`).join(',\n');
  return [
    `${by}FROM (`,
    `${by}  SELECT`,
    [...plainBesides, ...plain].map((expression) => indent(expression, `${by}    `)).join(',\n'),
    `${by}  FROM (`,
    `${by}    SELECT`,
    listed,
    `${by}    FROM ${dialect.table(names.latest)} AS ${q('latest')}`,
    `${by}  ) AS ${q('read')}`,
    `${by}) AS ${q('texts')}`,
  ].join('\n');
}
