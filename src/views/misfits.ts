import type { ObjectNames } from '../names/object-names.ts';
import { COLUMN_TYPES } from '../schema/column-type.ts';
import type { SchemaColumn } from '../schema/schema.ts';
import { columnText, columnValue, fromTexts, type Items } from './column-texts.ts';
import type { Dialect } from './dialect.ts';
import type { TypedView } from './typed.ts';

/** Names of the columns of {@link misfitCount} for the typed view's column at `index`. */
export function misfitColumns(index: number) {
  return { present: `present_${index}`, misfits: `misfits_${index}`, listed: `listed_${index}` } as const;
}

/**
 * Counts the items as `items`, and for each column of a typed view, see {@link misfitColumns}: the items that have
 * something at its path, NULL included; the values that don't fit it; and the least `listed` keys of those, as a JSON
 * array of texts, `<key> <type>` each. The type is JSON's word for the value: no value leaves the warehouse.
 *
 * An attribute that is absent or NULL is no misfit.
 */
export function misfitCount(dialect: Dialect, names: ObjectNames, { columns }: TypedView, listed: number): string {
  const q = dialect.identifier;
  // By number: the schema's own names could be `key`.
  const numbered = columns.map((column, index) => ({ ...column, name: `column_${index}` }));
  const found = numbered.flatMap((column, index) => {
    const { present, misfits, listed: first } = misfitColumns(index);
    const misfit = `${q('judged')}.${q(misfits)}`;
    const isJudged = canMisfit(column);
    return [
      `COUNT(CASE WHEN ${q('judged')}.${q(present)} THEN 1 END) AS ${q(present)}`,
      `${isJudged ? `COUNT(${misfit})` : '0'} AS ${q(misfits)}`,
      `${isJudged ? dialect.leastTexts(misfit, listed) : dialect.text('[]')} AS ${q(first)}`,
    ];
  });
  const judged = numbered.flatMap((column, index) => {
    const { present, misfits } = misfitColumns(index);
    return [
      `${q('texts')}.${q(present)}`,
      ...(canMisfit(column) ? [`${misfitOf(dialect, column)} AS ${q(misfits)}`] : []),
    ];
  });
  const items = latestItems(dialect, names);
  const besides = [
    { name: 'key', expression: `${q('latest')}.${q('key')}` },
    ...numbered.map((column, index) => ({
      name: misfitColumns(index).present,
      expression: `${dialect.jsonAt(items.item, column.path)} IS NOT NULL`,
    })),
  ];
  return [
    `SELECT`,
    [`COUNT(*) AS ${q('items')}`, ...found].map((count) => `  ${count}`).join(',\n'),
    `FROM (`,
    `  SELECT`,
    judged.map((expression) => `    ${expression}`).join(',\n'),
    fromTexts(dialect, items, numbered, { besides, by: '  ' }),
    `) AS ${q('judged')}`,
  ].join('\n');
}

function canMisfit({ type }: SchemaColumn): boolean {
  return COLUMN_TYPES[type].pattern !== null;
}

/** Key and type of a value that doesn't fit; NULL for one that does. */
function misfitOf(dialect: Dialect, column: SchemaColumn): string {
  const text = columnText(dialect, column);
  const key = `${dialect.identifier('texts')}.${dialect.identifier('key')}`;
  const isMisfit = `${text} <> 'null' AND ${columnValue(dialect, column, text)} IS NULL`;
  return `CASE WHEN ${isMisfit} THEN ${key} || ' ' || ${typeOf(text)} END`;
}

/** JSON's word for the type of a JSON text. Its first character tells. */
function typeOf(text: string): string {
  return (
    `CASE SUBSTR(${text}, 1, 1) WHEN '"' THEN 'string' WHEN '{' THEN 'object' WHEN '[' THEN 'array' ` +
    `WHEN 't' THEN 'boolean' WHEN 'f' THEN 'boolean' WHEN 'n' THEN 'null' ELSE 'number' END`
  );
}

/** The items of a table's latest view, as `latest`. */
function latestItems(dialect: Dialect, names: ObjectNames): Items {
  const alias = dialect.identifier('latest');
  return { from: `${dialect.table(names.latest)} AS ${alias}`, item: `${alias}.${dialect.identifier('item')}` };
}
