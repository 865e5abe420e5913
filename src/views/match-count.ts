import type { ObjectNames } from '../names/object-names.ts';
import { testColumn } from '../schema/typed-column.ts';
import type { TypedView } from '../schema/typed-view.ts';
import { valueAt } from './column-texts.ts';
import type { Dialect } from './dialect.ts';

/** Name of the column of {@link matchCount} for the view at `index`. */
export function matchColumns(index: number): string {
  return `matched_${index}`;
}

/**
 * Counts the items as `items`, those for which the conditions of no view hold as `unmatched`, of more than one as `repeated`,
 * and the ones of each view under {@link matchColumns}.
 */
export function matchCount(dialect: Dialect, names: ObjectNames, views: readonly TypedView[]): string {
  const q = dialect.identifier;
  const alias = q('latest');
  const matched = views.map((view, index) => {
    const tests = testsOf(dialect, view, `${alias}.${q('item')}`);
    return `CASE WHEN ${tests.length === 0 ? 'TRUE' : tests.join(' AND ')} THEN 1 ELSE 0 END AS ${q(matchColumns(index))}`;
  });
  const counts = views.map((_, index) => `${q('matches')}.${q(matchColumns(index))}`);
  const sum = counts.join(' + ');
  return [
    'SELECT',
    [
      `COUNT(*) AS ${q('items')}`,
      `COUNT(CASE WHEN ${sum} = 0 THEN 1 END) AS ${q('unmatched')}`,
      `COUNT(CASE WHEN ${sum} > 1 THEN 1 END) AS ${q('repeated')}`,
      ...counts.map((count, index) => `COUNT(CASE WHEN ${count} = 1 THEN 1 END) AS ${q(matchColumns(index))}`),
    ]
      .map((count) => `  ${count}`)
      .join(',\n'),
    'FROM (',
    '  SELECT',
    matched.map((expression) => `    ${expression}`).join(',\n'),
    `  FROM ${dialect.table(names.latest)} AS ${alias}`,
    `) AS ${q('matches')}`,
  ].join('\n');
}

/** The tests of a view's conditions, of an item's JSON. */
export function testsOf(dialect: Dialect, { where = [] }: TypedView, item: string): readonly string[] {
  return where.map((condition) => valueAt(dialect, testColumn(condition), item));
}
