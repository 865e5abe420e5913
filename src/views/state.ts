import type { ObjectNames } from '../names/object-names.ts';
import type { TypedColumn } from '../schema/typed-column.ts';
import type { Published } from '../snapshot/published.ts';
import { CHANGES, stateChanges, unchanged } from './changes.ts';
import type { Dialect } from './dialect.ts';
import type { KeyCondition, StatePart } from './key-condition.ts';
import { wholePosition } from './stored-position.ts';
import { type ItemRows, typedRows } from './typed-rows.ts';

/** What the view `T_state` says of itself. */
export type StateInForce = {
  readonly published: Published;
  /** The typed columns in force. */
  readonly columns: readonly TypedColumn[];
};

/** What a table's state is made of. */
export type StateParts = StateInForce & {
  /** Names of the typed columns that the published snapshot has. The others are read from its items. */
  readonly stored: ReadonlySet<string>;
};

/** Columns of a state's rows, in order. A snapshot begins with them, too. */
export const CARRIED = ['key', 'item', 'digest', 'position', 'changed_at'] as const;

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
export function stateSelect(dialect: Dialect, names: ObjectNames, parts: StateParts): string {
  const q = dialect.identifier;
  const { snapshotId } = parts.published;
  const id = snapshotId === null ? `CAST(NULL AS ${dialect.type('STRING')})` : dialect.text(snapshotId);
  return typedState(dialect, names, parts, {
    position: (table, position) =>
      table === CHANGES ? position : wholePosition(dialect, position, parts.published.streamLabel),
    own: () => [{ name: 'snapshot_id', expression: id }],
    isKept: (table) =>
      table === CHANGES ? `NOT ${q(table)}.${q('removed')}` : `${q(table)}.${q('removed')} IS NOT TRUE`,
  });
}

/** Which of a state's rows are selected, and with which columns besides {@link CARRIED} and the typed ones. */
export type StateRows = {
  /** The position as it is given on. @param position The table's own column. */
  readonly position: (table: string, position: string) => string;
  /** @param table The table expression that has the rows: {@link CHANGES} or `snapshot`. */
  readonly own: (table: string) => ItemRows['own'];
  /** The condition on a row; `null` if all rows are selected. */
  readonly isKept: (table: string) => string | null;
};

/** A SELECT of a state's changes, and of the snapshot's rows over which none of them wins, tombstones included. */
export function typedState(
  dialect: Dialect,
  names: ObjectNames,
  { published, columns, stored }: StateParts,
  { position, own, isKept }: StateRows,
  part: StatePart = {},
): string {
  const q = dialect.identifier;
  const { snapshotId } = published;
  const tables = stateChanges(dialect, names, published, CARRIED, part);
  const carried = (table: string, name: string) => {
    const column = `${q(table)}.${q(name)}`;
    return name === 'position' ? position(table, column) : column;
  };
  const rowsOf = (table: string) => ({
    own: [...CARRIED.map((name) => ({ name, expression: carried(table, name) })), ...own(table)],
    item: `${q(table)}.${q('item')}`,
  });
  const changesKept = isKept(CHANGES);
  const changes = typedRows(dialect, columns, {
    ...rowsOf(CHANGES),
    from: `FROM ${tables.from(CHANGES)}${changesKept === null ? '' : `\nWHERE ${changesKept}`}`,
  });
  const parts = [...tables.head, changes];
  if (snapshotId !== null) {
    const rows = unchanged(dialect, names.snapshot(snapshotId), tables, part.among);
    const rowsKept = isKept('snapshot');
    const snapshot = typedRows(dialect, columns, {
      ...rowsOf('snapshot'),
      from: rowsKept === null ? rows : `${rows}\n  AND ${rowsKept}`,
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
  const tables = stateChanges(dialect, names, published, ['key', 'digest', 'position'], { among });
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
