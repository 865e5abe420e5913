import type { ObjectNames } from '../names/object-names.ts';
import { plainPrefix } from '../schema/path.ts';
import { elementColumn, typedColumn } from '../schema/typed-column.ts';
import type { TypedView } from '../schema/typed-view.ts';
import { below } from './column-texts.ts';
import { type Dialect, whereLines } from './dialect.ts';
import { itemsOf, LATEST } from './item-source.ts';
import { judgedColumn } from './judged-column.ts';
import { testsOf } from './match-count.ts';
import { fromLines, type NamedExpression, selectLines } from './select-lines.ts';

/** JSON's words for the types of values, by the first characters of their texts. */
export const JSON_TYPES = ['string', 'number', 'boolean', 'object', 'array'] as const;

export type JsonType = (typeof JSON_TYPES)[number];

/** Names of the columns of {@link misfitCount} for the typed view's column at `index`. */
export function misfitColumns(index: number) {
  return {
    present: `present_${index}`,
    nulls: `nulls_${index}`,
    misfits: `misfits_${index}`,
    listed: `listed_${index}`,
    ofType: (type: JsonType) => `${type}s_${index}`,
  } as const;
}

/**
 * Counts the rows of a typed view as `items`, and for each of its declared columns, see {@link misfitColumns}: the rows that
 * have something at its path, NULL included; those that have NULL; the values that don't fit it, in all and by type; and the
 * least `listed` keys of those, as a JSON array of texts, `<key> <type>` each. The type is JSON's word for the value: no value
 * leaves the warehouse.
 *
 * An attribute that is absent or NULL is no misfit; neither is an empty list of a REPEATED column.
 *
 * @param source Whose items are judged. @default those of the current state
 */
export function misfitCount(
  dialect: Dialect,
  names: ObjectNames,
  view: TypedView,
  listed: number,
  source = LATEST,
): string {
  const q = dialect.identifier;
  const [rows, read, judged] = ['rows', 'read', 'judged'].map(q) as [string, string, string];
  const key = { name: 'key', of: (table: string) => `${table}.${q('key')}` };
  const columns = view.columns.map((column, index) => {
    const ofElement = elementColumn(view, column);
    const json = `${rows}.${q(ofElement === undefined ? 'item' : 'element')}`;
    return judgedColumn(dialect, ofElement ?? typedColumn(column), json, (part) => `${part}_${index}`);
  });
  const judgements = columns.flatMap(({ isPresent, text, isMisfit }, index) => {
    const { present, nulls, misfits } = misfitColumns(index);
    return [
      { name: present, expression: isPresent },
      { name: nulls, expression: `${isPresent} AND ${text} = 'null'` },
      { name: misfits, expression: `CASE WHEN ${isMisfit} THEN ${key.of(read)} || ' ' || ${typeOf(text)} END` },
    ];
  });
  const counts = view.columns.flatMap((_, index) => countsOf(dialect, judged, index, listed));
  const readLines = selectLines(
    dialect,
    [{ name: key.name, expression: key.of(rows) }, ...columns.flatMap(({ reads }) => reads)],
    fromLines(dialect, rowsOf(dialect, itemsOf(dialect, names, source), view), 'rows'),
  );
  const judgedLines = selectLines(
    dialect,
    [{ name: key.name, expression: key.of(read) }, ...judgements],
    fromLines(dialect, readLines, 'read'),
  );
  const all = [{ name: 'items', expression: 'COUNT(*)' }, ...counts];
  return selectLines(dialect, all, fromLines(dialect, judgedLines, 'judged')).join('\n');
}

function countsOf(dialect: Dialect, judged: string, index: number, listed: number): readonly NamedExpression[] {
  const names = misfitColumns(index);
  const of = (name: string) => `${judged}.${dialect.identifier(name)}`;
  const misfit = of(names.misfits);
  const where = (condition: string) => `COUNT(CASE WHEN ${condition} THEN 1 END)`;
  return [
    { name: names.present, expression: where(of(names.present)) },
    { name: names.nulls, expression: where(of(names.nulls)) },
    { name: names.misfits, expression: `COUNT(${misfit})` },
    ...JSON_TYPES.map((type) => ({ name: names.ofType(type), expression: where(`${misfit} LIKE '% ${type}'`) })),
    { name: names.listed, expression: dialect.leastTexts(misfit, listed) },
  ];
}

/** JSON's word for the type of a JSON text. Its first character tells. */
function typeOf(text: string): string {
  return (
    `CASE SUBSTR(${text}, 1, 1) WHEN '"' THEN 'string' WHEN '{' THEN 'object' WHEN '[' THEN 'array' ` +
    `WHEN 't' THEN 'boolean' WHEN 'f' THEN 'boolean' WHEN 'n' THEN 'null' ELSE 'number' END`
  );
}

/** The lines of a SELECT of a view's rows by `key` and `item`, and by `element` where each is the element of a list. */
function rowsOf(dialect: Dialect, items: string, view: TypedView): readonly string[] {
  const latest = dialect.identifier('latest');
  const [key, item] = ['key', 'item'].map((name) => `${latest}.${dialect.identifier(name)}`) as [string, string];
  const from = `${items} AS ${latest}`;
  const conditions = testsOf(dialect, view, item);
  const { unnest = null } = view;
  if (unnest === null) return [`SELECT ${key}, ${item}`, ...`FROM ${from}`.split('\n'), ...whereLines(conditions)];
  const { prefix, rest } = plainPrefix(unnest);
  const json = below(dialect, dialect.jsonAt(item, prefix), rest);
  return dialect.selectJsonElements([key, item], from, json, conditions);
}
