import type { ObjectNames } from '../names/object-names.ts';
import type { Published } from '../snapshot/published.ts';
import { type Dialect, indent } from './dialect.ts';
import type { KeyCondition } from './key-condition.ts';
import { stateDigests } from './state.ts';

/** Number of items in the latest view, as `items`. */
export function latestCount(dialect: Dialect, names: ObjectNames): string {
  return `SELECT COUNT(*) AS ${dialect.identifier('items')}\nFROM ${dialect.table(names.latest)}`;
}

/** Number of items in a state, as `items`. */
export function stateCount(dialect: Dialect, names: ObjectNames, published: Published, among?: KeyCondition): string {
  const q = dialect.identifier;
  return [
    `SELECT COUNT(*) AS ${q('items')}`,
    `FROM (`,
    indent(stateDigests(dialect, names, published, among)),
    `) AS ${q('state')}`,
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

/** Rows of the changelog that a query of the state reads, as `rows`. */
export function tailCount(dialect: Dialect, names: ObjectNames, published: Published): string {
  return ofTail(dialect, names, published, `COUNT(*) AS ${dialect.identifier('rows')}`);
}

/** When the newest of these rows changed, as `newest`; NULL if there are none. */
export function newestOfTail(dialect: Dialect, names: ObjectNames, published: Published): string {
  const q = dialect.identifier;
  return ofTail(dialect, names, published, `MAX(${q('changed_at')}) AS ${q('newest')}`);
}

function ofTail(dialect: Dialect, names: ObjectNames, { from }: Published, selected: string): string {
  const q = dialect.identifier;
  return [
    `SELECT ${selected}`,
    `FROM ${dialect.table(names.changelog)}`,
    ...(from === null ? [] : [`WHERE ${q('ingested_at')} >= ${dialect.timestamp(from)}`]),
  ].join('\n');
}
