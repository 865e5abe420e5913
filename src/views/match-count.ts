import type { ObjectNames } from '../names/object-names.ts';
import { plainPrefix } from '../schema/path.ts';
import { testColumn } from '../schema/typed-column.ts';
import type { TypedView } from '../schema/typed-view.ts';
import { below, sourcePath, valueAt } from './column-texts.ts';
import type { Dialect } from './dialect.ts';
import { itemsOf, LATEST } from './item-source.ts';
import { fromLines, type NamedExpression, selectLines } from './select-lines.ts';

/** Names of the columns of {@link matchCount} for the view at `index`. */
export function matchColumns(index: number) {
  return {
    matched: `matched_${index}`,
    found: (condition: number) => `found_${index}_${condition}`,
    lists: `lists_${index}`,
    others: `others_${index}`,
  } as const;
}

/**
 * Counts the items as `items`, those that are in no view of a kind as `unmatched`, and those in more than one as `repeated`;
 * and of each view, see {@link matchColumns}: the items for which all its conditions hold; for each condition the items that
 * have something at its path; and of the matched items those with a list where the view has `unnest`, and those with something
 * else there that isn't NULL, which has no row.
 *
 * @param source Whose items are counted. @default those of the current state
 */
export function matchCount(dialect: Dialect, names: ObjectNames, views: readonly TypedView[], source = LATEST): string {
  const q = dialect.identifier;
  const item = `${q('items')}.${q('item')}`;
  const of = (name: string) => `${q('matches')}.${q(name)}`;
  const where = (condition: string) => `COUNT(CASE WHEN ${condition} THEN 1 END)`;
  const reads = views.flatMap((view, index) => readsOf(dialect, view, index, item));
  const kinds = views.flatMap((view, index) => (isViewOfKind(view) ? [of(matchColumns(index).matched)] : []));
  const sum = kinds.length === 0 ? '1' : kinds.join(' + ');
  const counts = views.flatMap(({ where: conditions = [], unnest = null }, index): NamedExpression[] => {
    const { matched, found, lists, others } = matchColumns(index);
    const isMatched = `${of(matched)} = 1`;
    return [
      { name: matched, expression: where(isMatched) },
      ...conditions.map((_, at) => ({ name: found(at), expression: where(of(found(at))) })),
      ...(unnest === null
        ? []
        : [
            { name: lists, expression: where(`${isMatched} AND ${of(lists)} = '['`) },
            { name: others, expression: where(`${isMatched} AND ${of(lists)} NOT IN ('[', 'n')`) },
          ]),
    ];
  });
  const all = [
    { name: 'items', expression: 'COUNT(*)' },
    { name: 'unmatched', expression: where(`${sum} = 0`) },
    { name: 'repeated', expression: where(`${sum} > 1`) },
    ...counts,
  ];
  const from = [...`FROM ${itemsOf(dialect, names, source)} AS ${q('items')}`.split('\n')];
  const one = { name: 'one', expression: '1' };
  return selectLines(dialect, all, fromLines(dialect, selectLines(dialect, [one, ...reads], from), 'matches')).join(
    '\n',
  );
}

/** Whether a view has a kind of items: some of them, each as a row. */
export function isViewOfKind({ where = [], unnest = null }: TypedView): boolean {
  return where.length > 0 && unnest === null;
}

/** The tests of a view's conditions, of an item's JSON. */
export function testsOf(dialect: Dialect, { where = [] }: TypedView, item: string): readonly string[] {
  return where.map((condition) => valueAt(dialect, testColumn(condition), item));
}

/** What is read of an item: whether it is in the view, what is at the conditions' paths, and how the list's JSON begins. */
function readsOf(dialect: Dialect, view: TypedView, index: number, item: string): readonly NamedExpression[] {
  const { matched, found, lists } = matchColumns(index);
  const { where: conditions = [], unnest = null } = view;
  const tests = testsOf(dialect, view, item);
  const isMatched = tests.length === 0 ? 'TRUE' : tests.join(' AND ');
  return [
    { name: matched, expression: `CASE WHEN ${isMatched} THEN 1 ELSE 0 END` },
    ...conditions.map((condition, at) => ({
      name: found(at),
      expression: `${dialect.jsonAt(item, sourcePath(condition))} IS NOT NULL`,
    })),
    ...(unnest === null
      ? []
      : [{ name: lists, expression: `SUBSTR(${dialect.jsonText(listAt(dialect, unnest, item))}, 1, 1)` }]),
  ];
}

function listAt(dialect: Dialect, unnest: NonNullable<TypedView['unnest']>, item: string): string {
  const { prefix, rest } = plainPrefix(unnest);
  return below(dialect, dialect.jsonAt(item, prefix), rest);
}
