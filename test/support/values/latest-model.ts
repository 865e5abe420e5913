import type { ChangelogRow } from '../../../src/changelog/row.ts';
import type { Published } from '../../../src/snapshot/published.ts';
import type { SnapshotRow } from '../../../src/snapshot/row.ts';

/**
 * The items that a latest view must show, as texts by key, computed row by row in memory.
 *
 * It shares nothing with the SQL: a key's item is the snapshot row's, unless a change that counts comes after it.
 *
 * @param changelog In the order in which rows were ingested: of one key's rows of one position the last counts.
 */
export function latestModel(
  published: Published,
  snapshot: readonly SnapshotRow[],
  changelog: readonly ChangelogRow[],
): ReadonlyMap<string, string> {
  const newest = new Map<string, { position: string; item: string | null }>();
  const apply = (key: string, position: string, item: string | null) => {
    const known = newest.get(key);
    if (known === undefined || position >= known.position) newest.set(key, { position, item });
  };
  // A scanned row comes before every change. Of a key that was loaded twice, the row of the greatest digest is taken.
  for (const { key, item } of snapshot.toSorted((a, b) => (a.digest < b.digest ? -1 : 1))) apply(key, '', item);
  for (const row of changelog) {
    if (row.generation !== published.generation) continue;
    if (published.floor !== null && row.changedAt < published.floor) continue;
    if (published.streamLabel !== null && (row.position.split('/')[0] ?? '') < published.streamLabel) continue;
    apply(row.key, row.position, row.operation === 'REMOVE' ? null : row.newImage);
  }
  return new Map([...newest].flatMap(([key, { item }]) => (item === null ? [] : [[key, item] as const])));
}
