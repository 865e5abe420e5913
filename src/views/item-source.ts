import type { ObjectNames } from '../names/object-names.ts';
import type { Dialect } from './dialect.ts';

/**
 * Items with their keys: those of the current state, or every image that changes left behind.
 *
 * @param since Images of changes that were ingested since, in milliseconds since the epoch.
 */
export type ItemSource = { readonly of: 'latest' } | { readonly of: 'changes'; readonly since: number };

export const LATEST: ItemSource = { of: 'latest' };

/** A table expression with the columns `key` and `item`, without an alias. Of changes it reads the recent partitions alone. */
export function itemsOf(dialect: Dialect, names: ObjectNames, source: ItemSource): string {
  if (source.of === 'latest') return dialect.table(names.latest);
  const q = dialect.identifier;
  return [
    '(',
    `  SELECT ${q('key')}, ${q('new_image')} AS ${q('item')}`,
    `  FROM ${dialect.table(names.changelog)}`,
    `  WHERE ${q('ingested_at')} >= ${dialect.timestamp(source.since)}`,
    `    AND ${q('operation')} <> 'REMOVE'`,
    ')',
  ].join('\n');
}
