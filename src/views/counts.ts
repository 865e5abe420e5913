import type { ObjectNames } from '../names/object-names.ts';
import type { SnapshotId } from '../snapshot/snapshot-id.ts';
import type { Dialect } from './dialect.ts';
import type { KeyCondition } from './key-condition.ts';

/** Number of items in the latest view, as `items`. */
export function latestCount(dialect: Dialect, names: ObjectNames, among?: KeyCondition): string {
  const q = dialect.identifier;
  return [
    `SELECT COUNT(*) AS ${q('items')}`,
    `FROM ${dialect.table(names.latest)}`,
    ...(among ? [`WHERE ${among(q('key'))}`] : []),
  ].join('\n');
}

/** Rows and distinct keys of a snapshot, as `rows` and `keys`. */
export function snapshotCount(dialect: Dialect, names: ObjectNames, id: SnapshotId, among?: KeyCondition): string {
  const q = dialect.identifier;
  return [
    `SELECT COUNT(*) AS ${q('rows')}, COUNT(DISTINCT ${q('key')}) AS ${q('keys')}`,
    `FROM ${dialect.table(names.snapshot(id))}`,
    ...(among ? [`WHERE ${among(q('key'))}`] : []),
  ].join('\n');
}

/**
 * What a changelog holds of the rows that were ingested since `since`, as `rows`, `newest_changed_at`,
 * `newest_ingested_at` and `newest_position`. Only their partitions are read.
 *
 * @param since Milliseconds since the epoch; `null` reads all rows.
 */
export function changelogCount(dialect: Dialect, names: ObjectNames, since: number | null): string {
  const q = dialect.identifier;
  return [
    `SELECT COUNT(*) AS ${q('rows')}, MAX(${q('changed_at')}) AS ${q('newest_changed_at')},`,
    `  MAX(${q('ingested_at')}) AS ${q('newest_ingested_at')}, MAX(${q('position')}) AS ${q('newest_position')}`,
    `FROM ${dialect.table(names.changelog)}`,
    ...(since === null ? [] : [`WHERE ${q('ingested_at')} >= ${dialect.timestamp(since)}`]),
  ].join('\n');
}
