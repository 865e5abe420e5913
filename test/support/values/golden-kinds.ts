import { objectNames } from '../../../src/names/object-names.ts';
import { declaredViews } from '../../../src/schema/declared-views.ts';
import { readSchema } from '../../../src/schema/read-schema.ts';
import { columnsOfViews } from '../../../src/schema/typed-column.ts';
import { unpublished } from '../../../src/snapshot/published.ts';
import type { Dialect } from '../../../src/views/dialect.ts';
import { latestSelect } from '../../../src/views/latest.ts';
import { matchCount } from '../../../src/views/match-count.ts';
import { misfitCount } from '../../../src/views/misfits.ts';
import { loadedSnapshot } from '../../../src/views/snapshot.ts';
import { stateSelect } from '../../../src/views/state.ts';
import { changelogTable, snapshotTable } from '../../../src/views/table-definition.ts';
import { typedSelect } from '../../../src/views/typed.ts';

const NAMES = objectNames('Shop');
const ID = '20261122t093000z1f3a';

/** A table with items of several kinds, and with every kind of column. */
const SCHEMA = {
  columns: [
    { name: 'created', type: 'TIMESTAMP', path: 'createdAt', format: 'epoch_milliseconds' },
    { name: 'day', type: 'DATE', path: 'createdAt', format: 'epoch_milliseconds', zone: 'Europe/Berlin' },
    { name: 'opened', type: 'TIMESTAMP', path: ['hours', 'from'], format: 'iso8601_local', zone: 'Europe/Berlin' },
    { name: 'device', type: 'STRING', path: 'SK', split: { separator: '#', index: -1 } },
    { name: 'user_id', type: 'STRING', path: ['payload', { json: true }, 'user', 'id'] },
    { name: 'tags', type: 'STRING', mode: 'REPEATED' },
    { name: 'skus', type: 'STRING', mode: 'REPEATED', path: ['lines', { each: true }, 'sku'] },
  ],
  views: [
    {
      name: 'customers',
      where: [
        { path: 'PK', prefix: "CUSTOMER's#" },
        { path: ['payload', { json: true }, 'active'], equals: true },
        { path: 'deleted', exists: false },
      ],
      columns: [{ name: 'email', type: 'STRING' }],
    },
    { name: 'invoices', where: { path: 'type', equals: 'invoice' }, columns: [{ name: 'total', type: 'NUMERIC' }] },
    {
      name: 'Shop__lines',
      unnest: 'lines',
      columns: [
        { name: 'sku', type: 'STRING', path: ['lines', { each: true }, 'sku'] },
        {
          name: 'colours',
          type: 'STRING',
          mode: 'REPEATED',
          path: ['lines', { each: true }, 'colours', { each: true }],
        },
      ],
    },
  ],
};

const KEY = [
  { name: 'PK', type: 'S' },
  { name: 'SK', type: 'S' },
] as const;

/** Statements about a table whose schema declares every kind of column and view, in an order in which they can run. */
export function kindStatements(dialect: Dialect): Readonly<Record<string, readonly string[]>> {
  const views = declaredViews(readSchema(JSON.stringify(SCHEMA), 'schemas/Shop.json'), 'Shop', KEY);
  const columns = columnsOfViews(views);
  const table = { ...snapshotTable(NAMES, ID, 'Items of Shop.', columns), labels: { tailrace: 'snapshot' } };
  const state = { published: unpublished(1), columns, stored: new Set<string>() };
  return {
    'kinds-create-changelog': dialect.createTable(changelogTable(NAMES, 'day', 'Changes of Shop.')),
    'kinds-make-snapshot': dialect.createTableAs(table, loadedSnapshot(dialect, ID, columns, { isRepeated: false })),
    'kinds-state': dialect.createView(NAMES.state, stateSelect(dialect, NAMES, state), 'State.'),
    'kinds-latest': dialect.createView(NAMES.latest, latestSelect(dialect, NAMES), 'Current state.'),
    ...Object.fromEntries(
      views.flatMap((view) => [
        [`kinds-view-${view.name}`, dialect.createView(view.name, typedSelect(dialect, NAMES, view), 'Typed.')],
        [`kinds-misfits-${view.name}`, [misfitCount(dialect, NAMES, view, 5)]],
      ]),
    ),
    'kinds-matches': [matchCount(dialect, NAMES, views.slice(1, 3))],
  };
}
