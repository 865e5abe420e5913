import { columnsOfViews } from '../../../src/schema/typed-column.ts';
import type { TypedView } from '../../../src/schema/typed-view.ts';
import type { Dialect } from '../../../src/views/dialect.ts';
import { typedSelect } from '../../../src/views/typed.ts';
import { typedRows } from '../../../src/views/typed-rows.ts';
import { NAMES } from '../duckdb/latest.ts';

/**
 * The statement of a typed view over the items of the latest view, read as the state reads those of a snapshot without typed
 * columns; without the last change, with which each view ends.
 */
export function overItems(dialect: Dialect, view: Omit<TypedView, 'name'>, names = NAMES): string {
  const q = dialect.identifier;
  const named = { name: names.typed, ...view };
  const isDuckDb = dialect.name === 'duckdb';
  const state = typedRows(dialect, columnsOfViews([named]), {
    from: `FROM ${dialect.table(names.latest)} AS ${q('latest')}`,
    own: [
      { name: 'key', expression: `${q('latest')}.${q('key')}` },
      { name: 'item', expression: `${q('latest')}.${q('item')}` },
      { name: 'changed_at', expression: 'CAST(NULL AS TIMESTAMP)' },
      { name: 'position', expression: `CAST(NULL AS ${dialect.type('STRING')})` },
    ],
    item: `${q('latest')}.${q('item')}`,
  });
  // A view of a list's elements names the state itself.
  const from = view.unnest ? `(${state})` : `(${state}) AS ${q('state')}`;
  const select = typedSelect(dialect, names, named).replace(dialect.table(names.state), () => from);
  return [
    `SELECT * ${isDuckDb ? 'EXCLUDE' : 'EXCEPT'} (changed_at, position)`,
    `FROM (${select}) AS ${q('view')}`,
  ].join('\n');
}
