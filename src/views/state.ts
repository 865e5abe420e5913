import type { ObjectNames } from '../names/object-names.ts';
import type { TypedColumn } from '../schema/typed-column.ts';
import type { Published } from '../snapshot/published.ts';
import { CHANGES, stateChanges, unchanged } from './changes.ts';
import type { Dialect } from './dialect.ts';
import type { KeyCondition } from './key-condition.ts';
import { typedRows } from './typed-rows.ts';

/** What a table's state is made of. */
export type StateParts = {
  readonly published: Published;
  /** The typed columns in force. */
  readonly columns: readonly TypedColumn[];
  /** Names of the typed columns that the published snapshot has. The others are read from its items. */
  readonly stored: ReadonlySet<string>;
};

const CARRIED = ['key', 'item', 'digest', 'position', 'changed_at'] as const;

/**
 * The SELECT of the view `T_state`: one row for each item, with its typed columns.
 *
 * The state is the snapshot, and over it the changes of the tail: see {@link stateChanges} for the rule. A typed column is
 * taken from the snapshot where it has it, and from the JSON in the tail and elsewhere.
 *
 * ```sql
 * WITH "changes" AS (the newest change of each key in the tail)
 * SELECT "key", "item", …, "total_1a2b3c4d" FROM "changes" WHERE NOT "removed"
 * UNION ALL
 * SELECT "key", "item", …, "total_1a2b3c4d" FROM the snapshot, without the keys of "changes"
 * ```
 */
export function stateSelect(dialect: Dialect, names: ObjectNames, { published, columns, stored }: StateParts): string {
  const q = dialect.identifier;
  const { snapshotId } = published;
  const tables = stateChanges(dialect, names, published, CARRIED);
  const id = snapshotId === null ? `CAST(NULL AS ${dialect.type('STRING')})` : dialect.text(snapshotId);
  const rowsOf = (table: string) => ({
    own: [
      ...CARRIED.map((name) => ({ name, expression: `${q(table)}.${q(name)}` })),
      { name: 'snapshot_id', expression: id },
    ],
    item: `${q(table)}.${q('item')}`,
  });
  const changes = typedRows(dialect, columns, {
    ...rowsOf(CHANGES),
    from: `FROM ${tables.from(CHANGES)}\nWHERE NOT ${q(CHANGES)}.${q('removed')}`,
  });
  const parts = [...tables.head, changes];
  if (snapshotId !== null) {
    const snapshot = typedRows(dialect, columns, {
      ...rowsOf('snapshot'),
      from: `${unchanged(dialect, names.snapshot(snapshotId), tables)}\n  AND ${q('snapshot')}.${q('removed')} IS NOT TRUE`,
      stored: ({ name }) => (stored.has(name) ? `${q('snapshot')}.${q(name)}` : undefined),
    });
    parts.push('UNION ALL', snapshot);
  }
  return parts.join('\n');
}

/**
 * Key and digest of every item of a state, without a look at the items. What isn't read isn't billed, in a warehouse that
 * stores columns apart.
 */
export function stateDigests(dialect: Dialect, names: ObjectNames, published: Published, among?: KeyCondition): string {
  const q = dialect.identifier;
  const { snapshotId } = published;
  const tables = stateChanges(dialect, names, published, ['key', 'digest', 'position'], among);
  const of = (table: string) => `SELECT ${q(table)}.${q('key')}, ${q(table)}.${q('digest')}`;
  const parts = [
    ...tables.head,
    of(CHANGES),
    `FROM ${tables.from(CHANGES)}`,
    `WHERE NOT ${q(CHANGES)}.${q('removed')}`,
  ];
  if (snapshotId !== null) {
    parts.push(
      'UNION ALL',
      of('snapshot'),
      unchanged(dialect, names.snapshot(snapshotId), tables, among),
      `  AND ${q('snapshot')}.${q('removed')} IS NOT TRUE`,
    );
  }
  return parts.join('\n');
}
