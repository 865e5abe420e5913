import type { ObjectNames } from '../names/object-names.ts';
import { lowestPosition } from '../order/position.ts';
import type { Published } from '../snapshot/published.ts';
import { type Dialect, indent } from './dialect.ts';
import type { KeyCondition } from './key-condition.ts';

/**
 * The SELECT of a table's latest view: the current state, one row per item.
 *
 * State is the snapshot plus the changelog since its floor. Of each key's rows the one of the greatest position is
 * chosen *first*, and dropped *after* if it says that the item is gone: the other way round a removed item comes back.
 * A scan's rows have no position, so that any change which counts beats them; a compaction's rows have theirs and are
 * ranked like changes. Doubled rows, and a key that stands twice in a snapshot, are harmless by construction.
 *
 * Snapshot, floor, stream label and generation are literals, because a warehouse prunes partitions only for constants.
 *
 * ```sql
 * SELECT "key", "item", "digest", "position", "changed_at", '20261122t093000z1f3a' AS "snapshot_id"
 * FROM (
 *   SELECT …, ROW_NUMBER() OVER (PARTITION BY "key" ORDER BY "position" DESC NULLS LAST, …) AS "recency"
 *   FROM (snapshot's rows UNION ALL changelog's rows since the floor)
 * )
 * WHERE "recency" = 1 AND NOT "removed"
 * ```
 *
 * Of two rows of one position, which tell of one change, the one that was ingested last is chosen.
 */
export function latestSelect(dialect: Dialect, names: ObjectNames, published: Published): string {
  const q = dialect.identifier;
  const id =
    published.snapshotId === null ? `CAST(NULL AS ${dialect.type('STRING')})` : dialect.text(published.snapshotId);
  const columns = ['key', 'item', 'digest', 'position', 'changed_at'] as const;
  return [
    `SELECT ${columns.map(q).join(', ')}, ${id} AS ${q('snapshot_id')}`,
    current(dialect, names, published, columns),
  ].join('\n');
}

/**
 * Key and digest of every row that {@link latestSelect} gives: the same state, without a look at the items. What is not
 * read is not paid for, in a warehouse that stores columns apart.
 */
export function latestDigests(
  dialect: Dialect,
  names: ObjectNames,
  published: Published,
  among?: KeyCondition,
): string {
  const q = dialect.identifier;
  return [
    `SELECT ${q('key')}, ${q('digest')}`,
    current(dialect, names, published, ['key', 'digest', 'position']),
    ...(among ? [`  AND ${among(q('key'))}`] : []),
  ].join('\n');
}

/** Columns of a candidate, besides those that only rank it. */
type Carried = readonly ('key' | 'item' | 'digest' | 'position' | 'changed_at')[];

/** FROM and WHERE that leave one row per item. */
function current(dialect: Dialect, names: ObjectNames, published: Published, columns: Carried): string {
  const q = dialect.identifier;
  return [
    `FROM (`,
    `  SELECT ${columns.map(q).join(', ')}, ${q('removed')},`,
    `    ROW_NUMBER() OVER (`,
    `      PARTITION BY ${q('key')}`,
    `      ORDER BY ${q('position')} DESC NULLS LAST, ${q('ingested_at')} DESC NULLS LAST, ${q('digest')} DESC NULLS LAST`,
    `    ) AS ${q('recency')}`,
    `  FROM (`,
    indent(candidates(dialect, names, published, columns), '    '),
    `  ) AS ${q('candidates')}`,
    `) AS ${q('ranked')}`,
    `WHERE ${q('recency')} = 1 AND NOT ${q('removed')}`,
  ].join('\n');
}

/** All rows that count, of the snapshot and of the changelog, with the same columns. */
function candidates(dialect: Dialect, names: ObjectNames, published: Published, columns: Carried): string {
  const q = dialect.identifier;
  const ofChange = columns.map((name) => (name === 'item' ? `${q('new_image')} AS ${q('item')}` : q(name)));
  const changes = [
    `SELECT ${ofChange.join(', ')},`,
    `  ${q('ingested_at')}, ${q('operation')} = 'REMOVE' AS ${q('removed')}`,
    `FROM ${dialect.table(names.changelog)}`,
    `WHERE ${countingChanges(dialect, published).join('\n  AND ')}`,
  ].join('\n');
  if (published.snapshotId === null) return changes;
  return [
    `SELECT ${columns.map(q).join(', ')},`,
    `  CAST(NULL AS ${dialect.type('TIMESTAMP')}) AS ${q('ingested_at')}, COALESCE(${q('removed')}, FALSE) AS ${q('removed')}`,
    `FROM ${dialect.table(names.snapshot(published.snapshotId))}`,
    `UNION ALL`,
    changes,
  ].join('\n');
}

/** Conditions on the changelog's rows that count over what is published. */
function countingChanges(dialect: Dialect, { floor, streamLabel, generation }: Published): readonly string[] {
  const q = dialect.identifier;
  return [
    `${q('generation')} = ${generation}`,
    ...(floor === null ? [] : [`${q('changed_at')} >= ${dialect.timestamp(floor)}`]),
    ...(streamLabel === null ? [] : [`${q('position')} >= ${dialect.text(lowestPosition(streamLabel))}`]),
  ];
}
