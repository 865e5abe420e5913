import type { ObjectNames } from '../names/object-names.ts';
import { lowestPosition } from '../order/position.ts';
import type { Published } from '../snapshot/published.ts';
import { type Dialect, indent } from './dialect.ts';
import type { KeyCondition, StatePart } from './key-condition.ts';
import { wholePosition } from './stored-position.ts';
import { TableExpressions } from './table-expressions.ts';

/** Columns of a change, besides `removed`. */
export type Carried = readonly ('key' | 'item' | 'digest' | 'position' | 'changed_at')[];

/** Name of the table expression with the changes that win over the snapshot: `carried` and `removed`, a row for each key. */
export const CHANGES = 'changes';

/** Name of the table expression with the keys of {@link CHANGES}. */
const CHANGED = 'changed';

/**
 * The table expressions of a state: its changes, and what they are made of.
 *
 * The rule of the state stands here, and only here:
 *
 * 1. The *tail* is the rows of the changelog that can count over the snapshot: ingested since its `from`, changed since its
 *    `floor`, of its stream or a later one, and of its generation. These are literals, because a warehouse prunes only by
 *    constants.
 * 2. Of each key's rows in the tail the one of the greatest position is chosen, REMOVE or not; of equal positions, which are
 *    one change, the row that was ingested last.
 * 3. It wins over the snapshot's row of its key, unless that has a greater position: a scan's row has none, a compaction's
 *    has that of the change which it took in. Positions up to `folded`, the greatest of them, are compared; those above it
 *    need no comparison.
 *
 * Only afterwards are removed items dropped: the other way round a removed item would come back.
 *
 * Each key is in a snapshot once, so snapshots are never ranked: they are joined by key, by equality alone.
 *
 * ```text
 * newest   the greatest position of each key in the tail      changed  the keys of which a change wins
 * late     the keys of which the snapshot has a greater one   changes  those changes
 * ```
 */
export function stateChanges(
  dialect: Dialect,
  names: ObjectNames,
  published: Published,
  carried: Carried,
  { among, until }: StatePart = {},
): TableExpressions {
  const q = dialect.identifier;
  const tables = new TableExpressions(dialect);
  const changelog = dialect.table(names.changelog);
  const tail = [
    ...countingChanges(dialect, published),
    ...(until === undefined ? [] : [`${q('ingested_at')} <= ${until}`]),
    ...(among ? [among(q('key'))] : []),
  ];
  const ofChange = carried.map((column) => (column === 'item' ? `${q('new_image')} AS ${q('item')}` : q(column)));
  const change = dialect.newestByKey([...ofChange, `${q('operation')} = 'REMOVE' AS ${q('removed')}`], changelog, tail);
  const { snapshotId, folded, streamLabel } = published;
  if (snapshotId === null || folded === null) {
    if (snapshotId !== null) {
      tables.add(CHANGED, [`SELECT DISTINCT ${q('key')}`, `FROM ${changelog}`, where(tail)].join('\n'));
    }
    tables.add(CHANGES, change);
    return tables;
  }
  const key = (table: string) => `${q(table)}.${q('key')}`;
  const position = (table: string) => `${q(table)}.${q('position')}`;
  const isNotLate = (table: string) => dialect.isKeyAbsent(key(table), tables.from('late'), 'late');
  tables.add(
    'newest',
    [
      `SELECT ${q('key')}, MAX(${q('position')}) AS ${q('position')}`,
      `FROM ${changelog}`,
      where(tail),
      `GROUP BY ${q('key')}`,
    ].join('\n'),
  );
  // Few keys' newest changes are at or below `folded`. DuckDB finds these keys first, and reads no other positions.
  const compared = [
    `SELECT ${q('key')}, ${wholePosition(dialect, q('position'), streamLabel)} AS ${q('position')}`,
    `FROM ${dialect.table(names.snapshot(snapshotId))}`,
    `WHERE ${q('key')} IN (`,
    `  SELECT ${key('newest')}`,
    indent(`FROM ${tables.from('newest')}`),
    `  WHERE ${position('newest')} <= ${dialect.text(folded)}`,
    `)`,
  ].join('\n');
  tables.add(
    'late',
    [
      `SELECT ${key('snapshot')}`,
      `FROM (\n${indent(compared)}\n) AS ${q('snapshot')}`,
      `JOIN ${tables.from('newest')} ON ${key('newest')} = ${key('snapshot')}`,
      `WHERE ${position('snapshot')} > ${position('newest')}`,
    ].join('\n'),
  );
  tables.add(CHANGED, `SELECT ${q('key')}\nFROM ${tables.from('newest')}\nWHERE ${isNotLate('newest')}`);
  tables.add(
    CHANGES,
    [
      `SELECT ${[...carried, 'removed'].map(q).join(', ')}`,
      `FROM (`,
      indent(change),
      `) AS ${q('ranked')}`,
      `WHERE ${isNotLate('ranked')}`,
    ].join('\n'),
  );
  return tables;
}

/** FROM and WHERE that give the rows of a snapshot, as `snapshot`, over which no change of {@link stateChanges} wins. */
export function unchanged(dialect: Dialect, snapshot: string, changes: TableExpressions, among?: KeyCondition): string {
  const q = dialect.identifier;
  const key = `${q('snapshot')}.${q('key')}`;
  return [
    `FROM ${dialect.table(snapshot)} AS ${q('snapshot')}`,
    where([dialect.isKeyAbsent(key, changes.from(CHANGED), CHANGED), ...(among ? [among(key)] : [])]),
  ].join('\n');
}

/** Conditions on the changelog's rows that can count over what is published. */
function countingChanges(dialect: Dialect, { from, floor, streamLabel, generation }: Published): readonly string[] {
  const q = dialect.identifier;
  return [
    `${q('generation')} = ${generation}`,
    ...(from === null ? [] : [`${q('ingested_at')} >= ${dialect.timestamp(from)}`]),
    ...(floor === null ? [] : [`${q('changed_at')} >= ${dialect.timestamp(floor)}`]),
    ...(streamLabel === null ? [] : [`${q('position')} >= ${dialect.text(lowestPosition(streamLabel))}`]),
  ];
}

function where(conditions: readonly string[]): string {
  return `WHERE ${conditions.join('\n  AND ')}`;
}
