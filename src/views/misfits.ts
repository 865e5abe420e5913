import type { ObjectNames } from '../names/object-names.ts';
import { type Path, plainPrefix } from '../schema/path.ts';
import { elementColumn, type TypedColumn, typedColumn } from '../schema/typed-column.ts';
import type { TypedView } from '../schema/typed-view.ts';
import { ruleOf } from '../schema/value-format.ts';
import { below, columnValue, readOf, sourcePath } from './column-texts.ts';
import { type Dialect, indent } from './dialect.ts';
import { itemsOf, LATEST } from './item-source.ts';
import { testsOf } from './match-count.ts';

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
  const columns = view.columns.map((column, index) => judged(dialect, typedOf(view, column), index));
  const counted = columns.flatMap(({ index }) => {
    const named = misfitColumns(index);
    const misfit = `${q('judged')}.${q(named.misfits)}`;
    return [
      `COUNT(CASE WHEN ${q('judged')}.${q(named.present)} THEN 1 END) AS ${q(named.present)}`,
      `COUNT(CASE WHEN ${q('judged')}.${q(named.nulls)} THEN 1 END) AS ${q(named.nulls)}`,
      `COUNT(${misfit}) AS ${q(named.misfits)}`,
      ...JSON_TYPES.map((type) => `COUNT(CASE WHEN ${misfit} LIKE '% ${type}' THEN 1 END) AS ${q(named.ofType(type))}`),
      `${dialect.leastTexts(misfit, listed)} AS ${q(named.listed)}`,
    ];
  });
  const list = (expressions: readonly string[], by: string) => expressions.map((one) => `${by}${one}`).join(',\n');
  return [
    'SELECT',
    list([`COUNT(*) AS ${q('items')}`, ...counted], '  '),
    'FROM (',
    '  SELECT',
    // Only the first line of each is indented: a path in it may hold line ends.
    list([`1 AS ${q('row')}`, ...columns.flatMap(({ results }) => results)], '    '),
    '  FROM (',
    '    SELECT',
    list([`${q('rows')}.${q('key')}`, ...columns.flatMap(({ reads }) => reads)], '      '),
    '    FROM (',
    indent(rowsOf(dialect, itemsOf(dialect, names, source), view), '      '),
    `    ) AS ${q('rows')}`,
    `  ) AS ${q('read')}`,
    `) AS ${q('judged')}`,
  ].join('\n');
}

/** A column as it is read from the item, or from the element of the view's list. */
type Read = { readonly column: TypedColumn; readonly from: 'item' | 'element' };

function typedOf(view: TypedView, column: TypedView['columns'][number]): Read {
  const ofElement = elementColumn(view, column);
  return ofElement === undefined
    ? { column: typedColumn(column), from: 'item' }
    : { column: ofElement, from: 'element' };
}

/** What a column takes of a row, by names of its own, and what is judged of that. */
function judged(dialect: Dialect, { column, from }: Read, index: number) {
  const q = dialect.identifier;
  const { present, nulls, misfits } = misfitColumns(index);
  const [value, raw, inner, document] = ['value', 'raw', 'inner', 'document'].map((part) => `${part}_${index}`) as [
    string,
    string,
    string,
    string,
  ];
  const of = (name: string) => `${q('read')}.${q(name)}`;
  const source = dialect.jsonAt(`${q('rows')}.${q(from)}`, sourcePath(column));
  const { rest } = plainPrefix(column.path);
  const opened = lastJson(rest);
  const reads = [
    `${source} IS NOT NULL AS ${q(present)}`,
    `${dialect.jsonText(source)} AS ${q(raw)}`,
    `${readOf(dialect, column, source)} AS ${q(value)}`,
    ...(opened === 0
      ? []
      : [
          `${below(dialect, source, rest.slice(0, opened))} IS NOT NULL AS ${q(document)}`,
          `${dialect.jsonText(below(dialect, source, beforeEach(rest)))} AS ${q(inner)}`,
        ]),
  ];
  const text = of(opened === 0 ? raw : inner);
  const result = columnValue(dialect, column, of(value));
  const isEmpty = column.mode === 'REPEATED' ? `${dialect.lengthOf(result)} = 0` : `${result} IS NULL`;
  const nothing = column.mode === 'REPEATED' ? ` AND ${text} <> '[]'` : '';
  const isUnfit = canMisfit(column) ? `(${text} <> 'null'${nothing} AND ${isEmpty})` : 'FALSE';
  const isMisfit = opened === 0 ? isUnfit : `(NOT ${of(document)} OR ${isUnfit})`;
  const isPresent = `${of(present)} AND ${of(raw)} <> 'null'`;
  return {
    index,
    reads,
    results: [
      of(present),
      `${of(present)} AND ${of(raw)} = 'null' AS ${q(nulls)}`,
      `CASE WHEN ${isPresent} AND ${isMisfit} THEN ${q('read')}.${q('key')} || ' ' || ${typeOf(of(raw))} END AS ${q(misfits)}`,
    ],
  };
}

/** Whether there is a value of JSON that doesn't fit a column. */
function canMisfit(column: TypedColumn): boolean {
  return column.mode === 'REPEATED' || column.split !== undefined || ruleOf(column).pattern !== null;
}

/** How many steps lead to the last JSON that is within a text, its own step included; 0 if there is none. */
function lastJson(path: Path): number {
  return path.findLastIndex((step) => typeof step === 'object' && 'json' in step) + 1;
}

function beforeEach(path: Path): Path {
  const at = path.findIndex((step) => typeof step === 'object' && 'each' in step);
  return at === -1 ? path : path.slice(0, at);
}

/** JSON's word for the type of a JSON text. Its first character tells. */
function typeOf(text: string): string {
  return (
    `CASE SUBSTR(${text}, 1, 1) WHEN '"' THEN 'string' WHEN '{' THEN 'object' WHEN '[' THEN 'array' ` +
    `WHEN 't' THEN 'boolean' WHEN 'f' THEN 'boolean' WHEN 'n' THEN 'null' ELSE 'number' END`
  );
}

/** A SELECT of the rows of a view by `key` and `item`, and by `element` where each is the element of a list. */
function rowsOf(dialect: Dialect, items: string, view: TypedView): string {
  const alias = dialect.identifier('latest');
  const [key, item] = ['key', 'item'].map((name) => `${alias}.${dialect.identifier(name)}`) as [string, string];
  const from = `${items} AS ${alias}`;
  const tests = testsOf(dialect, view, item);
  const { unnest = null } = view;
  if (unnest !== null) {
    const { prefix, rest } = plainPrefix(unnest);
    const list = below(dialect, dialect.jsonAt(item, prefix), rest);
    return dialect.selectJsonElements([key, item], from, list, tests);
  }
  return [
    `SELECT ${key}, ${item}`,
    `FROM ${from}`,
    ...(tests.length === 0 ? [] : [`WHERE ${tests.join('\n  AND ')}`]),
  ].join('\n');
}
